import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as host from "@pulumi/policy";
import { z } from "zod";

import { readPreviewProps } from "../../policy/previewProps";
import { unknownValue } from "../../policy/resource";
import { checkState } from "../../policy/checkState";
import { resourcesIn } from "../../policy/state";
import { typeScriptOptions } from "../support/process";

// @pulumi/policy exports this for tests, without a type.
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

describe("policy pack on a state file", () => {
  it("checks the inputs of resources, and finds no problem in a compliant stack", () => {
    const { problems, unchecked } = checkState(resourcesIn(stateOf(stack, key)), {});
    assert.deepEqual({ problems, unchecked }, { problems: [], unchecked: [] });
  });

  it("reports a violation of the whole stack with the AWS controls of the rule", () => {
    const type = "aws:s3/bucket:Bucket";
    const bucket = { urn: urn(type, "a"), type, custom: true, inputs: {} };
    const { problems } = checkState(resourcesIn(stateOf(bucket)), {});
    const [versioning] = problems.filter(({ rule }) => rule === "s3-bucket-versioning");
    assert.match(versioning?.message ?? "", /status "Enabled"\. \[S3\.14\]$/);
  });

  it("reports the rule, resource and message of a violation", () => {
    const notRotating = { ...key, inputs: {} };
    const { problems } = checkState(resourcesIn(stateOf(notRotating)), {});
    assert.deepEqual(problems, [
      {
        rule: "kms-key-rotation",
        urn: key.urn,
        message: "The KMS key does not rotate. Set enableKeyRotation to true. [KMS.4]",
      },
    ]);
  });

  it("reports encrypted values as unchecked, not as violations", () => {
    const { problems, unchecked } = checkState(resourcesIn(stateOf(topic, topicPolicy)), {});
    assert.deepEqual(problems, []);
    assert.deepEqual(unchecked, [`kmsMasterKeyId of ${topic.urn}, by sns-topic-encryption`]);
  });

  it("skips resources that are pending deletion", () => {
    assert.deepEqual(resourcesIn(stateOf({ ...key, delete: true })), []);
  });

  it("accepts the config format of the engine", () => {
    const notRotating = resourcesIn(stateOf({ ...key, inputs: {} }));
    const off = { enforcementLevel: "disabled" };
    for (const config of [
      { "kms-key-rotation": "disabled" },
      { "kms-key-rotation": off },
      { all: off },
    ]) {
      assert.deepEqual(checkState(notRotating, config).problems, []);
    }
  });
});

describe("npm run policy", () => {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const run = (...args: string[]) => {
    const all = [...typeScriptOptions, "scripts/policy.ts", ...args];
    const { status, stderr, stdout } = spawnSync(process.execPath, all, { encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it("exits with 1 for a violation, and 0 otherwise", () => {
    const compliant = run(file("good.json", JSON.stringify(stateOf(key))));
    assert.deepEqual(
      [compliant.status, compliant.stdout],
      [0, "1 resources, 26 rules: 0 violations\n"],
    );
    const violating = run(file("bad.json", JSON.stringify(stateOf({ ...key, inputs: {} }))));
    assert.deepEqual(
      [violating.status, violating.stdout.split("\n")[0]],
      [1, "kms-key-rotation: aws:kms/key:Key key"],
    );
  });

  it("prints the config of no-data-deletion", () => {
    const { stdout } = run(file("good.json", JSON.stringify(stateOf(key))), "--standing");
    const standing = [{ urn: key.urn, identity: { keyId: "1" } }];
    assert.deepEqual(JSON.parse(stdout), { "no-data-deletion": { standing } });
  });

  it("exits with 2 and a usage hint for invalid arguments", () => {
    const invalid: [string[], RegExp][] = [
      [[], /one state file must be named, e\.g\. state\.json, got none/],
      [[join(folder, "none.json")], /none\.json must be a JSON file: ENOENT/],
      [[file("other.json", "{}")], /other\.json must be what "pulumi stack export/],
      [["--stack", "dev"], /Unknown option '--stack'/],
    ];
    for (const [args, message] of invalid) {
      const { status, stderr } = run(...args);
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.match(stderr, /Try: npm run policy -- --help/);
    }
  });
});

describe("properties from the policy host", () => {
  it("become plain data with a mark for each unknown value", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const props = hostShape
      .parse(host)
      .unknownCheckingProxy({ a: unknown, list: [{ b: unknown }, unknown, 1], c: null });
    assert.throws(() => Reflect.get(props, "a"), /can't be known during preview/);
    assert.deepEqual(readPreviewProps(props), {
      a: unknownValue,
      list: [{ b: unknownValue }, unknownValue, 1],
      c: null,
    });
  });

  it("pass other errors on", () => {
    const broken = {
      get a(): string {
        throw new Error("no value");
      },
    };
    assert.throws(() => readPreviewProps(broken), /no value/);
  });
});
