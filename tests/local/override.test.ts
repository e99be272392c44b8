import { strict as assert } from "node:assert";

import { parseOptions } from "../../local/cli/options";
import { keysOf, parseOverride, withOverride } from "../../local/cloud/override";

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
