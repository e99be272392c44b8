import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as host from "@pulumi/policy";
import { z } from "zod";

import { plain } from "../../policy/plain";
import { notYet } from "../../policy/resource";
import { reviewState } from "../../policy/reviewState";
import { resourcesIn } from "../../policy/state";

// Exported for tests of packs, with no type.
const hostShape = z.object({
  unknownCheckingProxy: z.custom<(props: object) => object>((it) => typeof it === "function"),
});
const urn = (type: string, name: string) => `urn:pulumi:dev::project::${type}::${name}`;
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const key = {
  urn: urn("aws:kms/key:Key", "key"),
  type: "aws:kms/key:Key",
  custom: true,
  inputs: { enableKeyRotation: true },
  outputs: { keyId: "1", enableKeyRotation: true },
};
const topic = {
  urn: urn("aws:sns/topic:Topic", "topic"),
  type: "aws:sns/topic:Topic",
  custom: true,
  inputs: { kmsMasterKeyId: { ...secret, ciphertext: "v1:..." } },
  outputs: { arn: "arn:it", policy: "" },
};
const topicPolicy = {
  urn: urn("aws:sns/topicPolicy:TopicPolicy", "topic"),
  type: "aws:sns/topicPolicy:TopicPolicy",
  custom: true,
  inputs: {},
  outputs: { arn: { ...secret, ciphertext: "v1:..." }, policy: { ...secret } },
  propertyDependencies: { arn: [topic.urn], policy: null },
};
const stack = { urn: urn("pulumi:pulumi:Stack", "project-dev"), type: "pulumi:pulumi:Stack" };
const stateOf = (...resources: object[]) => ({ version: 3, deployment: { resources } });

describe("the policy pack on a state file", () => {
  it("judges resources by their inputs, and finds nothing in a stack that keeps the rules", () => {
    const { problems, unseen } = reviewState(resourcesIn(stateOf(stack, key)), {});
    assert.deepEqual({ problems, unseen }, { problems: [], unseen: [] });
  });

  it("names rule and resource of what is wrong", () => {
    const still = { ...key, inputs: {} };
    const { problems } = reviewState(resourcesIn(stateOf(still)), {});
    assert.deepEqual(problems, [
      {
        rule: "keys-rotate",
        urn: key.urn,
        message: "The key does not rotate. Set enableKeyRotation to true.",
      },
    ]);
  });

  it("cannot judge what is encrypted, raises no alarm over it, and says so", () => {
    const { problems, unseen } = reviewState(resourcesIn(stateOf(topic, topicPolicy)), {});
    assert.deepEqual(problems, []);
    assert.deepEqual(unseen, [`kmsMasterKeyId of ${topic.urn}, by topics-are-encrypted`]);
  });

  it("leaves out what only waits for its deletion", () => {
    assert.deepEqual(resourcesIn(stateOf({ ...key, delete: true })), []);
  });

  it("takes a config as the engine does", () => {
    const still = resourcesIn(stateOf({ ...key, inputs: {} }));
    const off = { enforcementLevel: "disabled" };
    for (const config of [{ "keys-rotate": "disabled" }, { "keys-rotate": off }, { all: off }]) {
      assert.deepEqual(reviewState(still, config).problems, []);
    }
  });
});

describe("npm run policy", () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (...args: string[]) => {
    const all = ["local/run.mjs", "scripts/policy.ts", ...args];
    const { status, stderr, stdout } = spawnSync(process.execPath, all, { encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it("ends with 1 if a rule is broken, 0 if not", () => {
    const good = run(file("good.json", JSON.stringify(stateOf(key))));
    assert.deepEqual([good.status, good.stdout], [0, "1 resources, 25 rules: 0 violations\n"]);
    const bad = run(file("bad.json", JSON.stringify(stateOf({ ...key, inputs: {} }))));
    assert.deepEqual(
      [bad.status, bad.stdout.split("\n")[0]],
      [1, "keys-rotate: aws:kms/key:Key key"],
    );
  });

  it("prints what the pack needs to refuse a deletion", () => {
    const { stdout } = run(file("good.json", JSON.stringify(stateOf(key))), "--standing");
    const standing = [{ urn: key.urn, identity: { keyId: "1" } }];
    assert.deepEqual(JSON.parse(stdout), { "data-is-kept": { standing } });
  });

  it("ends with 2, and says how it is meant, if it is asked wrongly", () => {
    const wrong: [string[], RegExp][] = [
      [[], /one state file must be named, e\.g\. state\.json, got none/],
      [[join(folder, "none.json")], /none\.json must be a JSON file: ENOENT/],
      [[file("other.json", "{}")], /other\.json must be what "pulumi stack export/],
      [["--stack", "dev"], /Unknown option '--stack'/],
    ];
    for (const [args, message] of wrong) {
      const { status, stderr } = run(...args);
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.match(stderr, /Try: npm run policy -- --help/);
    }
  });
});

describe("what the policy host hands out", () => {
  it("becomes plain data, with a mark for each value that a preview cannot know", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const props = hostShape
      .parse(host)
      .unknownCheckingProxy({ a: unknown, list: [{ b: unknown }, unknown, 1], c: null });
    assert.throws(() => Reflect.get(props, "a"), /can't be known during preview/);
    assert.deepEqual(plain(props), { a: notYet, list: [{ b: notYet }, notYet, 1], c: null });
  });

  it("lets any other failure through", () => {
    const broken = {
      get a(): string {
        throw new Error("no value");
      },
    };
    assert.throws(() => plain(broken), /no value/);
  });
});
