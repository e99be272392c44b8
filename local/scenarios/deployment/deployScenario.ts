import type { Approver } from "../../services/codepipeline/approval";
import type { DeliveryRun } from "../../services/codepipeline/simulateDelivery";
import type { Hosting } from "../../services/hosting/hosting";
import type { Scenario } from "../push";
import { runUntilIdle } from "../../services/runUntilIdle";
import { commit } from "../commit";
import { deployedSource } from "../deployedSource";
import { type Files, filesAt } from "../../services/codepipeline/sourceFiles";

/** What the stack has for the deployment of models. */
export interface Deployment {
  readonly dashboardName: string;
  readonly hosting: Hosting;
  readonly pipelineName: string;
  readonly prodEndpointName: string;
  readonly stagingEndpointName: string;
}

/** A scenario in which models are deployed as well. */
export interface DeployScenario extends Scenario {
  readonly deployment: Deployment;
  /** Runs an npm script on the stack, and returns the lines that it printed. */
  readonly npmScript: (name: string, ...args: string[]) => Promise<string[]>;
}

/** Lets it into production. */
export const approve: Approver = () =>
  Promise.resolve({ answer: "approved", comment: "The tests are convincing." });

/** Does not let it into production. */
export const decline: Approver = () =>
  Promise.resolve({ answer: "rejected", comment: "Not before the holidays." });

/** Plays every run of the deployment that is in progress; without an answer, an approval that is met is an error. */
export async function runDeployments(
  { deployment, testEnvironment }: DeployScenario,
  answer?: Approver,
): Promise<readonly DeliveryRun[]> {
  const asked = answer === undefined ? {} : { approver: answer };
  const { deliveries } = await runUntilIdle({
    ...testEnvironment,
    ...asked,
    only: deployment.pipelineName,
  });
  return deliveries;
}

/** Passes only if the runs ended like this, in order; else says what their builds did. */
export function mustEnd(
  runs: readonly DeliveryRun[],
  ...expected: readonly DeliveryRun["status"][]
): void {
  const ends = runs.map(({ status }) => status).join(", ");
  if (ends === expected.join(", ")) return;
  const why = runs.flatMap(({ failure, lines, stopped }) => [
    failure?.reason ?? stopped?.reason ?? "(succeeded)",
    ...lines.slice(-20),
  ]);
  throw new Error(
    `expected executions ${expected.join(", ")}, got ${ends || "none"}\n${why.join("\n")}`,
  );
}

/** Passes only if this action failed, for such a reason. */
export function mustFailIn(run: DeliveryRun | undefined, action: string, reason: RegExp): void {
  const { failure, lines = [], status = "no execution" } = run ?? {};
  if (failure?.action === action && reason.test(failure.reason)) return;
  const seen = failure === undefined ? status : `${failure.action} failed: ${failure.reason}`;
  throw new Error(
    `expected action ${action} to fail with ${reason.source}, got: ${seen}\n${lines.slice(-30).join("\n")}`,
  );
}

/** Commits files to the deploy repository, made from those that it has; the next deployment takes them. */
export async function commitDeploySource(
  message: string,
  change: (files: Files) => Record<string, string>,
  { deployment, testEnvironment }: DeployScenario,
): Promise<void> {
  const { context } = testEnvironment;
  const { branchName, repositoryName } = await deployedSource(deployment.pipelineName, context);
  const changed = change(await filesAt(repositoryName, branchName, context));
  const files = Object.fromEntries(
    Object.entries(changed).map(([name, content]) => [name, Buffer.from(content)]),
  );
  await commit({ branchName, message, put: { files }, repositoryName }, context);
}
