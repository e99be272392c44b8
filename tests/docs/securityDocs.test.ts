import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { resourceRules, stackRules } from "../../policy/rules";
import { deployNever } from "../permissions/simulation/deployNever";
import { instancesNever, modelNever } from "../permissions/simulation/modelNever";
import { never } from "../permissions/simulation/never";
import { trialNever } from "../permissions/simulation/trialRows";
import { deployReach, reach } from "../permissions/simulation/reach";
import { denyRows } from "../permissions/simulation/denyRows";
import { rows } from "../permissions/simulation/rows";
import { statementDenyRows } from "../permissions/simulation/statementRows";
import { textOf } from "../support/repositoryFiles";

const root = join(__dirname, "..", "..");

for (const page of ["docs/security.md", "SECURITY.md"]) {
  describe(page, () => {
    const text = textOf(page).replace(/\s+/g, " ");

    it("cites existing tests", () => {
      const named = [...text.matchAll(/`(tests\/[\w/]+\.test\.ts)`: "([^"]+)"/g)];
      const missing = named.filter(([, file = "", title = ""]) => !hasTest(file, title));
      assert.deepEqual(
        missing.map(([citation]) => citation),
        [],
      );
    });

    it("cites only statements that the simulation tries", () => {
      const tried = [...rows, ...denyRows, ...statementDenyRows].map(({ statement }) => statement);
      const named = [...text.matchAll(/`([a-z-]+(?: trust)? [A-Z]\w+)`/g)].map(([, it = ""]) => it);
      assert.ok(named.length > 0);
      assert.deepEqual(
        named.filter((it) => !tried.includes(it)),
        [],
      );
    });

    it("writes never only about calls that the simulation denies", () => {
      const denied = [...never, ...trialNever, ...deployNever, ...modelNever, ...instancesNever];
      const sentences = denied.map(([sentence]) => sentence);
      const named = [...text.matchAll(/\bnever "([^"]+)"/g)].map(([, it = ""]) => it);
      assert.ok(named.length > 0);
      assert.deepEqual(
        named.filter((it) => it !== "..." && !sentences.includes(it)),
        [],
      );
    });

    it("cites existing rules of the policy pack", () => {
      const rules = [...resourceRules, ...stackRules].map(({ name }) => name);
      const named = [...text.matchAll(/\bpolicy `([^`]+)`/g)].map(([, it = ""]) => it);
      assert.deepEqual(
        named.filter((it) => !rules.includes(it)),
        [],
      );
    });
  });
}

describe("SECURITY.md, calls within reach", () => {
  it("lists exactly the calls that the simulation allows", () => {
    const text = textOf("SECURITY.md").replace(/\s+/g, " ");
    const listed = [...text.matchAll(/\bwithin reach: "([^"]+)"/g)].map(([, it]) => it);
    const found = [...reach, ...deployReach].map(([sentence]) => sentence);
    assert.deepEqual(listed.sort(), found.sort());
  });
});

/** Whether the file has a test whose title contains these words; `...` matches any text. */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(join(root, file))) return false;
  const words = title.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`\\bit\\(\\s*["\`]${words.join(".*")}`).test(textOf(file));
}
