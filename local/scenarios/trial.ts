import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { countsText } from "../cloud/change";
import type { Engine } from "../cloud/engine";
import type { Credentials } from "../iam/contract";
import { ownerClients } from "../iam/clients";
import { prepareTools, withLocalCloud } from "../index";
import { mustBeAllowed, noDenials } from "../report/denials";
import { beside } from "../services/beside";
import { emulatorVariables, machineSettings } from "../services/codebuild/buildEnvironment";
import { freshPython } from "../services/codebuild/buildPython";
import { trainingsInProgress } from "../services/inProgress";
import { simulateTraining, type TrainingRun } from "../services/sagemaker/simulateTraining";
import { trainingBeside } from "../services/trainingBeside";
import { cacheFolder } from "../toolchain/cache";
import { run } from "../toolchain/processes";
import { preparePrograms, type Programs } from "../toolchain/venv";
import { print } from "../../lib/progress";
import { mustBe } from "./push";
import type { ScenarioWork } from "./runScenario";
import { policyPack, ROOT, thisProject } from "./thisProject";
import { type Opened, openTestEnvironment } from "./testEnvironment";

const COMMIT = "4f2a9c1b7d3e8a6f5c0b9d8e7f6a5b4c3d2e1f0a";
const starterRoleArn = "arn:aws:iam::123456789012:role/github-trial";

const settingsShape = z.record(z.string(), z.string());
const resultShape = z.object({
  commit: z.literal(COMMIT),
  instance_minutes: z.object({ used: z.number().positive(), limit: z.literal(180) }),
  metrics: z.object({ accuracy: z.number(), auc: z.number().min(0.95), f1: z.number() }),
});

/** The starter's commands, and the roles of trials. */
interface Trials {
  readonly engine: Engine;
  /** Copy of the starter. */
  readonly folder: string;
  readonly opened: Opened;
  readonly programs: Programs;
  /** Output trialSettings of the stack. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * A trial of the starter's model by a role that may start it. Then a definition over the limit, which
 * the command rejects; without the command's limit, IAM denies the job.
 */
export async function trial({ folder, signal, steps: { step } }: ScenarioWork): Promise<void> {
  const tools = await step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  const programs = await preparePrograms(signal);
  const settings = {
    "deploy.enabled": false,
    "source.codecommit.seed": false,
    "trial.starterRoleArns": [starterRoleArn],
  };
  const stack = { ...thisProject, policyPack, settings, stackName: "dev" };
  await withLocalCloud(tools, stack, signal, async (engine) => {
    await step("pulumi up of a stack with trials", async () => {
      print(`    ${countsText((await engine.up("pulumi up")).counts)}`);
    });
    const opened = await openTestEnvironment(engine, programs);
    try {
      const { trialSettings } = await engine.outputs();
      await createStarterRole(opened);
      const trials: Trials = {
        engine,
        folder: join(folder, "starter"),
        opened,
        programs,
        settings: settingsShape.parse(JSON.parse(String(trialSettings))),
      };
      await step("a pull request has a definition, without credentials", () => define(trials));
      await step("a trial has figures and registers nothing", () => mustHaveFigures(trials));
      await step("the command rejects a definition over the limit", () => mustReject(trials));
      await step("IAM denies a longer job than the limit", () => mustDeny(trials));
    } finally {
      await opened.close();
    }
  });
}

/** Role of a GitHub workflow, which the stack does not create. */
async function createStarterRole({ testEnvironment: { context } }: Opened): Promise<void> {
  const iam = await ownerClients(context).iam();
  const policy = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const RoleName = starterRoleArn.replace(/.*\//, "");
  await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: policy({
      Action: "sts:AssumeRoleWithWebIdentity",
      Principal: { Federated: "token.actions.githubusercontent.com" },
    }),
  });
  await iam.putRolePolicy({
    RoleName,
    PolicyName: "trial",
    PolicyDocument: policy({ Action: "sts:AssumeRole", Resource: "*" }),
  });
}

/** Installs the starter as its workflow does, and writes the definition of the pull request. */
async function define(trials: Trials): Promise<void> {
  const { folder, opened, programs, settings } = trials;
  const ignored = /\/(\.venv|\.tools|\.local|__pycache__|\.[a-z]+_cache)$/;
  cpSync(join(ROOT, "starter", "model-build"), folder, {
    recursive: true,
    filter: (path) => !ignored.test(path),
  });
  await freshPython(
    programs.buildPython,
    `${folder}-python`,
    opened.testEnvironment.context.signal,
  );
  mkdirSync(`${folder}-home`);
  const commands = [
    "python -m venv .tools",
    ".tools/bin/python -m pip install --quiet --require-hashes --requirement uv-requirements.txt",
    ".tools/bin/uv sync --quiet --frozen --no-dev --python .tools/bin/python",
    ".venv/bin/trial-definition > trial.json",
  ];
  const noCredentials = { accessKeyId: "", secretAccessKey: "", sessionToken: "" };
  mustBe("exit status", await execute(trials, commands.join(" && "), noCredentials, settings), 0);
}

