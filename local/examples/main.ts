import { prepareTools } from "../localCloud";
import { stepCommand } from "../stepCommand";
import { bootstrap } from "./bootstrap";

const HELP = `Brings examples/bootstrap up on the local cloud, under the policy pack, and then runs what the GitHub workflows run, in the state
bucket that it made: npm run preview, comment, deploy, drift and issue, against a stand-in for GitHub's API.`;

stepCommand("local:examples", HELP, async ({ signal, steps }) => {
  const tools = await steps.step("tools are there", () => prepareTools(signal));
  await bootstrap(tools, steps, signal);
});
