import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Decision } from "../../local/iam/contract";
import { markup, tableOf } from "../../local/report/markup";
import { type E2eResult, pageOf, writeReport } from "../../local/report/page";

const used: Decision = {
  principal: "mlops-churn--dev--build-use1",
  call: "s3:PutObject",
  action: "kms:GenerateDataKey",
  resource: "arn:aws:kms:us-east-1:123456789012:key/1",
  allowed: true,
};
const permission = {
  role: "mlops-churn--dev--build-use1",
  policy: "build",
  statement: "Artifacts",
};
const result: E2eResult = {
  facts: [["CodePipeline", "mlops-churn--dev--modelbuild"]],
  stepRecords: [
    {
      title: "a push registers one model version",
      start: 0,
      seconds: 61.26,
      entries: [{ seconds: 1.04, who: "CodeCommit", what: "1a2b on main\nA change" }],
      messages: ["Model version 1 of churn (dev) is pending approval."],
    },
  ],
  decisions: [used, used, { ...used, action: "s3:GetObject", allowed: false }],
  review: {
    needed: [
      { ...permission, action: "kms:GenerateDataKey", firstDenied: used },
      { ...permission, action: "s3:PutObject" },
    ],
    unused: [
      { ...permission, action: "s3:GetBucketAcl" },
      { ...permission, action: "s3:GetBucketLocation" },
    ],
  },
  reasons: new Map([["build-role Artifacts s3:GetBucketAcl", "CodeBuild's guide asks for it."]]),
  notExercised: ["AWS itself"],
};

/** Rows of the tables under a heading, cell by cell, as a reader sees them. */
function rowsUnder(page: string, id: string): string[][] {
  const section = page.split(`<h2 id="${id}">`)[1]?.split("<h2")[0] ?? "";
  const rows = [...section.matchAll(/<tr[^>]*>(<td>.*?)<\/tr>/gs)].map(([, row = ""]) => row);
  return rows.map((row) =>
    [...row.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell = ""]) => cell.replace(/<[^>]*>/g, "")),
  );
}

