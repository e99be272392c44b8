import type { Stepping } from "../../report/steps";
import { ownerClients } from "../../iam/clients";
import { mustNotify, fails } from "../notifications";
import { mustRun } from "./running";
import { type DeployScenario, mustEnd, runDeployments } from "./deployScenario";
import { versionArn } from "./versions";

/** Executions started by hand, without a model version or with one of another project. */
export async function runManualDeployment(
  { step }: Stepping,
  scenario: DeployScenario,
): Promise<void> {
  const { deployment, inbox, testEnvironment } = scenario;
  await step(
    "a manual execution without a model version, or with one of another group, fails in staging",
    async () => {
      const codepipeline = await ownerClients(testEnvironment.context).codepipeline();
      const foreign = versionArn(1, { ...scenario, modelPackageGroupName: "someone-elses" });
      for (const variables of [undefined, [{ name: "MODEL_PACKAGE_ARN", value: foreign }]]) {
        await codepipeline.startPipelineExecution({ name: deployment.pipelineName, variables });
      }
      const runs = await runDeployments(scenario);
      // Each failure starts an execution that schedules the deletion of staging, in any order.
      const failed = runs.filter(({ status }) => status === "Failed");
      const others = runs.filter(({ status }) => status !== "Failed");
      mustEnd([...failed, ...others], "Failed", "Failed", "Stopped", "Stopped");
      const said = failed.map(({ lines }) => lines.join("\n"));
      if (!(said[0] ?? "").includes("MODEL_PACKAGE_ARN"))
        throw new Error(`expected MODEL_PACKAGE_ARN in the build log, got: ${said[0] ?? ""}`);
      if (!(said[1] ?? "").includes(foreign))
        throw new Error(`expected ${foreign} in the build log, got: ${said[1] ?? ""}`);
      const notification = fails("DeployResourcesStaging");
      await mustNotify(inbox, notification, notification);
      await mustRun("prod", 1, scenario);
    },
  );
}
