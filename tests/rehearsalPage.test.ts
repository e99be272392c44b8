import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Verdict } from "../local/rehearsal/contract";
import { markup, tableOf } from "../local/rehearsal/report/markup";
import { type Rehearsed, pageOf } from "../local/rehearsal/report/page";
import { startRecording } from "../local/rehearsal/report/record";
import { writeReport } from "../local/rehearsal/report/writeReport";
import { startTimeline } from "../local/rehearsal/timeline";
import { startSteps } from "../local/steps";
import { silently } from "./support/printed";

const used: Verdict = {
  principal: "sagemaker-churn-dev-build",
  call: "s3:PutObject",
  action: "kms:GenerateDataKey",
  resource: "arn:aws:kms:us-east-1:123456789012:key/1",
  allowed: true,
};
const permission = { role: "sagemaker-churn-dev-build", policy: "build", statement: "Artifacts" };
const rehearsed: Rehearsed = {
  facts: [["Pipeline", "sagemaker-churn-dev-modelbuild"]],
  stories: [
    {
      title: "a push ends with a version",
      seconds: 61.26,
      entries: [{ seconds: 1.04, who: "CodeCommit", what: "1a2b on main\nA change" }],
      messages: ["Model version 1 waits"],
    },
  ],
  verdicts: [
    used,
    used,
    { ...used, action: "s3:GetObject", allowed: false, expected: "on purpose" },
  ],
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
  const rows = [...section.matchAll(/<tr>(<td>.*?)<\/tr>/gs)].map(([, row = ""]) => row);
  return rows.map((row) =>
    [...row.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell = ""]) => cell.replace(/<[^>]*>/g, "")),
  );
}

describe("the page that a rehearsal leaves", () => {
  it("has facts, steps with outcome and seconds, what happened, and what people were told", () => {
    const page = pageOf(rehearsed);
    assert.match(page, /<title>The rehearsal: every step held<\/title>/);
    assert.match(page, /<td>Pipeline<\/td><td>sagemaker-churn-dev-modelbuild<\/td>/);
    assert.deepEqual(rowsUnder(page, "steps"), [
      ["1", "held", "61.3 s", "a push ends with a version"],
    ]);
    assert.deepEqual(rowsUnder(page, "stories"), [
      ["1.0 s", "CodeCommit", "1a2b on main\nA change"],
    ]);
    assert.match(page, /<h3>a push ends with a version<\/h3>\n<pre>Model version 1 waits<\/pre>/);
    assert.match(page, /<li>AWS itself<\/li>/);
  });

  it("has what each role used, would miss, and never used", () => {
    const page = pageOf(rehearsed);
    assert.deepEqual(rowsUnder(page, "roles"), [
      ["allowed", "kms:GenerateDataKey", "the key", "2", ""],
      ["denied", "s3:GetObject", "the key", "1", "expected: on purpose"],
    ]);
    assert.deepEqual(rowsUnder(page, "needed"), [
      [
        "sagemaker-churn-dev-build",
        ...["kms:GenerateDataKey", "Artifacts", "s3:PutObject", used.resource],
      ],
      ["sagemaker-churn-dev-build", "s3:PutObject", "Artifacts", "still goes on", ""],
    ]);
    assert.deepEqual(
      rowsUnder(page, "unused").map(([, action, , reason]) => [action, reason]),
      [
        ["s3:GetBucketAcl", "CodeBuild&#39;s guide asks for it."],
        ["s3:GetBucketLocation", ""],
      ],
    );
  });

  it("says which step failed and why, and what it did not come to", () => {
    const [story] = rehearsed.stories;
    assert.ok(story);
    const failed = { ...story, failure: "denied:\nbuild-role may not" };
    const page = pageOf({ ...rehearsed, review: undefined, stories: [story, failed] });
    assert.match(page, /a step failed/);
    assert.match(page, /1 failed, 1 steps held/);
    assert.match(page, /<pre>denied:\nbuild-role may not<\/pre>/);
    assert.equal(page.match(/<details open>/g)?.length, 1);
    assert.equal(page.match(/did not come so far/g)?.length, 2);
  });

  it("shows every text as it is, and fetches nothing", () => {
    const evil = `<script>alert("1")</script> & 'x' \u001b[31mred\u001b[0m`;
    const shown = "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; red";
    const entry = { seconds: 1, who: evil, what: evil };
    const story = { title: evil, seconds: 1, failure: evil, entries: [entry], messages: [evil] };
    const verdict = { ...used, principal: evil, action: evil, resource: evil, expected: evil };
    const needed = {
      ...permission,
      role: evil,
      action: evil,
      firstDenied: { ...used, call: evil },
    };
    const page = pageOf({
      facts: [[evil, evil]],
      stories: [story],
      verdicts: [{ ...verdict, allowed: false }],
      review: { needed: [needed], unused: [{ ...permission, action: evil }] },
      reasons: new Map([[`build-role Artifacts ${evil}`, evil]]),
      notExercised: [evil],
    });
    assert.ok(!page.includes("<script"));
    assert.equal(page.split(shown).length - 1, 19);
    assert.doesNotMatch(page, /(src|href)="(?!#)|url\(|@import/);
    assert.match(page, /default-src 'none'/);
  });

  it("says so where a table has no row, or nobody was told anything", () => {
    assert.match(tableOf(["Head"], []).html, /None/);
    const page = pageOf({ ...rehearsed, stories: [] });
    assert.match(page, /Nothing\./);
    assert.equal(markup`${1}${[markup`&`, { html: "<b>" }]}`.html, "1&<b>");
  });

  it("stands in the folder of local runs, whole", () => {
    const root = mkdtempSync(join(tmpdir(), "page-"));
    try {
      writeReport({ ...rehearsed, stories: [] }, "rehearsal.html", root);
      const file = writeReport(rehearsed, "rehearsal.html", root);
      assert.ok(file.endsWith(".local/rehearsal.html"));
      assert.equal(readFileSync(join(root, ".local/rehearsal.html"), "utf8"), pageOf(rehearsed));
      assert.deepEqual(readdirSync(join(root, ".local")), ["rehearsal.html"]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("the recording of a rehearsal", () => {
  it("keeps with each step what happened in it, also in one that failed", async () => {
    const stories = await silently(async () => {
      const recording = startRecording(startSteps());
      const timeline = startTimeline(recording.note);
      await recording.step("the first", () => {
        timeline.note("CodeBuild", "built\nwell");
        recording.told("It is built.");
        return Promise.resolve();
      });
      const failing = recording.step("the second", () => {
        timeline.note("SageMaker", "trains");
        return Promise.reject(new Error("no data"));
      });
      await assert.rejects(failing, /step "the second" failed: no data/);
      return recording.stories;
    });
    const seen = stories.map(({ entries, failure, messages, title }) => ({
      title,
      failure,
      messages,
      entries: entries.map(({ what, who }) => `${who}: ${what}`),
    }));
    assert.deepEqual(seen, [
      {
        title: "the first",
        failure: undefined,
        messages: ["It is built."],
        entries: ["CodeBuild: built\nwell"],
      },
      { title: "the second", failure: "no data", messages: [], entries: ["SageMaker: trains"] },
    ]);
  });
});
