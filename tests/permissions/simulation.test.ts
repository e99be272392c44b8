import { strict as assert } from "node:assert";

import { z } from "zod";

import { authorize } from "../../local/iam/simulate";
import { everyPolicy } from "./lint/everyPolicy";
import type { PolicyDocument } from "./lint/policyDocuments";
import { statements } from "./lint/statements";
import { policySetOf, variantNames, wholeProject } from "./simulation/account";
import { widened, without } from "./simulation/change";
import { deployed, deployReach, reach } from "./simulation/reach";
import { publishNever } from "./simulation/deployMessageRows";
import { publisherDenyRows } from "./simulation/publisherRows";
import { denyRows } from "./simulation/denyRows";
import { rows } from "./simulation/rows";
import { statementDenyRows } from "./simulation/statementRows";
import { deployNever } from "./simulation/deployNever";
import { expiryNever } from "./simulation/expiryNever";
import { instancesNever, modelNever, uploads } from "./simulation/modelNever";
import { never } from "./simulation/never";
import { trialNever } from "./simulation/trialRows";
import type { Call } from "./simulation/row";
import { reviewed } from "../support/documents";

const listShape = z.array(
  z.strictObject({ reason: z.string().min(20), actions: z.array(z.string()).min(1) }),
);
const listed = (list: string) => listShape.parse(reviewed(list)).flatMap(({ actions }) => actions);
const inNetwork = "deploy-prod-role NetworkInterfaces";
const serverless = "deploy-staging-role ModelCreateServerless";
const settingsOf = (role: string) => `${role}-role-policy-statements PolicyStatements0`;
/** Calls that the Deny statements leave to the settings; the validation rejects iam:PassRole. */
const extendable = [
  "the build role creates training jobs",
  "the build role passes the execution role to CodeBuild",
  "the build role reads the training data buckets",
  "the build role passes the serve-prod role to SageMaker",
  "the execution role passes the serve-prod role to SageMaker",
];
const unused = listed("unused-actions");
const notExercised = listed("not-exercised-actions");

describe("simulated policies", () => {
  let projects: { names: readonly string[]; policies: PolicyDocument[] }[];

  before(async () => {
    projects = [];
    for (const variant of variantNames) {
      const policies = await wholeProject(variant);
      projects.push({ policies, names: namesOf(policies, "both") });
    }
  });

  /** The policies of a project that has these statements. */
  function having(...statements: readonly string[]): PolicyDocument[] {
    const found = projects.find(({ names }) => statements.every((one) => names.includes(one)));
    assert.ok(found, `no project has ${statements.join(" and ")}`);
    return found.policies;
  }

  describe("allow statements", () => {
    for (const { beside, calls, allows, denies, neighbours, statement } of rows) {
      it(`${statement}: ${allows}; denied: ${denies}`, async () => {
        const policies = having(statement, beside ?? statement);
        assert.deepEqual(await denied(calls, policies), [], "denied");
        // No other statement allows these calls: the statement is necessary.
        assert.deepEqual(await allowed(calls, without(policies, statement)), [], "also allowed");
        assert.deepEqual(await allowed(neighbours, policies), [], "allowed");
        // The statement alone causes the denial: with `Action: *` the calls are allowed.
        const open = widened(policies, statement);
        assert.deepEqual(await denied(neighbours, open), [], "denied in any case");
      });
    }
  });

  describe("deny statements", () => {
    for (const { beside, calls, others, denies, statement, allows } of [
      ...denyRows,
      ...publisherDenyRows,
    ]) {
      it(`${statement}: ${denies}; allowed: ${allows}`, async () => {
        const policies = having(statement, beside ?? statement);
        assert.deepEqual(await allowed(calls, policies), [], "allowed");
        assert.deepEqual(await denied(calls, without(policies, statement)), [], "also denied");
        assert.deepEqual(await denied(others, policies), [], "denied");
      });
    }
  });

  // For any settings: their statement becomes Action * on Resource *.
  describe("policy statements of the settings that allow every action", () => {
    const open = (role: string) =>
      widened(having(settingsOf("build")), settingsOf(role === "build" ? "build" : "execution"));
    for (const { calls, others, denies, statement, allows } of statementDenyRows) {
      const [role = ""] = statement.split("-");
      it(`${statement}: ${denies}; allowed: ${allows}`, async () => {
        assert.deepEqual(await allowed(calls, open(role)), [], "allowed");
        assert.deepEqual(await denied(calls, without(open(role), statement)), [], "also denied");
        assert.deepEqual(await denied(others, open(role)), [], "denied");
      });
    }

    it("still deny every call that SECURITY.md denies, except the listed ones", async () => {
      const found: string[] = [];
      for (const [sentence, who, does] of [...never, ...deployNever, ...modelNever]) {
        const roleArn = "roleArn" in who ? who.roleArn : "";
        const role = /--dev--(build|execution)-use1$/.exec(roleArn)?.[1];
        if (role === undefined) continue;
        const policies = widened(having(deployed, settingsOf(role)), settingsOf(role));
        if ((await denied([[who, does]], policies)).length === 0) found.push(sentence);
      }
      assert.deepEqual(found, extendable);
    });
  });

  describe("deny that", () => {
    for (const [sentence, who, does] of [...never, ...trialNever]) {
      it(sentence, async () => {
        for (const { policies } of projects)
          assert.deepEqual(await allowed([[who, does]], policies), []);
      });
    }
    for (const [sentence, who, does] of [
      ...[...deployNever, ...expiryNever, ...modelNever],
      ...publishNever,
    ]) {
      it(sentence, async () => {
        for (const beside of [deployed, inNetwork, serverless])
          assert.deepEqual(await allowed([[who, does]], having(deployed, beside)), []);
      });
    }
    for (const [sentence, who, does] of instancesNever) {
      it(sentence, async () => {
        for (const beside of [deployed, inNetwork])
          assert.deepEqual(await allowed([[who, does]], having(deployed, beside)), []);
      });
    }
    for (const { calls, sentence } of uploads) {
      it(sentence, async () => {
        assert.notDeepEqual(await denied(calls, having(deployed)), []);
      });
    }
  });

  // SECURITY.md lists these calls. A private network denies some of them.
  describe("allow, though unwanted, that", () => {
    for (const [sentence, who, does] of reach) {
      it(sentence, async () => {
        for (const { policies } of projects.slice(0, 2))
          assert.deepEqual(await denied([[who, does]], policies), []);
      });
    }
    for (const [sentence, who, does] of deployReach) {
      it(sentence, async () => {
        assert.deepEqual(await denied([[who, does]], having(deployed)), []);
      });
    }
  });
});

