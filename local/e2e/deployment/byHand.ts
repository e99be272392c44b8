import type { Stepping } from "../../steps";
import { owners } from "../clients";
import { mustTell } from "../expectNotifications";
import { fails } from "./messages";
import { mustRun } from "./running";
import { type DeployScenario, mustEnd, playDeployments } from "./deployScenario";
import { versionArn } from "./versions";

/** Runs that a person starts with a model package that none can deploy. */
export async function playByHand({ step }: Stepping, scenario: DeployScenario): Promise<void> {
  const { deployment, inbox, testEnvironment } = scenario;
  await step(
    "a manual execution without a model version, or with one of another group, fails in staging",
    async () => {
      const codepipeline = await owners(testEnvironment.stage).codepipeline();
      const foreign = versionArn(1, { ...scenario, modelPackageGroupName: "someone-elses" });
      for (const variables of [[], [{ name: "MODEL_PACKAGE_ARN", value: foreign }]]) {
        await codepipeline.startPipelineExecution({ name: deployment.pipelineName, variables });
      }
      const runs = await playDeployments(scenario);
      // The others are about the deletion of staging.
      mustEnd(runs, "Failed", "Failed", "Stopped", "Stopped");
      const said = runs.map(({ lines }) => lines.join("\n"));
      if (!(said[0] ?? "").includes("MODEL_PACKAGE_ARN"))
        throw new Error(`expected MODEL_PACKAGE_ARN in the build log, got: ${said[0] ?? ""}`);
      if (!(said[1] ?? "").includes(foreign))
        throw new Error(`expected ${foreign} in the build log, got: ${said[1] ?? ""}`);
      const failed = fails("DeployResourcesStaging");
      await mustTell(inbox, failed, failed);
      await mustRun("prod", 1, scenario);
    },
  );
}
