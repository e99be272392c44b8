import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";

import { lastingOptions, proveClients } from "../../../scripts/prove/clients";
import { openTarget } from "../../../scripts/prove/openTarget";
import { runSession, type Surroundings } from "../../../scripts/prove/session";
import { targetOf } from "../../../scripts/prove/target";
import { withFakeAws } from "../../support/fakeAws";
import { awsContext } from "../../support/mocks";
import { stubCloud } from "../../support/stubCloud";
import {
  account,
  type Answers,
  fakeKit,
  pushEvent,
  stackOf,
  target,
} from "../../support/proveAccount";

/** Runs a session with these answers; returns exit code, output, calls and written files. */
async function session(
  answers: Answers = {},
  given: Partial<Surroundings> & { isConfirmed?: boolean } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "prove-test-"));
  const definition = () => Promise.resolve("{}");
  const { calls, kit } = fakeKit({ ...account(), ...answers });
  const texts: string[] = [];
  const add = (...args: unknown[]) => void texts.push(args.join(" "));
  const mocks = [
    mock.method(console, "log", add),
    mock.method(console, "error", add),
    mock.method(process.stdout, "write", () => true),
  ];
  const { isConfirmed = true, ...others } = given;
  const surroundings: Surroundings = {
    ask: () => Promise.resolve(false),
    deadlineMilliseconds: 60_000,
    openClients: () => Promise.resolve(kit.clients),
    openQuota: () => Promise.resolve(kit.quota),
    openStack: () => Promise.resolve(kit.stack),
    openTarget: () => Promise.resolve(target),
    program: () => definition,
    sleep: () => Promise.resolve(),
    ...others,
  };
  try {
    const input = { isConfirmed, output: folder, stackName: "dev" };
    const code = await runSession(input, surroundings);
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    return { calls, code, files, text: texts.join("\n") };
  } finally {
    for (const one of mocks) one.mock.restore();
    rmSync(folder, { recursive: true });
  }
}

/** A wait that only the signal ends. */
const untilAborted: Surroundings["sleep"] = (_, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(new Error("aborted"));
    });
  });
const noVersion = { "sagemaker.listModelPackages": () => ({}) };

describe("runSession", () => {
  it("prints the bill, and creates nothing without the answer yes", async () => {
    const { calls, code, files, text } = await session({}, { isConfirmed: false });
    assert.deepEqual([code, calls, files], [1, [], []]);
    assert.match(text, /production endpoint, two ml\.m5\.large/);
    assert.match(text, /\d\.\d\d USD {2}total, 115 minutes/);
    assert.match(text, /nothing was created\. Next: repeat the command with --yes, or type yes/);
  });

  it("writes page and JSON without account, names of people and secrets", async () => {
    const secret = "hunter2";
    const messages = [{ ...pushEvent, detail: { ...pushEvent.detail, referenceName: secret } }].map(
      (it) => ({ Body: JSON.stringify(it) }),
    );
    const answers = {
      "codecommit.createCommit": () => ({ commitId: secret }),
      "sqs.receiveMessage": () => ({ Messages: messages.splice(0) }),
    };
    const { code, files, text } = await session(answers, {
      program: () => () => Promise.reject(new Error(secret)),
    });
    assert.equal(code, 1, text);
    assert.equal(files.length, 2);
    for (const content of [...files, text])
      assert.doesNotMatch(content, /hunter2|123456789012|user\/jane/);
    assert.match(text, /definition: failed[^]*<secret>/);
  });

  it("exits 0 if every step passed, and writes what AWS sent", async () => {
    const answers = { "sagemaker.describeModelPackage": () => ({}) };
    const program: Surroundings["program"] = () => (command) =>
      command === "docker" ? Promise.reject(new Error("none")) : Promise.resolve("{}");
    const { code, files, text } = await session(answers, { program });
    assert.equal(code, 0, text);
    const [json, page] = files;
    assert.match(json ?? "", /"callerUserArn": "arn:aws:iam::<account>:user\/<user>"/);
    assert.match(
      page ?? "",
      /^# npm run prove: 16 passed, 0 failed, 1 not checked, 0 not reached\n/,
    );
    assert.match(page ?? "", /^\| rollback +\| passed/m);
    assert.doesNotMatch(page ?? "", /did not reach AWS/);
  });

  it("says on an emulator that it did not reach AWS", async () => {
    process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:1";
    try {
      const { code, files } = await session();
      assert.equal(code, 0);
      assert.match(files[1] ?? "", /\*\*This run did not reach AWS\.\*\*/);
    } finally {
      delete process.env.AWS_ENDPOINT_URL;
    }
  });

  for (const name of ["SIGINT", "SIGTERM"] as const)
    it(`deletes everything after ${name}, and ends at a second one`, async () => {
      const before = process.listenerCount(name);
      let listeners = 0;
      const sleep: Surroundings["sleep"] = (milliseconds, signal) => {
        if (signal.aborted) return Promise.resolve();
        setTimeout(() => {
          // Only that of the session: the test runner has its own.
          const listener = process.listeners(name).at(-1);
          listener?.(name);
          listeners = process.listenerCount(name);
        });
        return untilAborted(milliseconds, signal);
      };
      const { calls, code, text } = await session(noVersion, { sleep });
      assert.equal(code, 1);
      assert.match(text, /a second Ctrl-C leaves the resources/);
      assert.match(text, /first-run: failed[^]*the user stopped the run[^]*destroy: passed/);
      assert.ok(calls.some(([it]) => it === "sagemaker.deletePipeline"));
      assert.equal(listeners, before);
    });

  it("deletes everything at the deadline", async () => {
    const sleep: Surroundings["sleep"] = (milliseconds, signal) =>
      signal.aborted || milliseconds > 60_000
        ? Promise.resolve()
        : untilAborted(milliseconds, signal);
    const { code, text } = await session(noVersion, { deadlineMilliseconds: 2000, sleep });
    assert.equal(code, 1);
    assert.match(text, /first-run: failed[^]*the deadline[^]*destroy: passed[^]*unguard: passed/);
  }).timeout(20_000);

  it("says what remains, and the next step, if something cannot be deleted", async () => {
    const denied = () => {
      throw new Error("denied");
    };
    const { code, text } = await session({ "sagemaker.listEndpointConfigs": denied });
    assert.equal(code, 1);
    assert.match(
      text,
      /the schedules delete the endpoints\. Next: npm run clear -- --stack dev, then pulumi destroy/,
    );
  });
});

