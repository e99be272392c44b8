import type { Stepping } from "../../steps";
import { owners } from "../clients";
import { mustTell } from "../told";
import { fails } from "./messages";
import { mustRun } from "./running";
import { type DeployScene, mustEnd, playDeployments } from "./scene";
import { versionArn } from "./versions";

/** Runs that a person starts with a model package that none can deploy. */
export async function playByHand({ step }: Stepping, scene: DeployScene): Promise<void> {
  const { deployment, mailbox, theatre } = scene;
  await step(
    "started by hand without a version, or with a foreign one: the build refuses",
    async () => {
      const codepipeline = await owners(theatre.stage).codepipeline();
      const foreign = versionArn(1, { ...scene, modelPackageGroupName: "someone-elses" });
      for (const variables of [[], [{ name: "MODEL_PACKAGE_ARN", value: foreign }]]) {
        await codepipeline.startPipelineExecution({ name: deployment.pipelineName, variables });
      }
      const runs = await playDeployments(scene);
      mustEnd(runs, "Failed", "Failed");
      const said = runs.map(({ lines }) => lines.join("\n"));
      if (!(said[0] ?? "").includes("MODEL_PACKAGE_ARN")) throw new Error(`said: ${said[0] ?? ""}`);
      if (!(said[1] ?? "").includes(foreign)) throw new Error(`said: ${said[1] ?? ""}`);
      const failed = fails("DeployResourcesStaging");
      await mustTell(mailbox, failed, failed);
      await mustRun("prod", 1, scene);
    },
  );
}
