import { strict as assert } from "node:assert";

import { resolveSettings } from "../../components/validation/resolveSettings";
import { examineSource } from "../../scripts/doctor/account";
import { type Calls, callsOf, isThere } from "../../scripts/doctor/calls";
import { examine } from "../../scripts/doctor/examine";
import { type Finding, lineOf } from "../../scripts/doctor/finding";
import { examineStack, regionFindings } from "../../scripts/doctor/stack";
import {
  loginFinding,
  nodeFinding,
  pulumiFinding,
  pythonFinding,
} from "../../scripts/doctor/tools";
import { withFakeAws } from "../support/fakeAws";
import { TestPath } from "../support/process";

const bucket = "mlops-churn--dev--eb805c6c";
const pipeline = "mlops-churn--dev--modelbuild";
const queue = "mlops-churn--dev--undelivered-events";
const config = {
  "aws:region": { value: "us-east-1", secret: false },
  "model-build-pipeline:projectName": { value: "churn", secret: false },
  "model-build-pipeline:training": {
    value:
      '{"imageRepositoryArns":["arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost"]}',
    secret: false,
  },
};
const { source: codecommit } = resolveSettings(
  { projectName: "churn", projectId: "dev" },
  "the test",
);

describe("doctor", () => {
  it("finds no problems before the first pulumi up", async () => {
    assert.deepEqual(await linesOf({}), [
      "ok    stack dev: not deployed yet",
      "ok    config",
      "ok    region us-east-1",
      "ok    AWS credentials: account 123456789012",
      "ok    ARNs in the config match this account and region",
      "ok    CodeCommit is in use in this account and region",
      "ok    quota ml.t3.medium for processing job usage: 5 (starter: 1)",
      "ok    quota ml.m5.large for training job usage: 5 (starter: 1)",
      `note  dead-letter queue ${queue} does not exist yet: pulumi up creates it`,
      ...derived.map((name) => `ok    ${name}: free`),
    ]);
  });

  it("recognizes the names that the stack itself uses", async () => {
    const found = await linesOf({ ids: usedNames, calls: { ...there } });
    assert.deepEqual(
      found.slice(9),
      derived.map((name) => `ok    ${name}: this stack's own`),
    );
    assert.equal(found[0], "ok    stack dev: deployed");
  });

  it("reports a name in use by a resource of another owner", async () => {
    assert.deepEqual(
      await toFix({ calls: { hasBucket: (name) => Promise.resolve(name === bucket) } }),
      [
        `fix   artifact bucket ${bucket} exists already and does not belong to this stack: ` +
          'import it (docs/operations.md, "Restore a prod stack"), or set another projectId',
      ],
    );
  });

  it("notes a name that it could not check", async () => {
    const hasBucket = () => Promise.reject(new Error("denied"));
    const lines = await linesOf({ calls: { hasBucket } });
    assert.ok(lines.includes(`note  artifact bucket ${bucket} could not be checked: denied`));
  });

  it("reports a resource of the stack that is missing in AWS", async () => {
    const group = "mlops-churn--dev--models";
    assert.deepEqual(await toFix({ ids: [group] }), [
      `fix   model package group ${group} is missing in AWS: ` +
        'recreate it with "pulumi up --refresh"',
    ]);
  });

  it("checks no repository name for a source outside the stack", async () => {
    const source = { value: '{"existing":{"repositoryName":"ours"}}', secret: false };
    const calls = { ...there, branches: () => Promise.resolve(["main"]) };
    const given = { ...config, "model-build-pipeline:source": source };
    const found = await linesOf({ calls, config: given, ids: usedNames });
    assert.ok(found.includes("ok    repository ours has the branch main"), found.join("\n"));
    assert.ok(!found.some((line) => line.includes(pipeline) && line.includes("repository mlops")));
  });

  const deploying = (deploy: object) => ({
    ...config,
    "model-build-pipeline:deploy": { value: JSON.stringify(deploy), secret: false },
  });

  it("checks the names of a deployment if deployment is enabled", async () => {
    const given = deploying({ enabled: true });
    assert.deepEqual((await linesOf({ config: given })).slice(-ofDeployment.length), [
      ...ofDeployment.map((name) => `ok    ${name}: free`),
    ]);
    const ids = [...usedNames, ...ofDeployment.map(lastWord)];
    const found = await linesOf({ calls: { ...there }, config: given, ids });
    assert.deepEqual(
      found.slice(-ofDeployment.length),
      ofDeployment.map((name) => `ok    ${name}: this stack's own`),
    );
    const fixes = await toFix({
      calls: { hasLogGroup: (name) => Promise.resolve(name.endsWith("--deploy-prod")) },
      config: given,
    });
    assert.match(
      fixes.join("\n"),
      /^fix {3}log group \S+--deploy-prod exists already and does not belong/,
    );
    assert.equal(fixes.length, 1);
  });

  it("checks no names of a deployment if deployment is disabled", async () => {
    const found = await linesOf({ config: deploying({ enabled: false }) });
    assert.equal(found.length, 9 + derived.length);
    assert.ok(!found.some((line) => /--(modeldeploy|deploy-|test-)/.test(line)));
  });

  it("checks no deployment repository name for a source outside the stack", async () => {
    const source = { existing: { repositoryName: "ours" } };
    const calls = { ...there, branches: () => Promise.resolve(["main"]) };
    const ids = [...usedNames, ...ofDeployment.map(lastWord)];
    const found = await linesOf({ calls, config: deploying({ enabled: true, source }), ids });
    assert.ok(!found.some((line) => line.includes("deployment repository")));
  });

  it("reports an ARN of another account in the deployment's config", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:210987654321:connection/11111111-2222-3333-4444-555555555555";
    const source = { connection: { connectionArn, fullRepositoryId: "acme/churn" } };
    const [line = ""] = await toFix({ config: deploying({ enabled: true, source }) });
    assert.match(
      line,
      /deploy\.source\.connection\.connectionArn must be of the stack's own account/,
    );
  });

  it("stops at invalid credentials, with the reason", async () => {
    const account = () => Promise.reject(new Error("expired"));
    assert.deepEqual((await linesOf({ calls: { account } })).slice(3), [
      "fix   AWS credentials are missing or invalid: expired\n      sign in, and set " +
        'AWS_PROFILE or aws:profile, for example "pulumi config set aws:profile churn-dev"; ' +
        "the resources in AWS were not checked",
    ]);
  });

  it("stops at a role that cannot be assumed, with the reason", async () => {
    const found = await linesOf({ callsOf: () => Promise.reject(new Error("cannot assume HUB")) });
    assert.match(
      found.slice(3).join("\n"),
      /^fix {3}AWS credentials .* invalid: cannot assume HUB\n/,
    );
  });

  it("reports every problem in the config at once, without the values of secrets", async () => {
    const wrong = { ...config, "model-build-pipeline:posture": { value: "test", secret: false } };
    const [line = ""] = await toFix({
      config: { ...wrong, "model-build-pipeline:logs": { value: '{"retentionDays":2}' } },
    });
    assert.match(line, /2 problems in Pulumi\.dev\.yaml:\n.*posture.*got "test"\n.*retentionDays/s);
    const secret = { value: "hunter2", secret: true };
    const [hidden = ""] = await toFix({
      config: { ...config, "model-build-pipeline:build": secret },
    });
    assert.match(hidden, /build must not be a secret/);
    assert.doesNotMatch(hidden, /hunter2/);
  });

  it("reports an ARN of another account in the config", async () => {
    const training = { value: '{"executionRoleArn":"arn:aws:iam::210987654321:role/a"}' };
    const [line = ""] = await toFix({
      config: { ...config, "model-build-pipeline:training": training },
    });
    assert.match(line, /must be of the stack's own account/);
  });

  it("notes mail addresses to confirm", async () => {
    const notifications = { value: '{"emails":["ml@example.com"]}' };
    const found = await linesOf({
      config: { ...config, "model-build-pipeline:notifications": notifications },
    });
    assert.equal(
      found.at(-1),
      "note  ml@example.com: AWS sends a confirmation link, valid for two days; " +
        "until it is confirmed, the address receives no notifications",
    );
  });

  it("notes the access of AWS-managed policies with the name prefix sagemaker only", async () => {
    const notesWith = async (namePrefix: string) => {
      const found = await linesOf({
        config: { ...config, "model-build-pipeline:namePrefix": { value: namePrefix } },
      });
      assert.ok(
        found.includes(`ok    key alias alias/${namePrefix}-churn--dev: free`),
        found.join("\n"),
      );
      return found.filter((line) => line.startsWith("note  namePrefix"));
    };
    assert.deepEqual(await notesWith("sagemaker"), [
      "note  namePrefix is sagemaker: AWS-managed policies such as AmazonSageMakerFullAccess let " +
        "everyone who has them start builds, push code, read and write artifacts and start " +
        "pipelines of this project\n" +
        "      next: set another namePrefix for a new stack, or detach these policies",
    ]);
    assert.deepEqual(await notesWith("mlops"), []);
    assert.deepEqual(await notesWith("acme"), []);
  });

  it("reports a stack that cannot be read, with Pulumi's error", async () => {
    const { findings, stack } = await examineStack(
      () => Promise.reject(new Error("no stack")),
      "dev",
    );
    assert.equal(stack, undefined);
    assert.match(findings.map(lineOf).join("\n"), /^fix {3}stack dev cannot be read: no stack\n/);
  });
});

