import { strict as assert } from "node:assert";

import { parseOptions } from "../local/args";
import { parseOverride, withOverride } from "../local/override";

describe("a setting on the command line of the local cloud", () => {
  it("is JSON where it can be, else a text", () => {
    assert.deepEqual(parseOverride("artifacts.requireKey=false"), ["artifacts.requireKey", false]);
    assert.deepEqual(parseOverride("projectName=churn=2"), ["projectName", "churn=2"]);
  });

  it("is refused if it is no KEY=VALUE", () => {
    const message = `--set must be KEY=VALUE, e.g. "artifacts.requireKey=false", got "requireKey"`;
    assert.throws(() => parseOverride("requireKey"), { message });
  });

  it("leaves the settings beside it as they are", () => {
    const settings = { artifacts: { noncurrentDays: 30, requireKey: true }, posture: "dev" };
    assert.deepEqual(withOverride(settings, ["artifacts", "requireKey"], false), {
      artifacts: { noncurrentDays: 30, requireKey: false },
      posture: "dev",
    });
  });

  it("makes the groups that it lies in", () => {
    assert.deepEqual(withOverride({}, ["source", "codecommit", "seed"], false), {
      source: { codecommit: { seed: false } },
    });
  });

  it("can be given more than once", () => {
    const { settings } = parseOptions(["--set", "a=1", "--set", "b.c=two"]);
    assert.deepEqual(settings, { a: 1, "b.c": "two" });
  });
});
