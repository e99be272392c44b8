import { strict as assert } from "node:assert";

import { resourceRules, stackRules } from "../../policy/rules";
import { textOf } from "../support/repositoryFiles";

const rules = [...resourceRules, ...stackRules];
const securityHub = /^[A-Z][A-Za-z0-9]+\.[1-9]\d*$/;
const config = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/;

describe("AWS controls of the policy pack", () => {
  it("have the shape of Security Hub controls or AWS Config rules, or a reason for none", () => {
    const invalid = rules.filter(({ controls }) =>
      "none" in controls
        ? !/^[A-Z].{15,}\.$/.test(controls.none)
        : controls.some((id) => !securityHub.test(id) && !config.test(id)),
    );
    assert.deepEqual(
      invalid.map(({ name }) => name),
      [],
    );
  });

  it("are the ones in docs/policy-pack.md", () => {
    const rows = [...textOf("docs/policy-pack.md").matchAll(/^\| `(.+?)` +\| (.+?) +\|$/gm)];
    assert.deepEqual(
      rows.map(([, rule, ids]) => `${String(rule)}: ${String(ids)}`),
      rules.map(({ controls, name }) =>
        "none" in controls ? `${name}: none: ${controls.none}` : `${name}: ${controls.join(", ")}`,
      ),
    );
  });
});