async function mustHaveFigures(trials: Trials): Promise<void> {
  const { opened } = trials;
  const { context } = opened.testEnvironment;
  const { code, runs } = await start(trials, trials.settings);
  mustBe("exit status", code, 0);
  mustBe("executions", runs.map(({ status }) => status).join(), "Succeeded");
  const result: unknown = JSON.parse(readFileSync(join(trials.folder, "result.json"), "utf8"));
  print(`    ${JSON.stringify(resultShape.parse(result).metrics)}`);
  const sagemaker = await ownerClients(context).sagemaker();
  const { ModelPackageSummaryList: versions } = await sagemaker.listModelPackages({
    ModelPackageGroupName: opened.outputs.modelPackageGroupName,
  });
  mustBe("model versions", versions?.length, 0);
  const used = new Set(context.proxy.decisions.map(({ principal }) => principal));
  for (const role of ["trial", "trial-pipeline", "trial-job"])
    if (![...used].some((one) => one.endsWith(`--${role}-use1`)))
      throw new Error(`expected calls of the ${role} role`);
  mustBeAllowed(context.proxy.decisions, noDenials);
}

async function mustReject(trials: Trials): Promise<void> {
  const { decisions } = trials.opened.testEnvironment.context.proxy;
  const before = decisions.length;
  const { code } = await start(trials, { ...trials.settings, TRIAL_MAX_INSTANCE_MINUTES: "179" });
  mustBe("exit status", code, 2);
  // Only the session of the role: no call by it.
  mustBe("decisions", decisions.length, before + 1);
}

/** The limits of the role hold without those of the command. */
async function mustDeny(trials: Trials): Promise<void> {
  const file = join(trials.folder, "trial.json");
  const longer = readFileSync(file, "utf8").replace(
    /"MaxRuntimeInSeconds": \d+/,
    '"MaxRuntimeInSeconds": 10801',
  );
  writeFileSync(file, longer);
  const { code, runs } = await start(trials, {
    ...trials.settings,
    TRIAL_MAX_INSTANCE_MINUTES: "999",
  });
  mustBe("exit status", code, 1);
  const [reason = ""] = runs.flatMap(({ steps }) => steps.map((one) => one.failureReason ?? ""));
  if (!reason.includes("not authorized to perform: sagemaker:CreateProcessingJob"))
    throw new Error(`expected that IAM denies the job, got ${reason}`);
}

/** A trial by the starter role, and the executions that it started. */
async function start(
  trials: Trials,
  settings: Readonly<Record<string, string>>,
): Promise<{ code: number; runs: readonly TrainingRun[] }> {
  const { opened, programs } = trials;
  const { context, project } = opened.testEnvironment;
  const executionRoleArn = settings.SAGEMAKER_PIPELINE_ROLE_ARN ?? "";
  const credentials = await context.proxy.assume(settings.TRIAL_ROLE_ARN ?? "", {
    roleArn: starterRoleArn,
    sessionArn: starterRoleArn.replace(":iam::", ":sts::").replace("role", "assumed-role") + "/1",
  });
  const runs: TrainingRun[] = [];
  const training = trainingBeside({
    decisions: context.proxy.decisions,
    inProgress: () => trainingsInProgress(context),
    signal: context.signal,
    train: async (arn) => {
      const site = {
        project: { ...project, executionRoleArn },
        python: programs.jobPython,
        servingPython: programs.servingPython,
      };
      runs.push(await simulateTraining(arn, context, site));
    },
  });
  const command = `.venv/bin/run-trial trial.json --commit ${COMMIT} --result result.json`;
  const work = () => execute(trials, command, credentials, settings);
  return { code: await beside(work, [training], context.signal), runs };
}

/** Runs a command in the copy of the starter; returns its exit status. */
async function execute(
  { folder, opened }: Trials,
  command: string,
  credentials: Credentials,
  settings: Readonly<Record<string, string>>,
): Promise<number> {
  const { proxy, signal } = opened.testEnvironment.context;
  const where = { cache: cacheFolder(), home: `${folder}-home`, python: `${folder}-python/bin` };
  const { code } = await run("sh", ["-c", command], {
    cwd: folder,
    env: {
      ...machineSettings(),
      ...emulatorVariables({ ...where, credentials, endpoint: proxy.endpoint }),
      TRIAL_SETTINGS: JSON.stringify(settings),
    },
    onLine: (line) => {
      print(`    ${line}`);
    },
    signal,
  });
  return code;
}
