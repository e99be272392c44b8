import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { resourceRules, stackRules } from "../policy/rules";
import { deployNever } from "./simulation/deployNever";
import { never } from "./simulation/never";
import { deployReach, reach } from "./simulation/reach";
import { denyRows } from "./simulation/denyRows";
import { rows } from "./simulation/rows";
import { reviewed } from "./support/documents";

const root = join(__dirname, "..");
const accepted = z
  .array(z.object({ reason: z.string(), findings: z.array(z.string()) }))
  .parse(reviewed("accepted-findings"));

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
      const tried = [...rows, ...denyRows].map(({ statement }) => statement);
      const named = [...text.matchAll(/`([a-z-]+(?: trust)? [A-Z]\w+)`/g)].map(([, it = ""]) => it);
      assert.ok(named.length > 0);
      assert.deepEqual(
        named.filter((it) => !tried.includes(it)),
        [],
      );
    });

    it("writes never only about calls that the simulation denies", () => {
      const sentences = [...never, ...deployNever].map(([sentence]) => sentence);
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

describe("docs/security.md, accepted findings", () => {
  it("lists exactly the reasons and statements of accepted-findings.json", () => {
    const expected = accepted.map(({ findings, reason }) => ({
      reason,
      statements: [...new Set(findings.map((finding) => finding.split(": ")[0] ?? ""))],
    }));
    assert.deepEqual(listedFindings(textOf("docs/security.md")), expected);
  });
});

interface ListedFindings {
  reason: string;
  statements: string[];
}

/** Reasons and statements of the accepted findings: after its introduction, each reason is a paragraph before a list. */
function listedFindings(page: string): ListedFindings[] {
  const [, section = "", ...others] = page.split("## Findings that are accepted\n");
  assert.deepEqual(others, []);
  const [, ...blocks] = section.split(/\n{2,}/).map((block) => block.replace(/\s+/g, " ").trim());
  return blocks.flatMap((reason, index) => {
    if (index % 2 === 1) return [];
    const list = blocks[index + 1] ?? "";
    assert.match(list, /^- `/, reason);
    const statements = [...list.matchAll(/`([^`]+)`/g)].map(([, it = ""]) => it);
    assert.equal(list.replace(/`[^`]+`|[-, ]/g, ""), "", `only statements in "${list}"`);
    return [{ reason: reason.replaceAll("`", ""), statements }];
  });
}

function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Whether the file has a test whose title contains these words; `...` matches any text. */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(join(root, file))) return false;
  const words = title.split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`\\bit\\(\\s*["\`]${words.join(".*")}`).test(textOf(file));
}
