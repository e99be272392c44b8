import { strict as assert } from "node:assert";

import { type StackNames, stackNamesOf } from "../../scripts/endpoints/deployment";
import { activitiesOf } from "../../scripts/revoke/activity";
import { revokeInput } from "../../scripts/revoke/commandLine";
import { evict } from "../../scripts/revoke/eviction";
import { revokeRole } from "../../scripts/revoke/revokeRole";
import { roleKeys, roleOf } from "../../scripts/revoke/role";
import { expiryOf, revokeOlderSessionsPolicy } from "../../scripts/revoke/sessions";
import { fakeAccount } from "../support/revokeFakes";

const iam = "arn:aws:iam::123456789012:role";
const executionRoleArn = `${iam}/mlops-churn--dev--execution-use1`;
const outputs = {
  executionRoleArn,
  modelBuildPipelineArn: "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modelbuild",
  modelDeployPipelineName: "mlops-churn--dev--modeldeploy",
  modelPackageGroupName: "mlops-churn--dev--models",
};
const stack: StackNames = stackNamesOf(outputs);
const bucket = { accountId: "123456789012", name: stack.names.artifactBucket };
const others = `${iam}/mlops-payroll--dev--execution-use1`;

const execution = roleOf(stack, outputs, "execution");
const build = roleOf(stack, outputs, "build");

describe("roleOf", () => {
  it("knows every role of a stack with deployment", () => {
    const names = roleKeys.map((key) => roleOf(stack, outputs, key).name);
    assert.deepEqual(
      names,
      roleKeys.map((key) => `mlops-churn--dev--${key}-use1`),
    );
  });

  it("assigns each build role its CodeBuild project, and only the execution role the SageMaker pipeline", () => {
    const found = roleKeys.map((key) => roleOf(stack, outputs, key));
    assert.deepEqual(
      found.flatMap(({ buildProject = [] }) => buildProject),
      ["modelbuild", "deploy-queue", "deploy-staging", "test-staging", "deploy-prod"].map(
        (part) => `mlops-churn--dev--${part}`,
      ),
    );
    assert.deepEqual(
      found.flatMap(({ sagemakerPipeline = [] }) => sagemakerPipeline),
      ["mlops-churn--dev--training"],
    );
  });

  it("takes your own execution role from the outputs, without its path", () => {
    const own = roleOf(stack, { executionRoleArn: `${iam}/team/ml/jobs` }, "execution");
    assert.deepEqual([own.arn, own.name], [`${iam}/team/ml/jobs`, "jobs"]);
  });

  it("rejects the roles of the deployment in a stack without deployment", () => {
    const { modelDeployPipelineName: _, ...built } = outputs;
    const found = stackNamesOf(built);
    assert.throws(
      () => roleOf(found, built, "deploy-prod"),
      /^Error: the stack has no role deploy-prod: it does not deploy models\. Next: choose one of execution, build/,
    );
    assert.equal(roleOf(found, built, "build").arn, build.arn);
  });
});

