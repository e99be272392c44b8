import { join } from "node:path";

import { z } from "zod";

import { run, typeScript } from "../toolchain/processes";
import { withProgress } from "../../lib/progress";
import { table } from "../../lib/table";

const ROOT = join(__dirname, "..", "..");
const costShape = z.object({ resources: z.number(), seconds: z.number() });

/**
 * CPU seconds for the registration of 1, 10 and 100 projects, and of the same AWS resources without
 * components; each with Node's 10 frames in a stack trace, and without stack traces.
 */
export async function projectsTable(signal: AbortSignal): Promise<string[]> {
  const rows: string[][] = [];
  for (const count of [1, 10, 100])
    for (const [traces, limit] of [
      ["10 frames", 10],
      ["none", 0],
    ] as const) {
      const components = await cost(count, "components", limit, signal);
      const bare = await cost(count, "bare", limit, signal);
      const seconds = [components, bare].map((one) => `${one.seconds.toFixed(1)} s`);
      const ratio = (components.seconds / bare.seconds).toFixed(2);
      rows.push([String(count), String(components.resources), traces, ...seconds, ratio]);
    }
  return [
    "",
    "Projects with deployment in one program, under mocks, CPU time",
    ...table([
      ["projects", "resources", "stack traces", "components", "bare resources", "ratio"],
      ...rows,
    ]),
  ];
}

async function cost(
  count: number,
  kind: "bare" | "components",
  limit: number,
  signal: AbortSignal,
): Promise<z.output<typeof costShape>> {
  const title = `${String(count)} projects, ${kind}, ${String(limit)} frames`;
  const { code, lines } = await withProgress(title, () =>
    run(
      process.execPath,
      [
        `--stack-trace-limit=${String(limit)}`,
        // As the Pulumi SDK does: the source maps are most of the cost of a stack trace.
        "--require=source-map-support/register",
        ...typeScript(join(__dirname, "projects.ts"), String(count), kind),
      ],
      { cwd: ROOT, signal },
    ),
  );
  if (code !== 0) throw new Error(`${title}:\n${lines.join("\n")}`);
  return costShape.parse(JSON.parse(lines.at(-1) ?? ""));
}
