import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { ModuleKind, ScriptTarget, transpile } from "typescript";
import { z } from "zod";

import { contentOf, textOf } from "../support/repositoryFiles";

const root = join(__dirname, "..", "..");
const { exclude, include } = contentOf(
  ".c8rc.json",
  z.looseObject({ exclude: z.array(z.string()), include: z.array(z.string()) }),
);

/** Programs that import the built package by its name. */
const ranOnTheLocalCloud: Readonly<Record<string, string>> = {
  "examples/consumer/index.ts": "npm run local -- --scenario consumer",
  "template/index.ts": "npm run local -- --scenario template",
};

describe("coverage", () => {
  it("counts every folder but the tests, the local cloud and build output", () => {
    const others = ["coverage", "dist", "dist-template", "local", "node_modules", "tests"];
    const shipped = readdirSync(root, { encoding: "utf8", withFileTypes: true })
      .filter(({ name }) => !name.startsWith(".") && !others.includes(name))
      .flatMap((entry) => {
        if (!entry.isDirectory()) return entry.name.endsWith(".ts") ? [entry.name] : [];
        const files = readdirSync(join(root, entry.name), { recursive: true, encoding: "utf8" });
        return files.some((file) => file.endsWith(".ts")) ? [`${entry.name}/**/*.ts`] : [];
      });
    assert.deepEqual([...include].sort(), shipped.sort());
  });

  it("excludes only files without code, and programs that the local cloud runs", () => {
    const ci = textOf(".ci/run");
    for (const file of exclude) {
      const command = ranOnTheLocalCloud[file];
      if (command === undefined) {
        const code = transpile(textOf(file), {
          module: ModuleKind.ESNext,
          target: ScriptTarget.ES2022,
        });
        assert.equal(code.replace(/^export \{\};$/m, "").trim(), "", file);
      } else
        assert.match(ci, new RegExp(`for scenario in .*\\b${command.split(" ").at(-1) ?? ""}\\b`));
    }
  });
});
