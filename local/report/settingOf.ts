import { type Permission, isOfSettings } from "../iam/review";

/** Setting of the stack config that grants the permission; undefined if the stack itself does. */
export function settingOf(permission: Permission): string | undefined {
  if (!isOfSettings(permission)) return undefined;
  const group = permission.role.includes("--execution-") ? "training" : "build";
  const index = /\d+$/.exec(permission.statement)?.[0] ?? "";
  return `${group}.policyStatements[${index}]`;
}
