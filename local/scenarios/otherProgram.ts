import { join } from "node:path";

import { prepareTools, withLocalCloud } from "../index";
import { deployAndDestroy } from "./deployedStack";
import type { ScenarioWork } from "./runScenario";
import { programIn } from "../../lib/programIn";
import { ROOT } from "./thisProject";

/** Deploys and destroys a program of another project: a bucket whose new objects reach a queue. */
export async function otherProgram({ signal, steps: { step } }: ScenarioWork): Promise<void> {
  const tools = await step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  const root = join(ROOT, "tests", "fixtures", "other-program");
  const stack = { program: programIn(root), root, stackName: "dev" };
  await withLocalCloud(tools, stack, signal, (engine) =>
    deployAndDestroy(engine, step, ({ bucketName, queueUrl }) => {
      if (!String(bucketName).startsWith("images-") || !String(queueUrl).includes("inbox-"))
        throw new Error(
          `expected a bucket and a queue, got ${String(bucketName)}, ${String(queueUrl)}`,
        );
    }),
  );
}