describe("activitiesOf", () => {
  const of = async (role: typeof build, state: Parameters<typeof fakeAccount>[0]) =>
    (await activitiesOf(role, bucket, fakeAccount(state).clients)).map(
      ({ isStopping, resource }) => `${resource}${isStopping ? ", stopping" : ""}`,
    );

  it("lists jobs in progress of the execution role, and none of another project", async () => {
    const own = executionRoleArn;
    assert.deepEqual(
      await of(execution, {
        processing: [
          { name: "pipelines-other", role: others },
          { name: "pipelines-own", role: own },
        ],
        training: [
          { name: "pipelines-own", role: own, status: "Stopping" },
          { name: "pipelines-done", role: own, status: "Stopped" },
          { name: "pipelines-other", role: others },
          { name: "pipelines-last", role: own },
        ],
        transform: [
          { name: "pipelines-other", role: others },
          { name: "pipelines-own", role: own },
        ],
      }),
      [
        "processing job pipelines-own",
        "training job pipelines-last",
        "training job pipelines-own, stopping",
        "transform job pipelines-own",
      ],
    );
  });

  it("lists a transform job without a model by the bucket of its results", async () => {
    const transform = [
      { name: `pipelines-${bucket.name}`, role: executionRoleArn },
      { name: `pipelines-${bucket.name}-other`, role: executionRoleArn },
    ];
    const found = await of(execution, { hasModels: false, transform });
    assert.deepEqual(found, [`transform job pipelines-${bucket.name}`]);
  });

  it("lists executions of the SageMaker pipeline in progress, before the jobs", async () => {
    assert.deepEqual(
      await of(execution, {
        pipelineExecutions: [
          ["a", "Succeeded"],
          ["b", "Executing"],
          ["c", "Stopping"],
        ],
        training: [{ name: "pipelines-own", role: executionRoleArn }],
      }),
      ["pipeline execution b", "pipeline execution c, stopping", "training job pipelines-own"],
    );
  });

  it("lists builds in progress of a build role, and no jobs", async () => {
    const days = (count: number) => new Date(Date.now() - count * 24 * 3600 * 1000);
    assert.deepEqual(
      await of(build, {
        builds: [
          ["c", "IN_PROGRESS", days(0)],
          ["b", "SUCCEEDED", days(1)],
          ["a", "IN_PROGRESS", days(1)],
        ],
        training: [{ name: "pipelines-own", role: executionRoleArn }],
      }),
      ["build c", "build a"],
    );
  });

  it("lists every incomplete upload to the artifact bucket, for any role", async () => {
    const expected = ["a", "b"].map((key) => `upload of ${key}, started 1970-01-01T00:00:00.000Z`);
    for (const key of roleKeys) {
      const found = await of(roleOf(stack, outputs, key), { uploads: ["a", "b"] });
      assert.deepEqual(found, expected, key);
    }
  });
});

describe("evict", () => {
  const evicted = async (role: typeof build, state: Parameters<typeof fakeAccount>[0]) => {
    const account = fakeAccount(state);
    const lines: string[] = [];
    const times: number[] = [];
    const started = evict(role, bucket, account.clients, {
      pause: (milliseconds) => Promise.resolve(times.push(milliseconds)),
      report: (line) => lines.push(line),
    });
    const message = await started.then(
      () => undefined,
      (error: unknown) => String(error),
    );
    return { ...account, lines, message, pauses: times };
  };

  it("revokes sessions and aborts uploads for a role as which nothing runs", async () => {
    const { pauses, policies, stopped } = await evicted(roleOf(stack, outputs, "push-rule"), {
      training: [{ name: "pipelines-own", role: executionRoleArn }],
      uploads: ["a", "b"],
    });
    assert.deepEqual(stopped, ["a", "b"]);
    assert.deepEqual(
      [...new Set(policies.map(({ name, role }) => `${role} ${name}`))],
      ["mlops-churn--dev--push-rule-use1 RevokeOlderSessions"],
    );
    // One round with uploads, then a minute without.
    assert.deepEqual(pauses, [20_000, 20_000, 20_000, 20_000]);
  });

  it("follows jobs that start their successor, and revokes its sessions", async () => {
    const role = executionRoleArn;
    const third = { name: "pipelines-3", role };
    const second = { name: "pipelines-2", role, starts: third };
    const first = { name: "pipelines-1", role, starts: second };
    const foreign = { name: "pipelines-payroll", role: others };
    const { lines, policies, stopped } = await evicted(execution, { training: [first, foreign] });
    assert.deepEqual(stopped, ["pipelines-1", "pipelines-2", "pipelines-3"]);
    const time = new Date(
      /sessions from before (\S+) are revoked/.exec(lines.at(-3) ?? "")?.[1] ?? "",
    );
    assert.match(lines.at(-3) ?? "", /^Eviction of mlops-churn--dev--execution-use1 completed: /);
    assert.ok(lines.at(-2)?.includes(`have expired on ${expiryOf(time).toISOString()}. Then:`));
    assert.equal(
      lines.at(-1),
      "  aws iam delete-role-policy --role-name mlops-churn--dev--execution-use1 --policy-name RevokeOlderSessions",
    );
    assert.deepEqual(policies.at(-1)?.document, revokeOlderSessionsPolicy(time));
    assert.ok(policies.length > stopped.length);
    assert.match(
      lines[0] ?? "",
      /^revoked: sessions of mlops-churn--dev--execution-use1 from before/,
    );
    assert.deepEqual(lines.slice(1, 3), [
      "stopping training job pipelines-1",
      "round 1: 1 in progress, next in 20 seconds",
    ]);
  });

  it("stops pipeline executions and jobs of each kind", async () => {
    const job = (name: string) => [{ name: `pipelines-${name}`, role: executionRoleArn }];
    const { message, stopped } = await evicted(execution, {
      pipelineExecutions: [["arn:1", "Executing"]],
      processing: job("processing"),
      training: job("training"),
      transform: job("transform"),
    });
    assert.deepEqual(
      [message, stopped],
      [undefined, ["arn:1", "pipelines-processing", "pipelines-training", "pipelines-transform"]],
    );
  });

  it("revokes before the first stop", async () => {
    const account = fakeAccount({ builds: [["c", "IN_PROGRESS"]] });
    const order: string[] = [];
    const clients = {
      ...account.clients,
      iam: {
        putRolePolicy: () => {
          order.push("revoke");
          return Promise.reject(new Error("denied"));
        },
      },
    } as unknown as typeof account.clients;
    const options = { pause: () => Promise.resolve(), report: (line: string) => order.push(line) };
    await assert.rejects(evict(build, bucket, clients, options), /denied/);
    assert.deepEqual([order, account.stopped], [["revoke"], []]);
  });

  it("stops the others if AWS rejects one, and fails after 15 minutes with its name", async () => {
    const role = executionRoleArn;
    const { lines, message, pauses, stopped } = await evicted(execution, {
      rejected: ["pipelines-1"],
      training: [
        { name: "pipelines-1", role },
        { name: "pipelines-2", role },
      ],
    });
    assert.deepEqual(stopped, ["pipelines-2"]);
    assert.ok(lines.includes("not stopped training job pipelines-1: may not stop pipelines-1"));
    assert.equal(
      message,
      "Error: still in progress after 15 minutes: training job pipelines-1. Next: repeat the command",
    );
    assert.equal(pauses.length, 45);
  });
});

