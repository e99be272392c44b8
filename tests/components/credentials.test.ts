import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Access, clientOptions } from "../../components/seeding/credentials";
import { accessIn } from "../../scripts/access";
import { callsOf } from "../../scripts/doctor/calls";
import { TestPath } from "../support/process";
import { type StubAnswer, type StubCall, stubCloud } from "../support/stubCloud";

const role = (name: string) => `arn:aws:iam::210987654321:role/${name}`;

/** The client options in front of an STS with these answers, and the calls that it got. */
const optionsOf = (access: Access, answer: (call: StubCall) => StubAnswer) =>
  inFrontOf(answer, () => clientOptions(access, "eu-west-1"));

/** What `work` returns in front of an AWS API with these answers, and the calls that it got. */
async function inFrontOf<T>(answer: (call: StubCall) => StubAnswer, work: () => Promise<T>) {
  const folder = mkdtempSync(join(tmpdir(), "credentials-"));
  const file = join(folder, "credentials");
  writeFileSync(file, "[team]\naws_access_key_id = TEAM\naws_secret_access_key = x\n");
  const cloud = await stubCloud(answer);
  const before = { ...process.env };
  const own = { AWS_ACCESS_KEY_ID: "SHELL", AWS_SECRET_ACCESS_KEY: "x" };
  Object.assign(process.env, own, {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_SHARED_CREDENTIALS_FILE: file,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  });
  try {
    return { calls: cloud.calls, options: await work() };
  } finally {
    process.env = before;
    cloud.close();
    rmSync(folder, { recursive: true });
  }
}

/** Gives each role keys of its own, named after it. */
const assumed = ({ body }: StubCall): StubAnswer => {
  const name = String(body.RoleArn).split("/").pop() ?? "";
  return [
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
      <Credentials><AccessKeyId>${name}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>
      <SessionToken>token</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>
      </AssumeRoleResult></AssumeRoleResponse>`,
  ];
};

describe("credentials of the commands that call AWS", () => {
  it("are the default ones or those of the profile, without a call", async () => {
    const none = () => assert.fail("called");
    assert.deepEqual((await optionsOf({}, none)).options, { region: "eu-west-1" });
    assert.deepEqual((await optionsOf({ profile: "team" }, none)).options, {
      profile: "team",
      region: "eu-west-1",
    });
  });

  it("are those of the last role, each assumed by the one before, the first by the profile", async () => {
    const assumeRoles = [
      { roleArn: role("HUB"), externalId: "x-1", sessionName: "deploy" },
      {
        roleArn: role("SPOKE"),
        tags: { team: "churn" },
        policyArns: ["arn:aws:iam::aws:policy/P"],
      },
    ];
    const version = { Version: "2011-06-15" };
    const { calls, options } = await optionsOf({ assumeRoles, profile: "team" }, assumed);
    const credentials = {
      accessKeyId: "SPOKE",
      secretAccessKey: "secret",
      sessionToken: "token",
    };
    assert.deepEqual(options, { credentials, region: "eu-west-1" });
    assert.deepEqual(
      calls.map(({ accessKeyId, body }) => {
        const { Action, ...rest } = body;
        assert.equal(Action, "AssumeRole");
        return { accessKeyId, ...rest };
      }),
      [
        {
          accessKeyId: "TEAM",
          ...version,
          ExternalId: "x-1",
          RoleArn: role("HUB"),
          RoleSessionName: "deploy",
        },
        {
          accessKeyId: "HUB",
          ...version,
          "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/P",
          RoleArn: role("SPOKE"),
          RoleSessionName: "model-build-pipeline",
          "Tags.member.1.Key": "team",
          "Tags.member.1.Value": "churn",
        },
      ],
    );
  });

  it("are those of the AWS CLI too, which a profile of the shell does not change", async () => {
    const path = new TestPath();
    path.add(
      "aws",
      "const { env } = process; console.log(env.AWS_ACCESS_KEY_ID, env.AWS_PROFILE);",
    );
    const access = { assumeRoles: [{ roleArn: role("HUB") }] };
    try {
      const { options: status } = await inFrontOf(assumed, async () => {
        const { connection } = await callsOf({ access, region: "eu-west-1" });
        Object.assign(process.env, { AWS_PROFILE: "team", PATH: path.folder });
        return connection("arn:aws:codeconnections:eu-west-1:1:connection/a");
      });
      assert.equal(status, "HUB undefined");
    } finally {
      path.delete();
    }
  });

  it("fail with the role that cannot be assumed", async () => {
    const denied = (): StubAnswer => [
      403,
      `<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>`,
    ];
    await assert.rejects(optionsOf({ assumeRoles: [{ roleArn: role("HUB") }] }, denied), {
      message: `aws:assumeRoles: cannot assume ${role("HUB")}: not authorized`,
    });
  });
});

describe("accessIn", () => {
  it("reads profile and roles from the stack config", () => {
    const roles = [{ roleArn: role("HUB"), externalId: "x-1" }];
    const config = {
      "aws:assumeRoles": { value: JSON.stringify(roles), objectValue: roles, secret: false },
      "aws:profile": { value: "team", secret: false },
      "aws:region": { value: "eu-west-1", secret: false },
    };
    assert.deepEqual(accessIn(config), { assumeRoles: roles, profile: "team" });
    assert.deepEqual(accessIn({}), {});
  });
});
