import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

import { packed, packedName, starterFiles, starters } from "../components/seeding/starter";
import { command } from "./command";
import { components, manifestOf } from "./componentSchema";

const root = join(__dirname, "..");
const dist = join(root, "dist");
const template = join(root, "dist-template");

void command({
  name: "npm run package",
  help: `npm run package [-- --template]

Builds the component package for npm in dist/: compiled code, types and starters.

Options
  --template  also create dist-template/: a template for pulumi new, with the packed package

Exit codes: 0 built; 1 compilation or packing failed; 2 invalid command line`,
  read: (args) => {
    const options = { template: { type: "boolean", default: false } } as const;
    return parseArgs({ args, options }).values.template;
  },
  work: (withTemplate) =>
    Promise.resolve(buildPackage() && (!withTemplate || buildTemplate()) ? 0 : 1),
});

function buildPackage(): boolean {
  rmSync(dist, { recursive: true, force: true });
  const compiler = require.resolve("typescript/bin/tsc");
  if (!run(process.execPath, compiler, "-p", join(root, "tsconfig.package.json"))) return false;
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
    exports: {
      ".": "./index.js",
      "./outputs": "./outputs/index.js",
      "./package.json": "./package.json",
    },
    files: ["**/*.js", "**/*.d.ts", ...starters.map(packedName)],
  };
  writeFileSync(join(dist, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  for (const starter of starters)
    writeFileSync(join(dist, packedName(starter)), packed(starterFiles(starter)));
  for (const file of ["LICENSE", "README.md"]) copyFileSync(join(root, file), join(dist, file));
}

function buildTemplate(): boolean {
  rmSync(template, { recursive: true, force: true });
  cpSync(join(root, "template"), template, {
    recursive: true,
    filter: (file) => basename(file) !== "node_modules",
  });
  return run("npm", "pack", "--silent", "--pack-destination", template, dist);
}

/** Runs a program, which prints its own errors. */
function run(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "inherit" }).status === 0;
}
