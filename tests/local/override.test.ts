import { strict as assert } from "node:assert";

import { parseOptions } from "../../local/cli/options";
import { parseOverride, withOverride } from "../../local/cloud/override";

describe("--set of npm run local", () => {
  it("parses the value as JSON, otherwise as text", () => {
    assert.deepEqual(parseOverride("artifacts.requireKey=false"), ["artifacts.requireKey", false]);
    assert.deepEqual(parseOverride("projectName=churn=2"), ["projectName", "churn=2"]);
  });

  it("rejects an argument that is not KEY=VALUE", () => {
    const message = `--set must be KEY=VALUE, for example "artifacts.requireKey=false"; got "requireKey"`;
    assert.throws(() => parseOverride("requireKey"), { message });
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
