import { parseArgs } from "node:util";

import { stageNames } from "../../components/names/deployNames";
import { stackIn, stackOption } from "../stackOption";

const actions = ["status", "delete", "rollback", "retry"] as const;
const endpoints = [...stageNames, "all"] as const;

/** Parsed command line of `npm run endpoints`. */
export interface EndpointsInput {
  readonly action: (typeof actions)[number];
  readonly endpoint: (typeof endpoints)[number];
  readonly isConfirmed: boolean;
  readonly stack: string;
  readonly version: number | undefined;
}

const options = {
  ...stackOption,
  endpoint: { type: "string" },
  version: { type: "string" },
  yes: { type: "boolean", default: false },
} as const;

/** @throws if the command line is invalid */
export function endpointsInput(args: string[]): EndpointsInput {
  const { positionals, values } = parseArgs({ allowPositionals: true, args, options });
  const action = actions.find((one) => one === positionals[0]);
  if (action === undefined || positionals.length > 1)
    throw new Error(`one of ${actions.join(", ")} is required, got ${quoted(positionals)}`);
  const { endpoint, version, yes } = values;
  if (action !== "delete" && endpoint !== undefined) throw new Error("--endpoint needs delete");
  if (action !== "delete" && yes) throw new Error("--yes needs delete");
  if (action !== "rollback" && version !== undefined) throw new Error("--version needs rollback");
  return {
    action,
    endpoint: endpointIn(endpoint),
    isConfirmed: yes,
    stack: stackIn(values.stack),
    version: versionIn(version),
  };
}

function quoted(positionals: readonly string[]): string {
  return positionals.length === 0 ? "none" : `"${positionals.join(" ")}"`;
}

function endpointIn(value = "staging"): EndpointsInput["endpoint"] {
  const endpoint = endpoints.find((one) => one === value);
  if (endpoint !== undefined) return endpoint;
  throw new Error(`--endpoint must be one of ${endpoints.join(", ")}, got "${value}"`);
}

function versionIn(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^[1-9]\d*$/.test(value)) return Number(value);
  throw new Error(`--version must be the number of a model version, for example 2, got "${value}"`);
}
