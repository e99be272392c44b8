import { run } from "./processes";
import { withProgress } from "../../lib/progress";

/** Runs a program under a title, and gives its lines; throws with the last of them if it fails. */
export async function mustRun(
  title: string,
  command: string,
  args: string[],
  signal: AbortSignal,
): Promise<string[]> {
  const { code, lines } = await withProgress(title, () => run(command, args, { signal }));
  if (code !== 0) throw new Error(`${title}: ${lines.slice(-20).join("\n")}`);
  return lines;
}
