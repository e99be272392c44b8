import { z } from "zod";

import { examineCredentials } from "../doctor/account";
import { callsOf } from "../doctor/calls";
import { lineOf } from "../doctor/finding";
import { type Ask, examineStack } from "../doctor/stack";
import { type Target, targetOf } from "./target";

const secretsShape = z.record(
  z.string(),
  z.object({ secret: z.boolean().default(false), value: z.string().default("") }),
);

/**
 * Target of a run, from the config and the state of its stack, and the account of the credentials.
 * @param ask runs a Pulumi CLI command for the stack
 * @throws if the stack cannot be read, is in use, or has settings that do not allow the run
 */
export async function openTarget(stackName: string, ask: Ask): Promise<Target> {
  const { findings, stack } = await examineStack(ask, stackName);
  const problems = findings.filter(({ kind }) => kind === "fix");
  if (stack === undefined || problems.length > 0) throw new Error(problems.map(lineOf).join("\n"));
  const config = secretsShape.parse(JSON.parse(await ask("config", "--json", "--show-secrets")));
  const secrets = Object.values(config).flatMap(({ secret, value }) => (secret ? [value] : []));
  const { context, finding } = await examineCredentials(await callsOf(stack), stack.region);
  if (context === undefined) throw new Error(lineOf(finding));
  return targetOf(stackName, stack, context, secrets);
}
