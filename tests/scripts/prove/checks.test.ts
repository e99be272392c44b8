import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";

import { operations } from "../../../local/iam/requiredActions";
import {
  comparedDenials,
  type Denial,
  localDecisions,
  rolePart,
} from "../../../scripts/prove/denials";
import { differences, sampleEvents, sourcesOf } from "../../../scripts/prove/events";
import { maskOf } from "../../../scripts/prove/mask";
import { bill, billTotal, LIMIT_USD, minutes, prices } from "../../../scripts/prove/prices";
import { onlyAws } from "../../../scripts/prove/steps";
import { writeFormatted } from "../../../scripts/writeFormatted";
import { rows } from "../../permissions/simulation/rows";
import { pushEvent, target } from "../../support/proveAccount";

const page = (name: string) =>
  readFileSync(join(__dirname, "../../../docs", name), "utf8").replaceAll(/\s+/g, " ");

describe("bill of npm run prove", () => {
  it("has the prices and durations of docs/costs.md", () => {
    const costs = page("costs.md");
    for (const { text, value } of [...Object.values(prices), ...Object.values(minutes)]) {
      assert.ok(costs.includes(text), text);
      // "two" in front of 5 minutes, for example, is no price.
      assert.ok(
        text
          .split(/[^\d.]+/)
          .map(Number)
          .includes(value),
        `${text}: ${String(value)}`,
      );
    }
  });

  it("stays below its limit", () => {
    assert.ok(billTotal() < LIMIT_USD, String(billTotal()));
    assert.ok(bill().every(([, usd]) => usd > 0));
  });
});

describe("docs of npm run prove", () => {
  it("name each step, with what only AWS shows", () => {
    const text = page("how-to/prove-on-your-account.md");
    for (const step of Object.keys(onlyAws)) assert.ok(text.includes(`\`${step}\``), step);
  });
});

describe("maskOf", () => {
  const mask = maskOf("123456789012", ["", "hunter2", "hunter2-and-more", 'a"b']);

  it("hides account, people, keys and secrets, the longest secret first", () => {
    assert.equal(
      mask(
        "arn:aws:sts::123456789012:assumed-role/admin/jane arn:aws:iam::123456789012:user/jo " +
          'AKIAIOSFODNN7EXAMPLE jane@example.com hunter2-and-more hunter2 {"x":"a\\"b"}',
      ),
      "arn:aws:sts::<account>:assumed-role/admin/<session> arn:aws:iam::<account>:user/<user> " +
        '<id> <email> <secret> <secret> {"x":"<secret>"}',
    );
  });
});

describe("differences of events", () => {
  const samples = sampleEvents();

  it("has none for the samples themselves", () => {
    const none = { further: [], wrong: [] };
    assert.deepEqual(differences(samples, samples), none);
    assert.deepEqual(differences([pushEvent], samples), none);
    assert.ok(sourcesOf(samples).includes("aws.codepipeline"));
  });

  it("lists unknown, missing and changed fields, and unknown kinds, once", () => {
    const { commitId: _, ...detail } = pushEvent.detail;
    const wrong = { ...pushEvent, detail: { ...detail, more: [{ x: 1 }], repositoryId: null } };
    const kind = { ...pushEvent, "detail-type": "Scheduled Event", detail: {} };
    const title = "CodeCommit Repository State Change referenceUpdated";
    assert.deepEqual(differences([wrong, wrong, kind], samples), {
      further: [`${title}: detail.more[].x, which no sample has`, "Scheduled Event: no sample"],
      wrong: [
        `${title}: detail.commitId is missing, which every sample has`,
        `${title}: detail.repositoryId is null, in the samples string`,
      ],
    });
  });

  it("leaves out keys that are data", () => {
    const model = samples.find(({ detail }) => "CustomerMetadataProperties" in detail);
    assert.ok(model);
    const CustomerMetadataProperties = { Anything: 7 };
    const event = { ...model, detail: { ...model.detail, CustomerMetadataProperties } };
    assert.deepEqual(differences([event], samples), { further: [], wrong: [] });
  });
});

describe("comparedDenials", () => {
  const denial: Denial = {
    action: "kms:CreateGrant",
    call: "sagemaker:CreateEndpoint",
    message: "denied.",
    role: `${target.stem}--deploy-prod-use1`,
  };
  const decision = (allowed: Record<string, string[]>, calls: string[]) =>
    comparedDenials([denial, denial], target.stem, { allowed, calls }).map((it) =>
      it.replace(/^.*the local cloud (.*) denied\.$/, "$1"),
    );

  it("says once what the local cloud decides on each denied call", () => {
    assert.deepEqual(decision({}, []), [
      "does not allow it to the role, and its table of IAM actions lacks the call.",
    ]);
    assert.deepEqual(decision({ "deploy-prod": ["kms:CreateGrant"] }, [denial.call]), [
      "allows the action to the role.",
    ]);
  });

  it("has the calls of the IAM table, and the actions that the simulation allows to roles", async () => {
    const allowed: Record<string, Set<string>> = {};
    for (const [actor, { action }] of rows.flatMap(({ calls }) => calls)) {
      if (!("roleArn" in actor)) continue;
      const role = rolePart(actor.roleArn.replace(/^.*\//, ""), target.stem);
      (allowed[role] ??= new Set()).add(action);
    }
    const roles = Object.entries(allowed).map(([role, actions]) => [role, [...actions].sort()]);
    const expected = {
      allowed: Object.fromEntries(roles.sort()) as Record<string, string[]>,
      calls: [...operations].sort(),
    };
    const file = join(__dirname, "../../../scripts/prove/localDecisions.json");
    if (process.env.WRITE_LOCAL_DECISIONS === "true") await writeFormatted(file, expected);
    const next = 'Next: WRITE_LOCAL_DECISIONS=true npm test -- -g "calls of the IAM table"';
    assert.ok(isDeepStrictEqual(localDecisions(), expected), `${file} is out of date. ${next}`);
    assert.equal(rolePart(`${target.stem}--expire-staging-usgovw1`, target.stem), "expire-staging");
  });
});
