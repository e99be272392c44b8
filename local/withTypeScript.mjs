// node local/withTypeScript.mjs FILE.ts [ARGUMENT...]
// Runs TypeScript as `node -r ts-node/register/transpile-only` does, but keeps what it transpiled. A process that finds
// all of it need not load the compiler: the aws provider then starts in a quarter of the time with half the memory.
// Stack traces name lines of transpiled code without --enable-source-maps, which costs a quarter second.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import { join, resolve } from "node:path";
import process from "node:process";

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules", ".cache", "model-build-pipeline");
const require = createRequire(import.meta.url);
const config = readFileSync(join(root, "tsconfig.json"), "utf8");
const { version } = require("typescript/package.json");

// Node 22 also keeps what it compiled; functions from that cache have no exact coverage.
if (!process.env.NODE_V8_COVERAGE) module.enableCompileCache?.(join(cache, "node"));
require.extensions[".ts"] = (loaded, file) => {
  loaded._compile(transpiled(file), file);
};
// The program sees its arguments as if Node had been started with it.
process.argv.splice(1, 2, resolve(process.argv[2]));
require(process.argv[1]);

function transpiled(file) {
  const source = readFileSync(file, "utf8");
  const kept = join(cache, `${hash(file)}.js`);
  const stamp = `\n//# from ${hash(version, config, source)}\n`;
  const found = read(kept);
  if (found?.endsWith(stamp)) return found;

  const code = transpile(source, file) + stamp;
  keep(kept, code);
  return code;
}

function transpile(source, fileName) {
  const ts = require("typescript");
  const { compilerOptions } = ts.parseConfigFileTextToJson("tsconfig.json", config).config;
  const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, root);
  return ts.transpileModule(source, {
    fileName,
    compilerOptions: { ...options, inlineSourceMap: true },
  }).outputText;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function keep(file, code) {
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(cache, { recursive: true });
    writeFileSync(unfinished, code);
    // Renamed when complete: another process never reads half a file.
    renameSync(unfinished, file);
  } catch {
    // Where nothing can be kept, the next process transpiles again.
  }
}

function hash(...parts) {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
