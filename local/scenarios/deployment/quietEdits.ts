import type { Stepping } from "../../report/steps";
import type { Delivery } from "../../services/eventbridge/deliver";
import { modelVersionEvent } from "../../services/eventbridge/trainingEvents";
import { isInProgress, send } from "../../services/runUntilIdle";
import { modelVersion } from "../../services/sagemaker/execution";
import type { DeployScenario } from "./deployScenario";
import { edit, versionArn } from "./versions";

/** What happens to a version and is no decision. */
export async function runUnrelatedEdits(
  { step }: Stepping,
  scenario: DeployScenario,
): Promise<void> {
  await step(
    "metadata edits, pending versions and versions of another group start no deployment",
    async () => {
      const { deployment, testEnvironment } = scenario;
      const { context } = testEnvironment;
      const model = await modelVersion(versionArn(1, scenario), context);
      const sendEdit = (change: object, fields: readonly string[]) =>
        send(modelVersionEvent(context, { ...model, ...change }, fields), testEnvironment);
      const approved = { ModelApprovalStatus: "Approved" };
      const decided = ["ModelApprovalStatus"];
      const done = [
        ...(await edit(1, { ApprovalDescription: "Looks good so far." }, scenario)),
        ...(await sendEdit(approved, ["ApprovalDescription"])),
        ...(await sendEdit(approved, ["CustomerMetadataProperties"])),
        ...(await sendEdit(approved, ["ModelLifeCycle"])),
        ...(await sendEdit(approved, ["ModelCard"])),
        ...(await sendEdit({ ...approved, ModelPackageGroupName: "someone-elses" }, decided)),
        ...(await sendEdit({ ModelApprovalStatus: "PendingManualApproval" }, decided)),
      ];
      mustReachNoPipeline(done);
      if (await isInProgress(context, deployment.pipelineName))
        throw new Error("expected no execution of the deployment pipeline, got one in progress");
      // The model build may send a notification of a version that is pending approval.
      await scenario.inbox.collect();
    },
  );
}

function mustReachNoPipeline(done: readonly Delivery[]): void {
  const reached = done.filter(({ target }) => target.split(":")[2] === "codepipeline");
  if (reached.length > 0)
    throw new Error(
      `expected no rule to start a pipeline, got ${reached.map(({ rule }) => rule).join()}`,
    );
}