describe("doctor: undelivered events", () => {
  const cases: [string, Calls["undeliveredEvents"], string][] = [
    ["none", () => Promise.resolve(0), `ok    no undelivered events in ${queue}`],
    [
      "one",
      () => Promise.resolve(1),
      `fix   1 undelivered event in ${queue}: follow docs/runbooks/dead-letter-queue.md`,
    ],
    [
      "several",
      (name) => Promise.resolve(name === queue ? 3 : 0),
      `fix   3 undelivered events in ${queue}: follow docs/runbooks/dead-letter-queue.md`,
    ],
    [
      "a queue without access",
      () => Promise.reject(new Error("denied")),
      `note  dead-letter queue ${queue} could not be checked: denied`,
    ],
  ];
  for (const [what, undeliveredEvents, expected] of cases) {
    it(`reports ${what}, also without deployment`, async () => {
      const found = await linesOf({ calls: { undeliveredEvents } });
      assert.ok(found.includes(expected), found.join("\n"));
    });
  }
});

describe("doctor: source", () => {
  const existing = { existing: { branch: "main", repositoryName: "ours" } };
  const connection = {
    connection: { branch: "main", connectionArn: "arn", fullRepositoryId: "a/b" },
  };
  const cases: [string, Parameters<typeof examineSource>[1], Partial<Calls>, RegExp][] = [
    [
      "a CodeCommit without repositories",
      codecommit,
      { repositories: () => Promise.resolve([]) },
      /^note .*OperationNotAllowedException/,
    ],
    [
      "a CodeCommit that denies access",
      codecommit,
      { repositories: () => Promise.reject(new Error("denied")) },
      /^fix .*denied.*source\.connection/s,
    ],
    ["a missing repository", existing, {}, /^fix .*repository ours does not exist/],
    ["a missing branch", existing, there(), /^note .*no branch main yet/],
    [
      "a repository without read access",
      existing,
      { hasRepository: () => Promise.reject(new Error("denied")) },
      /^fix .*denied/,
    ],
    ["a connection in use", connection, { connection: () => Promise.resolve("AVAILABLE") }, /^ok /],
    [
      "a connection without its handshake",
      connection,
      { connection: () => Promise.resolve("PENDING") },
      /^fix .*is PENDING: complete its handshake/,
    ],
    [
      "a connection whose status cannot be read",
      connection,
      { connection: () => Promise.reject(new Error("no CLI")) },
      /^note .*no CLI/,
    ],
  ];
  for (const [what, source, calls, expected] of cases) {
    it(`reports ${what}`, async () => {
      assert.match(lineOf(await examineSource({ ...free, ...calls }, source)), expected);
    });
  }
  function there(): Partial<Calls> {
    return { hasRepository: () => Promise.resolve(true) };
  }
});

