import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

const root = join(__dirname, "..");
const folder = join(root, "dist-template");

rmSync(folder, { recursive: true, force: true });
cpSync(join(root, "template"), folder, {
  recursive: true,
  filter: (file) => basename(file) !== "node_modules",
});
const steps = [
  [process.execPath, join(root, "local", "run.mjs"), join(root, "scripts", "package.ts")],
  ["npm", "pack", "--silent", "--pack-destination", folder, join(root, "dist")],
];
// The first that fails ends it, and has said why.
const isDone = steps.every(([command = "", ...args]) => {
  return spawnSync(command, args, { stdio: "inherit" }).status === 0;
});
if (!isDone) process.exitCode = 1;