/** Summaries of the collapsible steps, as a reader sees them. */
function summariesOf(page: string): string[] {
  const summaries = page.matchAll(/<details id="step-[^>]*><summary>(.*?)<\/summary>/gs);
  return [...summaries].map(([, text = ""]) => text.replace(/<[^>]*>/g, ""));
}

describe("HTML report of an end-to-end run", () => {
  it("has facts, and steps with result, duration, events and notifications", () => {
    const page = pageOf(result);
    assert.match(page, /<title>End-to-end run: all steps passed<\/title>/);
    assert.match(page, /<td>CodePipeline<\/td><td>mlops-churn--dev--modelbuild<\/td>/);
    assert.deepEqual(summariesOf(page), ["1 passed a push registers one model version 61.3 s"]);
    assert.deepEqual(rowsUnder(page, "steps"), [["1.0 s", "CodeCommit", "1a2b on main\nA change"]]);
    assert.match(page, /<h3>Notifications<\/h3>\n<pre>Model version 1 of .* is pending/);
    assert.match(page, /<li>AWS itself<\/li>/);
  });

  it("has the used, necessary and unused actions of each role", () => {
    const page = pageOf(result);
    assert.deepEqual(rowsUnder(page, "roles"), [
      ["allowed", "kms:GenerateDataKey", "KMS key", "2"],
      ["denied", "s3:GetObject", "KMS key", "1"],
    ]);
    assert.deepEqual(rowsUnder(page, "needed"), [
      [
        "mlops-churn--dev--build-use1",
        ...["kms:GenerateDataKey", "Artifacts", "s3:PutObject", used.resource],
      ],
      ["mlops-churn--dev--build-use1", "s3:PutObject", "Artifacts", "no call is denied", ""],
    ]);
    assert.deepEqual(
      rowsUnder(page, "unused").map(([, action, , reason]) => [action, reason]),
      [
        ["s3:GetBucketAcl", "CodeBuild&#39;s guide asks for it."],
        ["s3:GetBucketLocation", ""],
      ],
    );
  });

  it("names the setting of a permission that the stack config grants", () => {
    const own = { ...permission, policy: "policy-statements", statement: "PolicyStatements0" };
    const review = {
      needed: [{ ...own, action: "s3:GetObject", firstDenied: used }],
      unused: [{ ...own, action: "s3:ListBucket" }],
    };
    const page = pageOf({ ...result, review });
    assert.deepEqual(
      ["needed", "unused"].map((id) => rowsUnder(page, id)[0]?.[2]),
      ["build.policyStatements[0]", "build.policyStatements[0]"],
    );
    assert.match(page, /A policy statement of the stack config grants it\./);
  });

  it("names the failed step, its error and the checks that did not run", () => {
    const [stepRecord] = result.stepRecords;
    assert.ok(stepRecord);
    const failed = { ...stepRecord, failure: "denied:\nbuild-role" };
    const page = pageOf({ ...result, review: undefined, stepRecords: [stepRecord, failed] });
    assert.match(page, /a step failed/);
    assert.match(page, /1 steps passed, 1 failed/);
    assert.match(page, /<pre>denied:\nbuild-role<\/pre>/);
    assert.equal(page.match(/<details[^>]* open>/g)?.length, 1);
    assert.deepEqual(summariesOf(page), [
      "1 passed a push registers one model version 61.3 s",
      "2 failed a push registers one model version 61.3 s",
    ]);
    assert.equal(page.match(/ended before this check/g)?.length, 2);
  });

  it("links the timeline to every step and event, which it has once", () => {
    const page = pageOf(result);
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length);
    const links = [...page.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id);
    assert.ok(links.includes("step-1") && links.includes("step-1-event-1"));
    assert.deepEqual(
      links.filter((id) => !ids.includes(id)),
      [],
    );
  });

  it("escapes every text and loads no external resource", () => {
    const evil = `<script>alert("1")</script> & 'x' \u001b[31mred\u001b[0m`;
    const shown = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; red";
    const entry = { seconds: 1, who: evil, what: evil };
    const stepRecord = {
      title: evil,
      start: 0,
      seconds: 1,
      failure: evil,
      entries: [entry],
      messages: [evil],
    };
    const decision = { ...used, principal: evil, action: evil, resource: evil };
    const needed = {
      ...permission,
      role: evil,
      action: evil,
      firstDenied: { ...used, call: evil },
    };
    const page = pageOf({
      facts: [[evil, evil]],
      stepRecords: [stepRecord],
      decisions: [{ ...decision, allowed: false }],
      review: { needed: [needed], unused: [{ ...permission, action: evil }] },
      reasons: new Map([[`build-role Artifacts ${evil}`, evil]]),
      notExercised: [evil],
    });
    assert.ok(!page.includes("<script"));
    assert.equal(page.split(shown).length - 1, 22);
    assert.doesNotMatch(page, /(src|href)="(?!#)|url\(|@import|<(img|link|object|use)/);
    assert.match(page, /default-src 'none'/);
  });

  it("shows empty tables, a run without steps and a step without events", () => {
    assert.match(tableOf(["Head"], []).html, /None/);
    const page = pageOf({ ...result, stepRecords: [] });
    assert.match(page, /0 steps and 0 events/);
    const [step] = result.stepRecords;
    assert.ok(step);
    const silent = pageOf({ ...result, stepRecords: [{ ...step, entries: [], messages: [] }] });
    assert.match(silent, /<p class="quiet">No events\.<\/p>/);
    assert.doesNotMatch(silent, /Notifications/);
    assert.equal(markup`${1}${[markup`&`, { html: "<b>" }]}`.html, "1&<b>");
  });

  it("is written completely to .local", () => {
    const root = mkdtempSync(join(tmpdir(), "page-"));
    try {
      writeReport({ ...result, stepRecords: [] }, "e2e-report.html", root);
      const file = writeReport(result, "e2e-report.html", root);
      assert.ok(file.endsWith(".local/e2e-report.html"));
      assert.equal(readFileSync(join(root, ".local/e2e-report.html"), "utf8"), pageOf(result));
      assert.deepEqual(readdirSync(join(root, ".local")), ["e2e-report.html"]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
