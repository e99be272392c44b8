import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

import { command, noArguments } from "./command";

const root = join(__dirname, "..");
const folder = join(root, "dist-template");

void command({
  name: "npm run template",
  help: `npm run template

Creates dist-template/: a template for pulumi new, with the packed component package.

Exit codes: 0 created; 1 the package could not be built; 2 invalid command line`,
  read: noArguments,
  work: () => Promise.resolve(createTemplate() ? 0 : 1),
});

function createTemplate(): boolean {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(root, "template"), folder, {
    recursive: true,
    filter: (file) => basename(file) !== "node_modules",
  });
  const steps = [
    [process.execPath, join(root, "local", "run.mjs"), join(root, "scripts", "package.ts")],
    ["npm", "pack", "--silent", "--pack-destination", folder, join(root, "dist")],
  ];
  // Stops at the first step that fails; the step prints its error.
  return steps.every(([program = "", ...args]) => {
    return spawnSync(program, args, { stdio: "inherit" }).status === 0;
  });
}
