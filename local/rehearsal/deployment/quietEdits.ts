import type { Stepping } from "../../steps";
import type { Delivery } from "../events/deliver";
import { modelVersionEvent } from "../events/trainingEvents";
import { isInProgress, send } from "../settle";
import { modelVersion } from "../training/execution";
import type { DeployScene } from "./scene";
import { edit, versionArn } from "./versions";

/** What happens to a version and is no decision. */
export async function playQuietEdits({ step }: Stepping, scene: DeployScene): Promise<void> {
  await step(
    "edits of metadata and description, a version that waits, and one of another group start nothing",
    async () => {
      const { deployment, theatre } = scene;
      const { stage } = theatre;
      const model = await modelVersion(versionArn(1, scene), stage);
      const tell = (change: object, fields: readonly string[]) =>
        send(modelVersionEvent(stage, { ...model, ...change }, fields), theatre);
      const approved = { ModelApprovalStatus: "Approved" };
      const decided = ["ModelApprovalStatus"];
      const done = [
        ...(await edit(1, { ApprovalDescription: "Looks good so far." }, scene)),
        ...(await tell(approved, ["ApprovalDescription"])),
        ...(await tell(approved, ["CustomerMetadataProperties"])),
        ...(await tell({ ...approved, ModelPackageGroupName: "someone-elses" }, decided)),
        ...(await tell({ ModelApprovalStatus: "PendingManualApproval" }, decided)),
      ];
      mustReachNoPipeline(done);
      if (await isInProgress(stage, deployment.pipelineName)) throw new Error("a run was started");
      // People may be told of a version that waits; that is the model build's to say.
      await scene.mailbox.collect();
    },
  );
}

function mustReachNoPipeline(done: readonly Delivery[]): void {
  const reached = done.filter(({ target }) => target.split(":")[2] === "codepipeline");
  if (reached.length > 0) throw new Error(`started by ${reached.map(({ rule }) => rule).join()}`);
}
