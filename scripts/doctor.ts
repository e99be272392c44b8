import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { withProgress } from "../local/progress";
import { tellPulumi } from "./askPulumi";
import { callsOf } from "./doctor/calls";
import { examine } from "./doctor/examine";
import { type Finding, lineOf, note } from "./doctor/finding";
import { loginFinding, nodeFinding, pulumiFinding, pythonFinding } from "./doctor/tools";
import { onStack } from "./stackOption";

const HELP = `npm run doctor -- --stack NAME

Says what to fix before the first pulumi up of a stack, and what to know: Node, Python, the Pulumi CLI and its login, the
stack's config, AWS credentials, the region, where the model code will be, and whether the derived names are free. It
changes nothing. Needs permission to read: codecommit:ListRepositories, GetRepository and ListBranches, s3:ListBucket,
kms:DescribeKey, sagemaker:DescribeModelPackageGroup, logs:DescribeLogGroups. A connection's status is asked of the AWS CLI.

Each line begins with ok, note (nothing to do before an up), or fix.

Exit codes: 0 nothing to fix; 1 something, or it failed; 2 the command line was wrong`;

void onStack({ help: HELP, name: "npm run doctor", work: doctor });

async function doctor(stackName: string): Promise<void> {
  let fixes = 0;
  const tell = (finding: Finding): void => {
    if (finding.kind === "fix") fixes += 1;
    console.log(lineOf(finding));
  };
  toolFindings().forEach(tell);
  const pulumi = pulumiFindings();
  pulumi.forEach(tell);
  if (pulumi.some(({ kind }) => kind === "fix"))
    tell(note(`stack ${stackName} and AWS were not looked at`, "that needs the CLI, logged in"));
  else await lookAt(stackName, tell);

  console.log(fixes === 0 ? "\nnothing to fix" : `\n${fixes.toString()} to fix`);
  if (fixes > 0) process.exitCode = 1;
}

async function lookAt(stackName: string, tell: (finding: Finding) => void): Promise<void> {
  const ask = (...args: string[]) => Promise.resolve(tellPulumi(...args, "--stack", stackName));
  await withProgress("asking Pulumi and AWS", () => examine({ ask, callsOf, stackName }, tell));
}

function toolFindings(): Finding[] {
  const { engines } = z
    .object({ engines: z.object({ node: z.string() }) })
    .parse(JSON.parse(textOf("package.json")));
  const python = spawnSync("python3", ["--version"], { encoding: "utf8" });
  return [
    nodeFinding(process.version, engines.node),
    pythonFinding(python.status === 0 ? python.stdout.trim() : undefined),
  ];
}

function pulumiFindings(): Finding[] {
  const { requiredPulumiVersion } = z
    .object({ requiredPulumiVersion: z.string() })
    .parse(parse(textOf("Pulumi.yaml")));
  return [
    pulumiFinding(() => tellPulumi("version"), requiredPulumiVersion),
    loginFinding(() => tellPulumi("whoami")),
  ];
}

function textOf(file: string): string {
  return readFileSync(join(__dirname, "..", file), "utf8");
}