describe("target of npm run prove", () => {
  const rejected = (values: Record<string, string>, ids: readonly string[] = []) => {
    try {
      targetOf("dev", stackOf(values, ids), awsContext, []);
      return "";
    } catch (error) {
      return String(error);
    }
  };

  it("is a dev stack that is not deployed, deploys models, and has the starters", () => {
    assert.equal(rejected({}), "");
    assert.match(rejected({}, ["a"]), /stack dev is deployed, and this command destroys its stack/);
    assert.match(rejected({ posture: "prod" }), /must have the posture dev, got prod/);
    assert.match(rejected({ deploy: '{"enabled":false}' }), /set deploy\.enabled to true/);
    const source = '{"codecommit":{"seed":false}}';
    assert.match(rejected({ source }), /must create its repositories with the starters/);
  });

  const config = {
    "aws:region": { value: "us-east-1" },
    "model-build-pipeline:projectName": { value: "churn" },
    "model-build-pipeline:posture": { value: "dev" },
    "model-build-pipeline:deploy": { value: '{"enabled":true}' },
  };
  const asking =
    (shown: object) =>
    (...args: string[]) =>
      Promise.resolve(
        args[0] === "stack" ? '{"deployment":{}}' : JSON.stringify({ ...config, ...shown }),
      );

  it("comes from config, state and credentials, with every secret", async () => {
    await withFakeAws({ accountId: "123456789012" }, async () => {
      const shown = { "other:password": { secret: true, value: "hunter2" } };
      const { context, secrets, stem } = await openTarget("dev", asking(shown));
      assert.deepEqual(
        [context.accountId, secrets, stem],
        ["123456789012", ["hunter2"], target.stem],
      );
    });
  });

  it("needs a valid config and valid credentials", async () => {
    const posture = { "model-build-pipeline:posture": { value: "test" } };
    await assert.rejects(openTarget("dev", asking(posture)), /the config is invalid/);
    const none = { AWS_EC2_METADATA_DISABLED: "true" };
    await withFakeAws(
      { accountId: "" },
      () => assert.rejects(openTarget("dev", asking({})), /AWS credentials/),
      none,
    );
  });
});

describe("clients of npm run prove", () => {
  it("are those of all its services", async () => {
    const clients = await proveClients({ region: "us-east-1" });
    assert.ok(Object.values(clients).length >= 14);
  });

  it("renew the session of an assumed role", async () => {
    const plain = await lastingOptions({}, "us-east-1");
    assert.deepEqual(plain, { region: "us-east-1" });
    const xml =
      "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>" +
      "<SecretAccessKey>S</SecretAccessKey><SessionToken>T</SessionToken></Credentials>" +
      "</AssumeRoleResult></AssumeRoleResponse>";
    const sts = await stubCloud(() => [200, xml]);
    const assumeRoles = [{ roleArn: "arn:aws:iam::123456789012:role/deploy" }];
    try {
      await withFakeAws({ accountId: "123456789012" }, async () => {
        process.env.AWS_ENDPOINT_URL = sts.endpoint;
        const { credentials } = await lastingOptions({ assumeRoles }, "us-east-1");
        assert.ok(typeof credentials === "function");
        const { accessKeyId, expiration } = await credentials();
        assert.equal(accessKeyId, "A");
        assert.ok(expiration.getTime() > Date.now() + 45 * 60_000);
      });
    } finally {
      sts.close();
    }
    assert.equal(sts.calls.length, 2);
  });
});
