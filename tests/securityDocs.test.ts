import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { resourceRules, stackRules } from "../policy/rules";
import { deployNever } from "./simulation/deployNever";
import { never } from "./simulation/never";
import { deployReach, reach } from "./simulation/reach";
import { refusals } from "./simulation/refusals";
import { rows } from "./simulation/rows";
import { reviewed } from "./support/documents";

const root = join(__dirname, "..");
const accepted = z
  .array(z.object({ reason: z.string(), findings: z.array(z.string()) }))
  .parse(reviewed("accepted-findings"));

for (const page of ["docs/security.md", "SECURITY.md"]) {
  describe(page, () => {
    const text = textOf(page).replace(/\s+/g, " ");

    it("names tests that there are", () => {
      const named = [...text.matchAll(/`(tests\/[\w/]+\.test\.ts)`: "([^"]+)"/g)];
      const missing = named.filter(([, file = "", title = ""]) => !hasTest(file, title));
      assert.deepEqual(
        missing.map(([citation]) => citation),
        [],
      );
    });

    it("names statements that the simulation tries", () => {
      const tried = [...rows, ...refusals].map(({ statement }) => statement);
      const named = [...text.matchAll(/`([a-z-]+(?: trust)? [A-Z]\w+)`/g)].map(([, it = ""]) => it);
      assert.ok(named.length > 0);
      assert.deepEqual(
        named.filter((it) => !tried.includes(it)),
        [],
      );
    });

    it("says never only of what the simulation refuses", () => {
      const sentences = [...never, ...deployNever].map(([sentence]) => sentence);
      const named = [...text.matchAll(/\bnever "([^"]+)"/g)].map(([, it = ""]) => it);
      assert.ok(named.length > 0);
      assert.deepEqual(
        named.filter((it) => it !== "..." && !sentences.includes(it)),
        [],
      );
    });

    it("names rules of the policy pack that there are", () => {
      const rules = [...resourceRules, ...stackRules].map(({ name }) => name);
      const named = [...text.matchAll(/\bpolicy `([^`]+)`/g)].map(([, it = ""]) => it);
      assert.deepEqual(
        named.filter((it) => !rules.includes(it)),
        [],
      );
    });
  });
}

describe("SECURITY.md, of what is within reach,", () => {
  it("says all that the simulation finds, and no more", () => {
    const text = textOf("SECURITY.md").replace(/\s+/g, " ");
    const told = [...text.matchAll(/\bwithin reach: "([^"]+)"/g)].map(([, it]) => it);
    const found = [...reach, ...deployReach].map(([sentence]) => sentence);
    assert.deepEqual(told.sort(), found.sort());
  });
});

describe("docs/security.md, of accepted findings,", () => {
  it("has each with its reason and its statements, and no other", () => {
    const [, table = ""] = textOf("docs/security.md").split("## Findings that are accepted");
    const written = table
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .slice(2)
      .map((line) => line.split("|").map((cell) => cell.replaceAll("`", "").trim()))
      .map(([, reason, statements]) => [reason, statements]);
    const expected = accepted.map(({ findings, reason }) => {
      const statements = findings.map((finding) => finding.split(": ")[0]);
      return [reason, [...new Set(statements)].join(", ")];
    });
    assert.deepEqual(written, expected);
  });
});

function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Whether a test's title has these words, in which `...` stands for anything. */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(join(root, file))) return false;
  const words = title.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`\\bit\\(\\s*["\`]${words.join(".*")}`).test(textOf(file));
}
