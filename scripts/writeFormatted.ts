import { writeFileSync } from "node:fs";

import { format, resolveConfig } from "prettier";

/** Writes a JSON file, formatted by Prettier. */
export async function writeFormatted(file: string, content: unknown): Promise<void> {
  const style = await resolveConfig(file);
  writeFileSync(file, await format(JSON.stringify(content), { ...style, filepath: file }));
}