describe("doctor: SageMaker quotas", () => {
  const withSettings = (settings: Record<string, object | string>) => ({
    ...config,
    ...Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [
        `model-build-pipeline:${key}`,
        { value: typeof value === "string" ? value : JSON.stringify(value), secret: false },
      ]),
    ),
  });
  const deploy = { enabled: true };
  const page =
    "https://us-east-1.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas";
  const quotaLines = async (situation: Situation) =>
    (await linesOf(situation))
      .filter((line) => line.includes(" quota "))
      .map((line) => line.trim());
  const [processing, training, endpoint] = ["L-0CE343FE", "L-611FA074", "L-614B09FD"];
  /** Exactly what the starter needs, but for the given quotas. */
  const values =
    (changed: Record<string, number> = {}) =>
    (code: string) =>
      Promise.resolve({ [processing]: 1, [training]: 1, [endpoint]: 5, ...changed }[code]);

  it("suffice if they are equal to the numbers of the starter", async () => {
    const found = await quotaLines({
      calls: { quota: values() },
      config: withSettings({ deploy }),
    });
    assert.deepEqual(found, [
      "ok    quota ml.t3.medium for processing job usage: 1 (starter: 1)",
      "ok    quota ml.m5.large for training job usage: 1 (starter: 1)",
      "ok    quota ml.m5.large for endpoint usage: 5 (starter: 5)",
    ]);
  });

  it("are to be requested if they are lower", async () => {
    const calls = { quota: values({ [training]: 0, [endpoint]: 4 }) };
    assert.deepEqual(await toFix({ calls, config: withSettings({ deploy }) }), [
      "fix   quota ml.m5.large for training job usage is 0: request at least 1 for the starter: " +
        `${page}/${training}\n      AWS can take days to grant it`,
      "fix   quota ml.m5.large for endpoint usage is 4: request at least 5 for the starter: " +
        `${page}/${endpoint}\n      AWS can take days to grant it`,
    ]);
  });

  it("need no endpoints without deployment, and four with a serverless staging", async () => {
    const endpoints = async (settings: object) =>
      (
        await quotaLines({
          calls: { quota: values({ [endpoint]: 0 }) },
          config: withSettings({ deploy: settings, posture: "dev" }),
        })
      ).slice(2);
    assert.deepEqual(await endpoints({ enabled: false }), []);
    const [line = ""] = await endpoints({ enabled: true, staging: { kind: "serverless" } });
    assert.match(line, /^fix {3}quota ml\.m5\.large for endpoint usage is 0: request at least 4 /);
  });

  it("are a note for code that is not the starter: of another repository, or deployed", async () => {
    const low = values({ [training]: 0, [endpoint]: 0 });
    const calls = { ...there, branches: () => Promise.resolve(["main"]), quota: low };
    const from = (repositoryName: string) => ({ source: { existing: { repositoryName } } });
    const elsewhere = withSettings({ deploy: { ...deploy, ...from("b") }, ...from("a") });
    for (const situation of [
      { calls, config: elsewhere },
      { calls, config: withSettings({ deploy }), ids: usedNames },
    ]) {
      const kinds = (await quotaLines(situation)).map((line) => line.slice(0, 4));
      assert.deepEqual(kinds, ["ok  ", "note", "note"]);
    }
  });

  it("are a note if AWS denies access or has no value", async () => {
    const denied = await quotaLines({
      calls: { quota: () => Promise.reject(new Error("denied")) },
    });
    assert.equal(
      denied[1],
      "note  quota ml.m5.large for training job usage could not be checked: denied\n" +
        `      request at least 1 for the starter: ${page}/${training}`,
    );
    const unknown = await quotaLines({ calls: { quota: () => Promise.resolve(undefined) } });
    assert.match(unknown.join("\n"), /^note .*: AWS returned no value\n.*\nnote /s);
  });

  it("are not read for another instance type: Service Quotas has another code", async () => {
    const build = { environment: { TRAINING_INSTANCE_TYPE: "ml.g5.xlarge" } };
    const [, line] = await quotaLines({ config: withSettings({ build }) });
    assert.equal(
      line,
      "note  quota ml.g5.xlarge for training job usage was not checked: request at least 1: " +
        page,
    );
  });
});

