import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Python source of the deployment driver. */
export function driverSource(): string {
  const folder = join(__dirname, "..", "..", "starter", "model-deploy", "deployment");
  return readdirSync(folder)
    .filter((it) => it.endsWith(".py"))
    .map((it) => readFileSync(join(folder, it), "utf8"))
    .join("\n");
}
