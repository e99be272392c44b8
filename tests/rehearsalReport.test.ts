import { strict as assert } from "node:assert";

import type { Verdict } from "../local/rehearsal/contract";
import type { Needed } from "../local/rehearsal/judge/review";
import { listedName, mustBeJustified } from "../local/rehearsal/justified";
import { mustBeAllowed, mustBeNeeded, reportVerdicts } from "../local/rehearsal/report";
import { mustTell } from "../local/rehearsal/told";
import { printed, silently } from "./support/printed";

const allowed: Verdict = {
  principal: "build-role",
  call: "s3:PutObject",
  action: "s3:PutObject",
  resource: "arn:aws:s3:::artifacts/churn/model/1",
  allowed: true,
};
const denied: Verdict = {
  ...allowed,
  action: "kms:GenerateDataKey",
  resource: "arn:aws:kms:us-east-1:123456789012:key/1",
  allowed: false,
};
const permission = {
  role: "build-role",
  policy: "build",
  statement: "PutArtifacts",
  action: "s3:PutObject",
};

describe("the report of a rehearsal", () => {
  it("counts the uses of each principal by action, kind of resource and verdict", () => {
    const again = { ...allowed, resource: "arn:aws:s3:::artifacts/churn/model/2" };
    const other = { ...denied, principal: "pipeline-role", expected: "a reason" };
    const lines = printed(() => {
      reportVerdicts([allowed, denied, again, other]);
    });
    assert.deepEqual(
      lines.map((line) => line.trim().replace(/ {2,}/g, " | ")),
      [
        "build-role: 3 uses",
        "allowed | 2 x | s3:PutObject | artifacts/churn/model/...",
        "denied | 1 x | kms:GenerateDataKey | the key",
        "pipeline-role: 1 uses",
        "denied | 1 x | kms:GenerateDataKey | the key | expected: a reason",
      ],
    );
  });

  it("fails at a denial, once for each, naming call, resource and role", () => {
    assert.throws(
      () => {
        mustBeAllowed([allowed, denied, denied]);
      },
      {
        message:
          "denied:\nbuild-role may not kms:GenerateDataKey on " +
          "arn:aws:kms:us-east-1:123456789012:key/1 (call s3:PutObject)",
      },
    );
  });

  it("passes over a denial that was to be expected", () => {
    mustBeAllowed([allowed, { ...denied, expected: "a reason" }]);
  });

  it("fails for an action without which its role still goes on, and names it", () => {
    const needed: Needed = { ...permission, firstDenied: denied };
    const lines = printed(() => {
      mustBeNeeded([needed]);
    });
    assert.match(lines.join(), /build-role without s3:PutObject +is denied s3:PutObject/);
    printed(() => {
      assert.throws(() => {
        mustBeNeeded([needed, { ...permission, action: "s3:GetObject" }]);
      }, /granted more than once.*: build-role: s3:GetObject \(PutArtifacts\)$/);
    });
  });

  it("gives the reason for which an action is granted that nothing used, whatever the project's name", () => {
    const unused = { ...permission, role: "sagemaker-churn-dev-build" };
    const reasons = new Map([["build-role PutArtifacts s3:PutObject", "For rollback."]]);
    const lines = printed(() => {
      mustBeJustified({ needed: [], unused: [unused] }, reasons);
    });
    assert.deepEqual(
      lines.map((line) => line.trim().replace(/ {2,}/g, " | ")),
      ["build-role PutArtifacts s3:PutObject | For rollback."],
    );
  });

  it("fails for an unused action without a reason, and for a used one with a reason", () => {
    const role = "sagemaker-churn-dev-build";
    const used = { ...permission, role, action: "s3:GetObject", firstDenied: denied };
    const reasons = new Map([["build-role PutArtifacts s3:GetObject", "For rollback."]]);
    printed(() => {
      assert.throws(
        () => {
          mustBeJustified({ needed: [used], unused: [{ ...permission, role }] }, reasons);
        },
        {
          message:
            "build-role PutArtifacts s3:PutObject is granted, and nothing used it\n" +
            "build-role PutArtifacts s3:GetObject is listed as unused, and was used\n" +
            "the lists are tests/documents/{unused-actions,not-rehearsed-actions}.json",
        },
      );
    });
  });

  it("names a permission by its role's own words, those of a stage with it, whatever the project's name", () => {
    const roles = ["build", "deploy", "deploy-staging", "serve-prod", "test-staging", "approval"];
    const names = roles.map((role) =>
      listedName({ ...permission, role: `sagemaker-my-deploy-prod-${role}` }),
    );
    assert.deepEqual(
      names,
      roles.map((role) => `${role}-role PutArtifacts s3:PutObject`),
    );
  });
});

describe("what people are told in a rehearsal", () => {
  const told = (messages: string[], ...words: RegExp[]) =>
    silently(() =>
      mustTell(
        { collect: () => Promise.resolve(messages), close: () => Promise.resolve() },
        ...words,
      ),
    );

  it("is exactly what is expected, in order", async () => {
    await told([]);
    await told(["It waits.", "It runs."], /waits/, /runs/);
    await assert.rejects(
      told(["It runs.", "It waits."], /waits/, /runs/),
      /message 1 says nothing of waits/,
    );
    await assert.rejects(told(["It waits."]), /messages on the topic: 1 instead of 0/);
    await assert.rejects(told([], /waits/), /messages on the topic: 0 instead of 1/);
  });
});
