import { writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

/** Writes a JSON file as the format check wants it. */
export async function writeFormatted(file: string, content: unknown): Promise<void> {
  const style = await resolveConfig(file);
  writeFileSync(file, await format(JSON.stringify(content), { ...style, filepath: file }));
}
