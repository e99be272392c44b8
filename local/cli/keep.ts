import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import type { Engine, Tools } from "../index";
import { binaryFolders } from "../cloud/environment";
import { endGroup } from "../toolchain/processes";
import { print } from "../../lib/progress";
import { keptClouds } from "../cloud/runFolder";

// With these variables of a shell, AWS's tools would bypass the local cloud.
const MISLEADING = ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_REGION"];

/** Tells how to look at a local cloud that goes on, how to work on its stack, and how to end it. */
export function explainKept(engine: Engine, { command, python }: Tools): void {
  const { cloud, folder, environment } = engine;
  const file = join(folder, "environment.sh");
  const binaries = binaryFolders(command, "provider");
  const lines = shellLines({ ...fakeAccount(cloud), ...environment }, binaries);
  writeFileSync(file, `${lines.join("\n")}\n`);

  const [place, script] = [folder, file].map((path) => relative(process.cwd(), path));
  const flags = `--endpoint-url ${cloud.endpoint} --region ${cloud.region}`;
  const keys = `aws_access_key_id="testing", aws_secret_access_key="testing"`;
  const client = `boto3.client("codepipeline", endpoint_url="${cloud.endpoint}", region_name="${cloud.region}", ${keys})`;
  print(`
The local cloud keeps running at ${cloud.endpoint} (region ${cloud.region}, fake credentials "testing").

Inspect it with the AWS CLI, or with boto3 in the Python of the emulator:
  AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing aws ${flags} codepipeline list-pipelines
  ${python} -c 'import boto3; print(${client}.list_pipelines()["pipelines"])'

End-to-end run from a push to a registered model:
  npm run local -- --scenario e2e

Use the stack (state in ${place ?? ""}/state) in a separate shell:
  . ${script ?? ""}
  cd ${place ?? ""}
  pulumi stack
(or pulumi stack export, refresh, destroy; only npm run local can run pulumi up and preview)

The script sets:
${lines.map((line) => `  ${line}`).join("\n")}

Stop it and delete its state:
  npm run local -- --end`);
}

/** Ends every local cloud that was kept in this working tree, and removes its state. */
export async function endKept(root: string): Promise<void> {
  const clouds = keptClouds(root);
  if (clouds.length === 0) print("no local cloud is kept in this working tree");
  for (const { endpoint, forget, pid, stack } of clouds) {
    await endGroup(pid, "SIGTERM");
    forget();
    print(`stopped: stack ${stack} on ${endpoint}`);
  }
}

function fakeAccount({ endpoint, region }: Engine["cloud"]): NodeJS.Dict<string> {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith("AWS_"));
  return { ...Object.fromEntries(own), AWS_ENDPOINT_URL: endpoint, AWS_DEFAULT_REGION: region };
}

function shellLines(values: NodeJS.Dict<string>, path: readonly string[]): string[] {
  const { PATH: _, ...others } = values;
  return [
    `unset ${MISLEADING.join(" ")}`,
    ...Object.entries(others).map(([name, value = ""]) => `export ${name}=${quoted(value)}`),
    `export PATH=${quoted(path.join(":"))}:"$PATH"`,
  ];
}

function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
