import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { messageOf } from "../../lib/errors";
import { print, secondsSince } from "../../lib/progress";
import { countsText } from "../cloud/change";
import { reportRequests } from "../cloud/requestCounts";
import { type Engine, prepareTools, withLocalCloud } from "../index";
import { startSteps } from "../report/steps";
import { type Programs, preparePrograms } from "../toolchain/venv";
import { runE2e } from "./endToEnd";
import { type Result, difference, rowsOf } from "./movingOverTable";
import { readFolder } from "./readFolder";
import type { ScenarioWork } from "./runScenario";
import { ROOT, thisProject } from "./thisProject";

const PAGE = join(ROOT, "docs", "how-to", "moving-over.md");
// Jobs of these repositories name no key, and the first push is theirs.
const settings = { "artifacts.requireKey": false, "source.codecommit.seed": false };

/**
 * Pushes each repository of the table in the page on moving over to one stack, one after another, and
 * compares what happens with the page.
 * A definition that is invalid leaves its build in progress: such a repository must be the last one.
 */
export async function movingOver({ signal, steps: { step } }: ScenarioWork): Promise<void> {
  const rows = rowsOf(readFileSync(PAGE, "utf8"));
  const tools = await step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  const programs = await preparePrograms(signal);
  const differences: string[] = [];
  await withLocalCloud(
    tools,
    { ...thisProject, settings, stackName: "dev" },
    signal,
    async (engine) => {
      await step("pulumi up", async () => {
        print(`    ${countsText((await engine.up("pulumi up")).counts)}`);
      });
      for (const row of rows) {
        await step(`${row.name}: ${row.result}`, async () => {
          const started = Date.now();
          const result = await push(join(dirname(PAGE), row.folder), engine, programs);
          const found = difference(row, result);
          print(`    ${row.name}: ${found ?? "as on the page"} (${secondsSince(started)})`);
          if (found !== undefined) differences.push(`${row.name}: ${found}`);
        });
      }
      await step("the page says what each repository does", () => {
        if (rows.length === 0) differences.push("no repository is on the page");
        if (differences.length > 0) throw new Error(`${PAGE}:\n${differences.join("\n")}`);
        return Promise.resolve();
      });
      await reportRequests(engine.cloud.endpoint);
    },
  );
}

async function push(folder: string, engine: Engine, programs: Programs): Promise<Result> {
  const skipped: string[] = [];
  try {
    await runE2e(engine, startSteps(), {
      code: await readFolder(folder, engine.signal),
      deploys: false,
      everyCase: true,
      expectedDenials: [],
      full: false,
      onSkipped: ({ name }) => skipped.push(name),
      programs,
    });
    return { skipped };
  } catch (error) {
    engine.signal.throwIfAborted();
    return { failure: messageOf(error), skipped };
  }
}
