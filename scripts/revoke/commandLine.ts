import { parseArgs } from "node:util";

import { stackIn, stackOption } from "../stackOption";
import { type RoleKey, roleKeys } from "./role";

/** Parsed command line of `npm run revoke`. */
export interface RevokeInput {
  readonly isConfirmed: boolean;
  readonly role: RoleKey;
  readonly stack: string;
}

const options = {
  ...stackOption,
  role: { type: "string" },
  yes: { type: "boolean", default: false },
} as const;

/** @throws if the command line is invalid */
export function revokeInput(args: string[]): RevokeInput {
  const { role, stack, yes } = parseArgs({ args, options }).values;
  return { isConfirmed: yes, role: roleIn(role), stack: stackIn(stack) };
}

function roleIn(value: string | undefined): RoleKey {
  const role = roleKeys.find((one) => one === value);
  if (role !== undefined) return role;
  const got = value === undefined ? "none" : `"${value}"`;
  throw new Error(`--role must be one of ${roleKeys.join(", ")}, got ${got}`);
}