describe("doctor: tools and region", () => {
  const kinds = (findings: Finding[]) => findings.map(({ kind }) => kind);
  const none = () => {
    throw new Error("none");
  };

  it("compares versions number by number", () => {
    const versions = ["v18.20.0", "v20.9.0", "v20.19.0", "v22.0.0", "v100.0.0"];
    const found = versions.map((version) => nodeFinding(version, ">=20.19"));
    assert.deepEqual(kinds(found), ["fix", "fix", "note", "ok", "ok"]);
  });

  it("requires a current Pulumi CLI and a login", () => {
    const pulumi = (version: () => string) => pulumiFinding(version, ">=3.259.0");
    assert.deepEqual(
      kinds([
        pulumi(() => "v3.259.0"),
        pulumi(() => "v3.58.0"),
        pulumi(none),
        loginFinding(() => "me"),
        loginFinding(none),
      ]),
      ["ok", "fix", "fix", "ok", "fix"],
    );
  });

  it("requires no Python for AWS", () => {
    const found = ["Python 3.10.1", "Python 3.9.18", undefined].map(pythonFinding);
    assert.deepEqual(kinds(found), ["ok", "note", "note"]);
  });

  it("requires a region, and training images in it", () => {
    const training = resolveSettings(
      {
        projectName: "churn",
        projectId: "dev",
        training: {
          imageRepositoryArns: ["arn:aws:ecr:us-east-1:683313688378:repository/churn-train"],
        },
      },
      "the test",
    );
    assert.deepEqual(kinds(regionFindings(undefined, training)), ["fix"]);
    assert.deepEqual(kinds(regionFindings("us-east-1", training)), ["ok"]);
    assert.deepEqual(kinds(regionFindings("eu-west-1", training)), ["ok", "fix"]);
  });
});

