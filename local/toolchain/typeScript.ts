const LOADER = require.resolve("tsx");

/** Arguments of Node that run a TypeScript file. */
export function typeScript(file: string, ...args: readonly string[]): string[] {
  return ["--import", LOADER, file, ...args];
}
