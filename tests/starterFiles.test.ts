import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { resolveSettings } from "../components/validation/settings";

const starter = join(__dirname, "../starter/model-build");
const images = z
  .object({ checked: z.iso.date(), python: z.record(z.string(), z.array(z.string())) })
  .parse(JSON.parse(readFileSync(join(__dirname, "documents/codebuild-images.json"), "utf8")));

describe("the starter's Python", () => {
  const { build } = resolveSettings({ projectName: "churn", projectId: "dev" }, "the test");
  const offered = images.python[build.image] ?? [];

  it("has an image with known Python versions", () => {
    assert.notDeepEqual(
      offered,
      [],
      `tests/documents/codebuild-images.json of ${images.checked} does not say what ${build.image} offers`,
    );
  });

  it("is a version of the default image", () => {
    const python = runtime(build.buildspec);
    assert.ok(
      offered.includes(python),
      `the buildspec asks for Python ${python}; ${build.image} offers ${offered.join(", ")}`,
    );
  });

  it("supports every version of the default image", () => {
    const oldest = oldestPython();
    assert.deepEqual(
      offered.filter((version) => minor(version) < minor(oldest)),
      [],
      `pyproject.toml needs ${oldest} or newer`,
    );
  });
});

/** A string in the buildspec: YAML reads 3.10 as the number 3.1. */
function runtime(name: string): string {
  const buildspec = z.object({
    phases: z.object({
      install: z.object({ "runtime-versions": z.object({ python: z.string() }) }),
    }),
  });
  const file = readFileSync(join(starter, name), "utf8");
  return buildspec.parse(parse(file)).phases.install["runtime-versions"].python;
}

function oldestPython(): string {
  const file = readFileSync(join(starter, "pyproject.toml"), "utf8");
  const [, oldest] = /^requires-python = ">=(3\.\d+)"$/m.exec(file) ?? [];
  assert.ok(oldest, "pyproject.toml must say requires-python as a lowest version");
  return oldest;
}

function minor(version: string): number {
  const [major, rest] = version.split(".");
  assert.equal(major, "3");
  return Number(rest);
}
