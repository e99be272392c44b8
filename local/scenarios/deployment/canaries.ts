import { z } from "zod";

import type { Stepping } from "../../report/steps";
import { stopBuild } from "../../services/codebuild/stopBuild";
import { ownerClients } from "../../iam/clients";
import type { Files } from "../../services/codepipeline/sourceFiles";
import { mustNotify, fails, rolledBack, runs, waits } from "../notifications";
import { type Fault, faults } from "../../services/hosting/fault";
import type { NextUpdate } from "../../services/hosting/endpointChanges";
import {
  type DeployScenario,
  approve,
  mustEnd,
  mustFailIn,
  runDeployments,
  commitDeploySource,
} from "./deployScenario";
import { mustAnswerInProduction, mustRun } from "./running";
import { mustBeInAlarm, withTraffic } from "./traffic";
import { decide } from "./versions";

/** A new fleet that must not pass, and what the build log says of it. */
interface FaultyCanary {
  readonly title: string;
  readonly fault: Fault;
  readonly reason: RegExp;
}

const faulty: readonly FaultyCanary[] = [
  { title: "gets no request is inconclusive", fault: faults.silent, reason: /inconclusive/i },
  { title: "answers slowly is too slow", fault: faults.slow, reason: /slow/i },
  { title: "answers wrongly fails", fault: faults.wrongAnswers, reason: /wrong answer/i },
  { title: "answers with 5XX errors fails", fault: faults.errors, reason: /5XX/i },
  { title: "has no metrics is unknown", fault: faults.noMetrics, reason: /unknown/i },
];

/** Eight canaries of production, which serves version 2 before and after them. */
export async function runCanaries(steps: Stepping, scenario: DeployScenario): Promise<void> {
  await commitDeploySource("Test canaries, not staging", withoutTests, scenario);
  for (const canary of faulty) await runFaultyCanary(steps, scenario, canary);
  await runKilledCanary(steps, scenario);
  await runHealthyCanary(steps, scenario);
  await runSlowStart(steps, scenario);
}

const configShape = z.record(z.string(), z.unknown());

/** Lint, unit tests and the latency of staging have passed before: of many deployments, they would take most of the time. */
function withoutTests(files: Files): Record<string, string> {
  const name = "staging-config.json";
  const config = configShape.parse(JSON.parse(Buffer.from(files[name] ?? "{}").toString()));
  const test = { ...configShape.parse(config.test), maximumLatencyMilliseconds: 10_000 };
  return {
    "checks.sh": "echo checked before\n",
    [name]: `${JSON.stringify({ ...config, test }, undefined, 2)}\n`,
  };
}

async function runFaultyCanary(
  { step }: Stepping,
  scenario: DeployScenario,
  { fault, reason, title }: FaultyCanary,
): Promise<void> {
  await step(
    `a canary that ${title}: SageMaker rolls back, and the build log says why`,
    async () => {
      const run = await runCanary(1, { fault }, scenario);
      mustFailIn(run, "DeployResourcesProd", /exit status 98/);
      mustContain(run?.lines ?? [], reason);
      await mustNotify(scenario.inbox, waits, rolledBack);
      await mustServe(2, scenario);
    },
  );
}

async function runKilledCanary({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { deployment, inbox, testEnvironment } = scenario;
  await step(
    "a build that is stopped during the canary: SageMaker rolls back without it, and one notification says failed",
    async () => {
      const { pipelineName, prodEndpointName: EndpointName } = deployment;
      const project = pipelineName.replace(/--modeldeploy$/, "--deploy-prod");
      const atTraffic = () => stopBuild(project, testEnvironment.context);
      const run = await runCanary(1, { atTraffic }, scenario);
      mustFailIn(run, "DeployResourcesProd", /state: STOPPED/);
      await mustNotify(inbox, waits, fails("DeployResourcesProd"));
      const sagemaker = await ownerClients(testEnvironment.context).sagemaker();
      const { FailureReason = "" } = await sagemaker.describeEndpoint({ EndpointName });
      mustContain([FailureReason], /ALARM: \S+-canary-verdict/);
      await mustServe(2, scenario);
    },
  );
}

/** The deployment after the one whose build was stopped; of the old fleet, clients get errors all the time. */
async function runHealthyCanary({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { deployment, inbox } = scenario;
  const { hosting, prodEndpointName } = deployment;
  const alarm = `${prodEndpointName}-errors`;
  await step("errors of production put its alarm in ALARM, with one notification", async () => {
    hosting.setFault(prodEndpointName, faults.errors);
    await mustBeInAlarm(alarm, scenario);
    await mustNotify(inbox, alarmNotification(alarm));
  });
  await step(
    "a healthy canary deploys version 1 while the alarm of the old fleet is in ALARM",
    async () => {
      await decide(1, "Approved", scenario);
      mustEnd(await runDeployments(withTraffic(scenario), approve), "Succeeded");
      await mustNotify(inbox, waits, runs);
      await mustServe(1, scenario);
    },
  );
}

async function runSlowStart({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  await step("a healthy canary with slow first answers deploys version 2", async () => {
    scenario.deployment.hosting.atNextUpdate(scenario.deployment.prodEndpointName, {
      fault: faults.slowStart,
    });
    await decide(2, "Approved", scenario);
    mustEnd(await runDeployments(scenario, approve), "Succeeded");
    await mustNotify(scenario.inbox, waits, runs);
    await mustServe(2, scenario);
  });
}

/** Approves a version, and returns the run of its deployment; another one follows, which rolls back the stage. */
async function runCanary(version: number, next: NextUpdate, scenario: DeployScenario) {
  const { hosting, prodEndpointName } = scenario.deployment;
  hosting.atNextUpdate(prodEndpointName, next);
  await decide(version, "Approved", scenario);
  const [run] = await runDeployments(scenario, approve);
  return run;
}

async function mustServe(version: number, scenario: DeployScenario): Promise<void> {
  await mustRun("prod", version, scenario);
  await mustAnswerInProduction(version, scenario);
}

function mustContain(lines: readonly string[], expected: RegExp): void {
  if (lines.some((line) => expected.test(line))) return;
  throw new Error(`expected ${expected.source}, got:\n${lines.slice(-30).join("\n")}`);
}

/** Notification that the alarm itself publishes. */
function alarmNotification(alarm: string): RegExp {
  return new RegExp(`"AlarmName":"${alarm}"[^]*"NewStateValue":"ALARM"`);
}
