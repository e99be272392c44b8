import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { packed, packedName, starterFiles, starters } from "../components/seeding/starter";
import { command, noArguments } from "./command";
import { components, manifestOf } from "./componentSchema";

const root = join(__dirname, "..");
const dist = join(root, "dist");

void command({
  name: "npm run package",
  help: `npm run package

Builds the component package for npm into dist/: compiled, with its types and the starters.

Exit codes: 0 built; 1 it does not compile; 2 the command line was wrong`,
  read: noArguments,
  work: () => Promise.resolve(build() ? 0 : 1),
});

function build(): boolean {
  rmSync(dist, { recursive: true, force: true });
  const compiler = [
    require.resolve("typescript/bin/tsc"),
    "-p",
    join(root, "tsconfig.package.json"),
  ];
  const { status } = spawnSync(process.execPath, compiler, { stdio: "inherit" });
  if (status !== 0) return false;
  describePackage();
  return true;
}

/** What npm must know: all that the source says, less what only compiling needs. */
function describePackage(): void {
  const { devDependencies: _, ...manifest } = manifestOf(components);
  const described = {
    ...manifest,
    main: "index.js",
    types: "index.d.ts",
    // Whoever only reads outputs loads nothing of the component.
    exports: { ".": "./index.js", "./outputs": "./outputs.js", "./package.json": "./package.json" },
    files: ["**/*.js", "**/*.d.ts", ...starters.map(packedName)],
  };
  writeFileSync(join(dist, "package.json"), `${JSON.stringify(described, null, 2)}\n`);
  for (const starter of starters)
    writeFileSync(join(dist, packedName(starter)), packed(starterFiles(starter)));
  for (const file of ["LICENSE", "README.md"]) copyFileSync(join(root, file), join(dist, file));
}
