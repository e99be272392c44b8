import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Decision } from "../../local/iam/contract";
import type { Needed } from "../../local/iam/review";
import { listedName, mustBeJustified } from "../../local/report/unusedActions";
import { mustBeNeeded, reportDecisions } from "../../local/report/decisions";
import {
  type DenialRules,
  denialsIn,
  mustBeAllowed,
  noDenials,
  readExpectedDenials,
  reportDenials,
} from "../../local/report/denials";
import { mustNotify } from "../../local/scenarios/notifications";
import { printed, silently } from "../support/printed";

const allowed: Decision = {
  principal: "build-role",
  call: "s3:PutObject",
  action: "s3:PutObject",
  resource: "arn:aws:s3:::artifacts/churn/model/1",
  allowed: true,
};
const denied: Decision = {
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

describe("denials in code of the user", () => {
  const tolerated = { ...denied, action: "s3:ListAllMyBuckets", resource: "*" };
  const rules = { expected: [], userRoles: ["build-role"] };
  const expected = [{ action: "s3:List*", reason: "Asks for all buckets first.", resource: "*" }];

  it("fail the run only if a build or a job fails", () => {
    assert.equal(denialsIn([allowed, tolerated], rules), undefined);
    assert.match(denialsIn([tolerated], rules, true) ?? "", /^denied:\nbuild-role .*ListAllMy/);
    assert.equal(denialsIn([allowed], rules, true), undefined);
  });

  it("fail the run if the role's own policy allows the call", () => {
    assert.match(denialsIn([{ ...denied, isGranted: true }], rules) ?? "", /GenerateDataKey/);
  });

  it("fail the run in code of this project and in AWS services", () => {
    const service = { ...tolerated, principal: "events.amazonaws.com" };
    assert.ok(denialsIn([service], rules));
    assert.ok(denialsIn([tolerated], { ...rules, userRoles: ["other-role"] }));
    assert.ok(denialsIn([tolerated], noDenials));
  });

  it("never fail the run if they are expected", () => {
    const list = { ...tolerated, isGranted: true };
    assert.equal(denialsIn([list], { expected, userRoles: [] }, true), undefined);
    assert.ok(denialsIn([list, denied], { expected, userRoles: [] }));
  });

  it("are reported with the reason, and expected ones that did not occur", () => {
    const never = { action: "sts:AssumeRole", reason: "Other account.", resource: "*" };
    const lines = (rule: Pick<DenialRules, "expected">) =>
      printed(() => {
        reportDenials([allowed, tolerated, tolerated], rule);
      }).map((line) => line.trim());
    const [line = ""] = lines(rules);
    assert.match(
      line,
      /ListAllMyBuckets on \*.*: the code continued without it \(.*default_bucket/,
    );
    const [first = "", second] = lines({ expected: [...expected, never] });
    assert.match(first, /: expected: Asks for all buckets first\.$/);
    assert.equal(second, "expected denial did not occur: sts:AssumeRole on *");
  });

  it("are read from a YAML list of action, resource and reason", () => {
    const folder = mkdtempSync(join(tmpdir(), "denials-"));
    const file = join(folder, "expected-denials.yml");
    const read = (text: string) => {
      writeFileSync(file, text);
      return readExpectedDenials(file);
    };
    assert.deepEqual(
      read('- {action: "s3:List*", reason: Asks for all buckets first.}\n'),
      expected,
    );
    assert.throws(() => read("- action: s3:GetObject\n"), /must be a list of denials[^]*reason/);
    assert.throws(() => read("a: [\n"), /expected-denials\.yml, line \d: no valid YAML/);
    rmSync(folder, { recursive: true });
  });
});

describe("authorization report of an end-to-end run", () => {
  it("counts authorized actions by principal, action, resource type and decision", () => {
    const again = { ...allowed, resource: "arn:aws:s3:::artifacts/churn/model/2" };
    const other = { ...denied, principal: "pipeline-role" };
    const lines = printed(() => {
      reportDecisions([allowed, denied, again, other]);
    });
    assert.deepEqual(
      lines.map((line) => line.trim().replace(/ {2,}/g, " | ")),
      [
        "build-role: 3 authorized actions",
        "allowed | 2 x | s3:PutObject | artifacts/churn/model/...",
        "denied | 1 x | kms:GenerateDataKey | KMS key",
        "pipeline-role: 1 authorized actions",
        "denied | 1 x | kms:GenerateDataKey | KMS key",
      ],
    );
  });

  it("reports each denial once with call, resource and role", () => {
    assert.throws(
      () => {
        mustBeAllowed([allowed, denied, denied]);
      },
      {
        message:
          "denied:\nbuild-role is denied kms:GenerateDataKey on " +
          "arn:aws:kms:us-east-1:123456789012:key/1 (call s3:PutObject)",
      },
    );
  });

  it("fails for an action that another statement grants too, and names it", () => {
    const needed: Needed = { ...permission, firstDenied: denied };
    const lines = printed(() => {
      mustBeNeeded([needed]);
    });
    assert.match(lines.join(), /build-role without s3:PutObject +is denied s3:PutObject/);
    printed(() => {
      assert.throws(() => {
        mustBeNeeded([needed, { ...permission, action: "s3:GetObject" }]);
      }, /granted by more than one statement: build-role: s3:GetObject \(PutArtifacts\)$/);
    });
  });

  it("names the setting of a permission, which may repeat or not use any", () => {
    const role = "mlops-churn--dev--execution-use1";
    const own = {
      ...permission,
      policy: "policy-statements",
      role,
      statement: "PolicyStatements2",
    };
    const lines = printed(() => {
      mustBeNeeded([own]);
      mustBeJustified({ needed: [], unused: [own] }, new Map());
    });
    assert.deepEqual(
      lines.map((line) => line.trim().replace(/ {2,}/g, " | ")),
      [`${role} without s3:PutObject | no call is denied | training.policyStatements[2]`],
    );
  });

  it("prints the listed reason of an unused action", () => {
    const unused = { ...permission, role: "mlops-churn--dev--build-use1" };
    const reasons = new Map([["build-role PutArtifacts s3:PutObject", "For rollback."]]);
    const lines = printed(() => {
      mustBeJustified({ needed: [], unused: [unused] }, reasons);
    });
    assert.deepEqual(
      lines.map((line) => line.trim().replace(/ {2,}/g, " | ")),
      ["build-role PutArtifacts s3:PutObject | For rollback."],
    );
  });

  it("fails for an unused action without a listed reason, and for a used one with a reason", () => {
    const role = "mlops-churn--dev--build-use1";
    const used = { ...permission, role, action: "s3:GetObject", firstDenied: denied };
    const reasons = new Map([["build-role PutArtifacts s3:GetObject", "For rollback."]]);
    printed(() => {
      assert.throws(
        () => {
          mustBeJustified({ needed: [used], unused: [{ ...permission, role }] }, reasons);
        },
        {
          message:
            "build-role PutArtifacts s3:PutObject is granted and unused, without a listed reason\n" +
            "build-role PutArtifacts s3:GetObject is listed as unused, but was used\n" +
            "lists: tests/documents/{unused-actions,not-exercised-actions}.json",
        },
      );
    });
  });

  it("names a permission by role without project name and region code", () => {
    const roles = ["build", "deploy", "deploy-staging", "serve-prod", "test-staging", "push-rule"];
    const names = roles.map((role) =>
      listedName({ ...permission, role: `mlops-my-deploy--prod-eu--${role}-use1` }),
    );
    assert.deepEqual(
      names,
      roles.map((role) => `${role}-role PutArtifacts s3:PutObject`),
    );
  });
});

describe("check of notifications", () => {
  const checkNotifications = (messages: string[], ...words: RegExp[]) =>
    silently(() =>
      mustNotify(
        { collect: () => Promise.resolve(messages), close: () => Promise.resolve() },
        ...words,
      ),
    );

  it("requires exactly the expected notifications in order", async () => {
    await checkNotifications([]);
    await checkNotifications(
      ["Deployment is pending.", "Deployment succeeded."],
      /pending/,
      /succeeded/,
    );
    await assert.rejects(
      checkNotifications(
        ["Deployment succeeded.", "Deployment is pending."],
        /pending/,
        /succeeded/,
      ),
      /notification 1 does not match pending/,
    );
    await assert.rejects(
      checkNotifications(["Deployment is pending."]),
      /expected 0 notifications, got 1/,
    );
    await assert.rejects(checkNotifications([], /pending/), /expected 1 notifications, got 0/);
  });
});
