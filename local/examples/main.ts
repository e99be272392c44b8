import { prepareTools } from "../localCloud";
import { stepCommand } from "../stepCommand";
import { bootstrap } from "./bootstrap";

const HELP = `Deploys examples/bootstrap to the local cloud with the policy pack. Then runs the commands of the GitHub workflows
with the state bucket of the bootstrap: npm run preview, comment, deploy, drift and issue, against a simulated GitHub API.`;

stepCommand("local:examples", HELP, async ({ signal, steps }) => {
  const tools = await steps.step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  await bootstrap(tools, steps, signal);
});