describe("revokeRole", () => {
  it("lists first, then evicts", async () => {
    const account = fakeAccount({ builds: [["b", "IN_PROGRESS"]] });
    const lines: string[] = [];
    const code = await revokeRole(build, bucket, account.clients, {
      isConfirmed: true,
      pause: () => Promise.resolve(),
      report: (line) => lines.push(line),
    });
    assert.equal(code, 0);
    assert.deepEqual(lines.slice(0, 4), [
      "to revoke:",
      `  all sessions of ${build.arn}`,
      "to stop:",
      "  build b",
    ]);
    assert.match(lines.at(-3) ?? "", /^Eviction of .* completed/);
  });

  it("evicts a role as which nothing runs", async () => {
    const lines: string[] = [];
    const options = { isConfirmed: true, pause: () => Promise.resolve() };
    const report = (line: string) => lines.push(line);
    await revokeRole(build, bucket, fakeAccount({}).clients, { ...options, report });
    assert.equal(lines[3], "  nothing");
  });
});

describe("the policy RevokeOlderSessions", () => {
  it("denies every action to sessions issued before the time", () => {
    const time = new Date("2026-10-01T12:00:00Z");
    assert.deepEqual(revokeOlderSessionsPolicy(time), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DenyOlderSessions",
          Effect: "Deny",
          Action: "*",
          Resource: "*",
          Condition: { DateLessThan: { "aws:TokenIssueTime": "2026-10-01T12:00:00.000Z" } },
        },
      ],
    });
    assert.equal(expiryOf(time).toISOString(), "2026-10-02T00:00:00.000Z");
  });
});

describe("npm run revoke", () => {
  it("rejects a missing or unknown role", () => {
    for (const [args, got] of [
      [[], "none"],
      [["--role", "admin"], '"admin"'],
    ] as const)
      assert.throws(
        () => revokeInput(["--stack", "dev", ...args]),
        ({ message }: Error) =>
          message.startsWith("--role must be one of execution, build, ") &&
          message.endsWith(`, got ${got}`),
      );
  });

  it("asks unless --yes is there", () => {
    const args = ["--stack", "dev", "--role", "build"];
    const input = { isConfirmed: false, role: "build", stack: "dev" };
    assert.deepEqual(revokeInput(args), input);
    assert.deepEqual(revokeInput([...args, "--yes"]), { ...input, isConfirmed: true });
  });
});
