import { bootstrap } from "./workflows/bootstrap";
import { prepareTools } from "../cloud/localCloud";
import type { ScenarioWork } from "./runScenario";

/**
 * Deploys bootstrap with the policy pack, then runs the commands of the GitHub workflows
 * with its state bucket, against a simulated GitHub API.
 */
export async function examples({ signal, steps }: ScenarioWork): Promise<void> {
  const tools = await steps.step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  await bootstrap(tools, steps, signal);
}
