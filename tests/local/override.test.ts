import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { parseOptions } from "../../local/cli/options";
import { type Overrides, keysOf, parseOverride, withOverride } from "../../local/cloud/override";
import { copyProject } from "../../local/cloud/project";

describe("--set of npm run local", () => {
  it("parses the value as JSON, otherwise as text", () => {
    assert.deepEqual(parseOverride("artifacts.requireKey=false"), ["artifacts.requireKey", false]);
    assert.deepEqual(parseOverride("projectName=churn=2"), ["projectName", "churn=2"]);
  });

  it("takes every key that a config can have", () => {
    const keys: readonly [path: string, keys: string[]][] = [
      ["build.environment.BASE_JOB_PREFIX", ["build", "environment", "BASE_JOB_PREFIX"]],
      ["build.environment.X2", ["build", "environment", "X2"]],
      ["tags.cost-center", ["tags", "cost-center"]],
      ["tags.team/name", ["tags", "team/name"]],
      ['tags["a.b c=d"]', ["tags", "a.b c=d"]],
      ["aws:defaultTags.tags", ["aws:defaultTags", "tags"]],
    ];
    for (const [path, expected] of keys) {
      assert.deepEqual(parseOverride(`${path}=churn`), [path, "churn"]);
      assert.deepEqual(keysOf(path), expected);
    }
  });

  it("rejects an argument that is not KEY=VALUE, without printing the value", () => {
    const rule = `--set must be KEY=VALUE, for example "artifacts.requireKey=false" or 'build.environment["my.key"]=1'; got the key`;
    assert.throws(() => parseOverride("requireKey"), { message: `${rule} "requireKey"` });
    for (const key of ["a..b", ".a", "a.", "a[0]", "a b", 'a["b"', ""])
      assert.throws(() => parseOverride(`${key}=hf_secret`), { message: `${rule} "${key}"` }, key);
  });

  it("keeps the other settings of the group", () => {
    const settings = { artifacts: { noncurrentDays: 30, requireKey: true }, posture: "dev" };
    assert.deepEqual(withOverride(settings, ["artifacts", "requireKey"], false), {
      artifacts: { noncurrentDays: 30, requireKey: false },
      posture: "dev",
    });
  });

  it("creates missing groups", () => {
    assert.deepEqual(withOverride({}, ["source", "codecommit", "seed"], false), {
      source: { codecommit: { seed: false } },
    });
  });

  it("can be repeated", () => {
    const { settings } = parseOptions(["--set", "a=1", "--set", "b.c=two"]);
    assert.deepEqual(settings, { a: 1, "b.c": "two" });
  });
});

describe("stack file of npm run local", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "project-"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: churn\n");
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function configWith(text: string, settings: Overrides): unknown {
    writeFileSync(join(root, "Pulumi.dev.yaml"), text);
    const folder = join(root, "copy");
    assert.equal(copyProject(root, "dev", folder, settings), "churn");
    return parse(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8"));
  }

  it("gets the settings by their paths, those of a provider too", () => {
    const text = "config:\n  aws:region: us-east-1\n  churn:build: {image: a}\n";
    const settings = { "aws:region": "eu-west-1", "build.environment.BASE_JOB_PREFIX": "churn" };
    assert.deepEqual(configWith(text, settings), {
      config: {
        "aws:region": "eu-west-1",
        "churn:build": { environment: { BASE_JOB_PREFIX: "churn" }, image: "a" },
      },
    });
  });

  it("fails with file and line if it is no YAML, without the line's own text", () => {
    const text = 'config:\n  churn:build:\n    environment:\n      TOKEN: "hf_secret\n';
    assert.throws(
      () => configWith(text, {}),
      ({ message }: Error) =>
        message.startsWith("Pulumi.dev.yaml, line ") && !message.includes("hf_secret"),
    );
  });
});
