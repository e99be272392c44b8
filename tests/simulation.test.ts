import { strict as assert } from "node:assert";

import { z } from "zod";

import { judge } from "../local/rehearsal/judge/judge";
import { everyPolicy } from "./lint/everyPolicy";
import type { PolicyDocument } from "./lint/policyDocuments";
import { statements } from "./lint/statements";
import { courtOf, variantNames, wholeProject } from "./simulation/account";
import { widened, without } from "./simulation/change";
import { deployed, deployReach, reach } from "./simulation/reach";
import { refusals } from "./simulation/refusals";
import { rows } from "./simulation/rows";
import { deployNever } from "./simulation/deployNever";
import { never } from "./simulation/never";
import type { Call } from "./simulation/row";
import { reviewed } from "./support/documents";

const listShape = z.array(
  z.strictObject({ reason: z.string().min(20), actions: z.array(z.string()).min(1) }),
);
const listed = (list: string) => listShape.parse(reviewed(list)).flatMap(({ actions }) => actions);
const inNetwork = "deploy-prod-role NetworkInterfaces";
const unused = listed("unused-actions");
const notRehearsed = listed("not-rehearsed-actions");

describe("the policies, simulated", () => {
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

  describe("let", () => {
    for (const { beside, calls, may, mayNot, neighbours, statement } of rows) {
      it(`${may}; not ${mayNot}`, async () => {
        const policies = having(statement, beside ?? statement);
        assert.deepEqual(await denied(calls, policies), [], "denied");
        // Else another statement would allow them as well, and this one would be of no use.
        assert.deepEqual(await allowed(calls, without(policies, statement)), [], "also allowed");
        assert.deepEqual(await allowed(neighbours, policies), [], "allowed");
        // Else something else would be wrong with them, and they would say nothing of this statement.
        const open = widened(policies, statement);
        assert.deepEqual(await denied(neighbours, open), [], "denied in any case");
      });
    }
  });

  describe("refuse", () => {
    for (const { calls, others, refuses, statement, takes } of refusals) {
      it(`${refuses}; not ${takes}`, async () => {
        const policies = having(statement);
        assert.deepEqual(await allowed(calls, policies), [], "allowed");
        assert.deepEqual(await denied(calls, without(policies, statement)), [], "also denied");
        assert.deepEqual(await denied(others, policies), [], "denied");
      });
    }
  });

  describe("never let it happen that", () => {
    for (const [sentence, who, does] of never) {
      it(sentence, async () => {
        for (const { policies } of projects)
          assert.deepEqual(await allowed([[who, does]], policies), []);
      });
    }
    for (const [sentence, who, does] of deployNever) {
      it(sentence, async () => {
        for (const policies of [having(deployed), having(deployed, inNetwork)])
          assert.deepEqual(await allowed([[who, does]], policies), []);
      });
    }
  });

  // Should one of them become impossible, SECURITY.md is to say so. A network takes some of them away.
  describe("leave within reach that", () => {
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

describe("the simulation's table", () => {
  it("has a sentence about every statement that allows, and every one that denies", async () => {
    const policies = (await everyPolicy()).map(({ policy }) => policy);
    const spokenOf = (sentences: readonly { readonly statement: string }[]) =>
      [...new Set(sentences.map(({ statement }) => statement))].sort();
    assert.deepEqual(spokenOf(rows), namesOf(policies, "Allow"));
    assert.deepEqual(spokenOf(refusals), namesOf(policies, "Deny"));
    for (const { calls, neighbours } of rows) assert.ok(calls.length > 0 && neighbours.length > 0);
    for (const { calls, others } of refusals) assert.ok(calls.length > 0 && others.length > 0);
  }).timeout(60_000);

  it("uses every granted action but the listed ones, each of which is granted for a reason", async () => {
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
    // The rehearsal sees to it that these are what it does not use; here, that they are granted at all.
    assert.deepEqual(
      notRehearsed.filter((action) => !granted.includes(action) || !used.includes(action)),
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
  return judged(calls, policies, true);
}

function denied(calls: readonly Call[], policies: readonly PolicyDocument[]) {
  return judged(calls, policies, false);
}

/** The calls of which the judge says this. */
async function judged(
  calls: readonly Call[],
  policies: readonly PolicyDocument[],
  verdict: boolean,
): Promise<string[]> {
  const court = courtOf(policies);
  const found: string[] = [];
  for (const [who, does] of calls) {
    if ((await judge(who, does, court)).allowed !== verdict) continue;
    const by = "service" in who ? `${who.service} for ${who.sourceArn}` : who.roleArn;
    found.push(`${by}: ${does.action} on ${does.resource} ${JSON.stringify(does.context ?? {})}`);
  }
  return found;
}
