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

Builds the component package for npm in dist/: compiled code, types and starters.

Exit codes: 0 built; 1 compilation failed; 2 invalid command line`,
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
  writePackageFiles();
  return true;
}

/** Writes package.json without devDependencies, the starters, LICENSE and README.md. */
function writePackageFiles(): void {
  const { devDependencies: _, ...manifest } = manifestOf(components);
  const published = {
    ...manifest,
    main: "index.js",
    types: "index.d.ts",
    // `./outputs` loads no component code.
    exports: { ".": "./index.js", "./outputs": "./outputs.js", "./package.json": "./package.json" },
    files: ["**/*.js", "**/*.d.ts", ...starters.map(packedName)],
  };
  writeFileSync(join(dist, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  for (const starter of starters)
    writeFileSync(join(dist, packedName(starter)), packed(starterFiles(starter)));
  for (const file of ["LICENSE", "README.md"]) copyFileSync(join(root, file), join(dist, file));
}
