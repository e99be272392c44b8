import type { BuildspecFile } from "./buildspecShape";

/** Keys of a buildspec that have no effect in the local cloud, and what a build here does instead; one line a key. */
export function notSimulated({
  batch,
  cache,
  env,
  phases,
  proxy,
  "run-as": runAs,
}: BuildspecFile): string[] {
  const found = Object.entries(phases);
  const retried = found.filter(([, phase]) => phase["on-failure"]?.startsWith("RETRY"));
  const users = found.filter(([, phase]) => phase["run-as"] !== undefined);
  const parameters = Object.keys(env?.["parameter-store"] ?? {});
  const secrets = Object.keys(env?.["secrets-manager"] ?? {});
  const own = "commands run as the user of this machine";
  const rows: readonly (readonly [isThere: boolean, line: string])[] = [
    [
      secrets.length > 0,
      `env.secrets-manager: not set in the local cloud: ${secrets.join(", ")}; on AWS the build role needs secretsmanager:GetSecretValue`,
    ],
    [
      parameters.length > 0,
      `env.parameter-store: not set in the local cloud: ${parameters.join(", ")}; on AWS the build role needs ssm:GetParameters`,
    ],
    [
      env?.["git-credential-helper"] !== undefined,
      "env.git-credential-helper: git has no credentials in the local cloud",
    ],
    [runAs !== undefined, `run-as: ${own}`],
    ...users.map(([name]) => [true, `phases.${name}.run-as: ${own}`] as const),
    ...retried.map(
      ([name]) => [true, `phases.${name}.on-failure: the phase is not retried`] as const,
    ),
    [batch !== undefined, "batch: one build runs; the pipeline's action starts no batch builds"],
    [proxy !== undefined, "proxy: the build uses the proxy of this machine"],
    [cache !== undefined, "cache: a build starts without cached files"],
  ];
  return rows.flatMap(([isThere, line]) => (isThere ? [line] : []));
}