describe("doctor: AWS calls", () => {
  it("are read-only and in the stack's region", async () => {
    const asked = await withFakeAws(
      {
        accountId: "123456789012",
        ListRepositories: { repositories: [{ repositoryName: "a" }] },
        GetRepository: {},
        ListBranches: { branches: ["main"] },
        DescribeKey: {},
        DescribeModelPackageGroup: {},
        DescribeLogGroups: { logGroups: [{ logGroupName: "/a" }] },
        GetServiceQuota: { Quota: { Value: 4 } },
        GetQueueUrl: { QueueUrl: "http://127.0.0.1/123456789012/a" },
        GetQueueAttributes: {
          Attributes: {
            ApproximateNumberOfMessages: "2",
            ApproximateNumberOfMessagesNotVisible: "1",
          },
        },
      },
      async () => {
        const calls = await callsOf({ access: {}, region: "eu-west-1" });
        assert.equal(await calls.account(), "123456789012");
        assert.deepEqual(await calls.repositories(), ["a"]);
        assert.deepEqual(await calls.branches("a"), ["main"]);
        assert.equal(await calls.quota("L-611FA074"), 4);
        const found = [
          calls.hasBucket("a-bucket"),
          calls.hasRepository("a"),
          calls.hasAlias("alias/a"),
          calls.hasModelPackageGroup("a"),
          calls.hasLogGroup("/a"),
          calls.hasLogGroup("/"),
        ];
        assert.deepEqual(await Promise.all(found), [true, true, true, true, true, false]);
        assert.equal(await calls.undeliveredEvents("a"), 3);
      },
    );
    assert.deepEqual(asked.find(({ action }) => action === "GetServiceQuota")?.input, {
      ServiceCode: "sagemaker",
      QuotaCode: "L-611FA074",
    });
    assert.ok(
      asked.every(
        // A request to S3 names no action.
        ({ action, region }) => /^(Get|List|Describe|$)/.test(action) && region === "eu-west-1",
      ),
    );
  });

  it("read the status of a connection with the AWS CLI", async () => {
    const path = new TestPath();
    const before = process.env.PATH;
    process.env.PATH = path.folder;
    try {
      const { connection } = await callsOf({ access: { profile: "ml" }, region: "eu-west-1" });
      const status = () => connection("arn:aws:codeconnections:eu-west-1:1:connection/a");
      assert.throws(status, /^Error: the AWS CLI is not on PATH$/);
      path.add("aws", "console.log(args.slice(-2).join()); process.exitCode = 0;");
      assert.equal(await status(), "--profile,ml");
      path.add("aws", 'console.error("denied"); process.exitCode = 1;');
      assert.throws(status, /^Error: denied$/);
    } finally {
      process.env.PATH = before;
      path.delete();
    }
  });

  it("distinguish a missing resource from denied access", async () => {
    const error = (name: string, message = "") =>
      Promise.reject(Object.assign(new Error(message), { name }));
    for (const name of [
      "NotFound",
      "NoSuchBucket",
      "RepositoryDoesNotExistException",
      "NotFoundException",
      "QueueDoesNotExist",
      "AWS.SimpleQueueService.NonExistentQueue",
    ])
      assert.equal(await isThere(error(name)), false);
    assert.equal(
      await isThere(error("ValidationException", "ModelPackageGroup a does not exist.")),
      false,
    );
    await assert.rejects(isThere(error("AccessDeniedException", "denied")), /denied/);
  });
});

