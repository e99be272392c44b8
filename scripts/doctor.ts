import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { withProgress } from "../lib/progress";
import { type Finding, lineOf, note } from "./doctor/finding";
import { loginFinding, nodeFinding, pulumiFinding, pythonFinding } from "./doctor/tools";
import { pulumiOutput } from "./pulumiCli";
import { onStack } from "./stackOption";

const HELP = `npm run doctor -- --stack NAME

Checks the prerequisites of a stack's first pulumi up: Node, Python, the Pulumi CLI and its login,
the stack config, AWS credentials, the region, the source repository, the SageMaker quotas of the
starter, and whether the derived names are free. Of a deployed stack, it counts undelivered events
too. Changes nothing.

Needs permission for codecommit:ListRepositories, codecommit:GetRepository, codecommit:ListBranches,
s3:ListBucket, kms:DescribeKey, sagemaker:DescribeModelPackageGroup, logs:DescribeLogGroups,
servicequotas:GetServiceQuota, sqs:GetQueueUrl and sqs:GetQueueAttributes.
Reads the status of a connection with the AWS CLI.

Each line begins with ok, note (no action needed before pulumi up), or fix.

Exit codes: 0 no problems; 1 problems, or failed; 2 invalid command line`;

void onStack({ help: HELP, name: "npm run doctor", work: doctor });

async function doctor(stackName: string): Promise<number> {
  let problems = 0;
  const report = (finding: Finding): void => {
    if (finding.kind === "fix") problems += 1;
    console.log(lineOf(finding));
  };
  toolFindings().forEach(report);
  const pulumi = pulumiFindings();
  pulumi.forEach(report);
  if (pulumi.some(({ kind }) => kind === "fix"))
    report(note(`stack ${stackName} was not checked`, "the check needs the Pulumi CLI, logged in"));
  else await checkStack(stackName, report);

  console.log(`\n${summaryOf(problems)}`);
  return problems === 0 ? 0 : 1;
}

function summaryOf(problems: number): string {
  if (problems === 0) return "doctor: no problems found";
  return `doctor: ${problems.toString()} ${problems === 1 ? "problem" : "problems"} found`;
}

async function checkStack(stackName: string, report: (finding: Finding) => void): Promise<void> {
  // Loaded late: the help and the checks of the tools need neither the program nor the AWS SDK.
  const [{ callsOf }, { examine }] = await Promise.all([
    import("./doctor/calls"),
    import("./doctor/examine"),
  ]);
  const ask = (...args: string[]) => Promise.resolve(pulumiOutput(...args, "--stack", stackName));
  await withProgress("checking the stack and AWS", () =>
    examine({ ask, callsOf, stackName }, report),
  );
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
    pulumiFinding(() => pulumiOutput("version"), requiredPulumiVersion),
    loginFinding(() => pulumiOutput("whoami")),
  ];
}

function textOf(file: string): string {
  return readFileSync(join(__dirname, "..", file), "utf8");
}