describe("simulation rows", () => {
  it("cover every Allow and every Deny statement", async () => {
    const policies = (await everyPolicy()).map(({ policy }) => policy);
    const spokenOf = (sentences: readonly { readonly statement: string }[]) =>
      [...new Set(sentences.map(({ statement }) => statement))].sort();
    assert.deepEqual(spokenOf(rows), namesOf(policies, "Allow"));
    assert.deepEqual(spokenOf([...denyRows, ...statementDenyRows]), namesOf(policies, "Deny"));
    for (const { calls, neighbours } of rows) assert.ok(calls.length > 0 && neighbours.length > 0);
    for (const { calls, others } of denyRows) assert.ok(calls.length > 0 && others.length > 0);
  }).timeout(60_000);

  it("use every granted action except the listed unused actions", async () => {
    const granted = (await everyPolicy()).flatMap(({ policy }) =>
      statements(policy.document).flatMap(({ Action, Effect, Sid }) =>
        Effect === "Allow" ? Action.map((action) => `${policy.name} ${Sid} ${action}`) : [],
      ),
    );
    const used = rows.flatMap(({ calls, statement }) =>
      calls.map(([, { action }]) => `${statement} ${action}`),
    );
    assert.deepEqual(
      [...unused].sort(),
      [...new Set(granted)].filter((action) => !used.includes(action)).sort(),
    );
    // The end-to-end run sees to it that these are what it does not use; here, that they are granted at all.
    assert.deepEqual(
      notExercised.filter((action) => !granted.includes(action) || !used.includes(action)),
      [],
    );
  }).timeout(60_000);
});

function namesOf(policies: readonly PolicyDocument[], effect: "Allow" | "Deny" | "both"): string[] {
  const names = policies.flatMap(({ document, name }) =>
    statements(document)
      .filter(({ Effect }) => effect === "both" || Effect === effect)
      .map(({ Sid }) => `${name} ${Sid}`),
  );
  return [...new Set(names)].sort();
}

function allowed(calls: readonly Call[], policies: readonly PolicyDocument[]) {
  return callsDecided(calls, policies, true);
}

function denied(calls: readonly Call[], policies: readonly PolicyDocument[]) {
  return callsDecided(calls, policies, false);
}

/** The calls that get this decision. */
async function callsDecided(
  calls: readonly Call[],
  policies: readonly PolicyDocument[],
  decision: boolean,
): Promise<string[]> {
  const policySet = policySetOf(policies);
  const found: string[] = [];
  for (const [who, does] of calls) {
    if ((await authorize(who, does, policySet)).allowed !== decision) continue;
    const by = "service" in who ? `${who.service} for ${who.sourceArn}` : who.roleArn;
    found.push(`${by}: ${does.action} on ${does.resource} ${JSON.stringify(does.context ?? {})}`);
  }
  return found;
}