const free: Calls = {
  account: () => Promise.resolve("123456789012"),
  branches: () => Promise.resolve([]),
  connection: () => Promise.resolve("AVAILABLE"),
  hasAlias: () => Promise.resolve(false),
  hasBucket: () => Promise.resolve(false),
  hasLogGroup: () => Promise.resolve(false),
  hasModelPackageGroup: () => Promise.resolve(false),
  hasRepository: () => Promise.resolve(false),
  quota: () => Promise.resolve(5),
  repositories: () => Promise.resolve(["a"]),
  undeliveredEvents: () => Promise.resolve(undefined),
};
const yes = () => Promise.resolve(true);
const there: Partial<Calls> = {
  hasAlias: yes,
  hasBucket: yes,
  hasLogGroup: yes,
  hasModelPackageGroup: yes,
  hasRepository: yes,
};
const derived = [
  `repository ${pipeline}`,
  `artifact bucket ${bucket}`,
  `access log bucket ${bucket}-logs`,
  "key alias alias/mlops-churn--dev",
  "model package group mlops-churn--dev--models",
  `log group /aws/codebuild/${pipeline}`,
];
const ofDeployment = [
  "deployment repository mlops-churn--dev--modeldeploy",
  ...["deploy-queue", "deploy-staging", "test-staging", "deploy-prod"].map(
    (project) => `log group /aws/codebuild/mlops-churn--dev--${project}`,
  ),
];
const lastWord = (name: string) => name.split(" ").at(-1) ?? "";
const usedNames = derived.map(lastWord);

interface Situation {
  calls?: Partial<Calls>;
  callsOf?: () => Promise<Calls>;
  config?: object;
  ids?: string[];
}

async function linesOf(situation: Situation): Promise<string[]> {
  const { calls, config: given = config, ids = [] } = situation;
  const lines: string[] = [];
  const resources = ids.map((id) => ({ custom: true, id }));
  const answers: Record<string, unknown> = { config: given, stack: { deployment: { resources } } };
  await examine(
    {
      ask: (command = "") => Promise.resolve(JSON.stringify(answers[command])),
      callsOf: situation.callsOf ?? (() => Promise.resolve({ ...free, ...calls })),
      stackName: "dev",
    },
    (finding) => lines.push(lineOf(finding)),
  );
  return lines;
}

async function toFix(situation: Situation): Promise<string[]> {
  return (await linesOf(situation)).filter((line) => line.startsWith("fix"));
}
