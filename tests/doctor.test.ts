import { strict as assert } from "node:assert";

import { settle } from "../components/settings";
import { examineSource } from "../scripts/doctor/account";
import { type Calls, callsOf, isThere } from "../scripts/doctor/calls";
import { examine } from "../scripts/doctor/examine";
import { type Finding, lineOf } from "../scripts/doctor/finding";
import { examineStack, regionFindings } from "../scripts/doctor/stack";
import { loginFinding, nodeFinding, pulumiFinding, pythonFinding } from "../scripts/doctor/tools";
import { withFakeAws } from "./support/fakeAws";

const bucket = "sagemaker-churn-dev-eb805c6c";
const delivery = "sagemaker-churn-dev-modelbuild";
const config = {
  "aws:region": { value: "us-east-1", secret: false },
  "model-build-pipeline:projectName": { value: "churn", secret: false },
  "model-build-pipeline:training": {
    value:
      '{"imageRepositoryArns":["arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost"]}',
    secret: false,
  },
};
const { source: codecommit } = settle({ projectName: "churn", projectId: "dev" }, "the test");

describe("the doctor", () => {
  it("finds nothing to fix where nothing is made yet", async () => {
    assert.deepEqual(await told({}), [
      "ok    stack dev: nothing is made yet",
      "ok    config",
      "ok    region us-east-1",
      "ok    credentials of account 123456789012",
      "ok    what the config names belongs to this account",
      "ok    CodeCommit is in use here",
      ...derived.map((name) => `ok    ${name}: free`),
    ]);
  });

  it("knows the names that the stack itself has taken", async () => {
    const found = await told({ ids: taken, calls: { ...there } });
    assert.deepEqual(
      found.slice(6),
      derived.map((name) => `ok    ${name}: this stack's own`),
    );
    assert.equal(found[0], "ok    stack dev: it is up");
  });

  it("says what to do with a name that something else has taken", async () => {
    assert.deepEqual(
      await toFix({ calls: { hasBucket: (name) => Promise.resolve(name === bucket) } }),
      [
        `fix   artifact bucket ${bucket} is there already, and not this stack's: import it (docs/operations.md, ` +
          '"A prod stack is to come back"), or set another projectId',
      ],
    );
  });

  it("sees that something of the stack is gone", async () => {
    assert.deepEqual(await toFix({ ids: ["churn-dev"] }), [
      'fix   model package group churn-dev is gone from AWS: put it back: "pulumi up --refresh"',
    ]);
  });

  it("looks at no repository name for code that is elsewhere", async () => {
    const source = { value: '{"existing":{"repositoryName":"ours"}}', secret: false };
    const calls = { ...there, branches: () => Promise.resolve(["main"]) };
    const given = { ...config, "model-build-pipeline:source": source };
    const found = await told({ calls, config: given, ids: taken });
    assert.ok(found.includes("ok    ours has the branch main"), found.join("\n"));
    assert.ok(!found.some((line) => line.includes(delivery) && line.includes("repository")));
  });

  const deploying = (deploy: object) => ({
    ...config,
    "model-build-pipeline:deploy": { value: JSON.stringify(deploy), secret: false },
  });

  it("looks at the names of a deployment too, where models are deployed", async () => {
    const given = deploying({ enabled: true });
    assert.deepEqual((await told({ config: given })).slice(-5), [
      ...ofDeployment.map((name) => `ok    ${name}: free`),
    ]);
    const ids = [...taken, ...ofDeployment.map(lastWord)];
    const found = await told({ calls: { ...there }, config: given, ids });
    assert.deepEqual(
      found.slice(-5),
      ofDeployment.map((name) => `ok    ${name}: this stack's own`),
    );
    const fixes = await toFix({
      calls: { hasBucket: (name) => Promise.resolve(name === `${bucket}-state`) },
      config: given,
    });
    assert.match(fixes.join("\n"), /^fix {3}state bucket \S+-state is there already, and not/);
    assert.equal(fixes.length, 1);
  });

  it("looks at none of them where models are not deployed", async () => {
    const found = await told({ config: deploying({ enabled: false }) });
    assert.equal(found.length, 6 + derived.length);
    assert.ok(!found.some((line) => line.includes("deploy")));
  });

  it("looks at no repository name for code of the deployment that is elsewhere", async () => {
    const source = { existing: { repositoryName: "ours" } };
    const calls = { ...there, branches: () => Promise.resolve(["main"]) };
    const ids = [...taken, ...ofDeployment.map(lastWord)];
    const found = await told({ calls, config: deploying({ enabled: true, source }), ids });
    assert.ok(!found.some((line) => line.includes("repository of the deployment")));
  });

  it("sees what a deployment names of another account", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:210987654321:connection/11111111-2222-3333-4444-555555555555";
    const source = { connection: { connectionArn, fullRepositoryId: "acme/churn" } };
    const [line = ""] = await toFix({ config: deploying({ enabled: true, source }) });
    assert.match(
      line,
      /deploy\.source\.connection\.connectionArn must be of the stack's own account/,
    );
  });

  it("goes no further than credentials that do not work, and says why", async () => {
    const account = () => Promise.reject(new Error("expired"));
    assert.deepEqual((await told({ calls: { account } })).slice(3), [
      'fix   no AWS credentials that work: expired\n      sign in, and set AWS_PROFILE or aws:profile, for example "pulumi config ' +
        'set aws:profile churn-dev"; what AWS holds was not looked at',
    ]);
  });

  it("tells every mistake in the config at once, and a secret without its value", async () => {
    const wrong = { ...config, "model-build-pipeline:posture": { value: "test", secret: false } };
    const [line = ""] = await toFix({
      config: { ...wrong, "model-build-pipeline:logs": { value: '{"retentionDays":2}' } },
    });
    assert.match(line, /2 problems in Pulumi\.dev\.yaml:\n.*posture.*got "test"\n.*retentionDays/s);
    const secret = { value: "hunter2", secret: true };
    const [hidden = ""] = await toFix({
      config: { ...config, "model-build-pipeline:build": secret },
    });
    assert.match(hidden, /build must hold no secret/);
    assert.doesNotMatch(hidden, /hunter2/);
  });

  it("sees what the config names of another account", async () => {
    const training = { value: '{"executionRoleArn":"arn:aws:iam::210987654321:role/a"}' };
    const [line = ""] = await toFix({
      config: { ...config, "model-build-pipeline:training": training },
    });
    assert.match(line, /must be of the stack's own account/);
  });

  it("reminds of mails to confirm", async () => {
    const notifications = { value: '{"emails":["ml@example.com"]}' };
    const found = await told({
      config: { ...config, "model-build-pipeline:notifications": notifications },
    });
    assert.equal(
      found.at(-1),
      "note  ml@example.com: AWS mails it a link, to be followed within two days; it hears nothing before",
    );
  });

  it("names the stack that cannot be read, in Pulumi's words", async () => {
    const { findings, stack } = await examineStack(
      () => Promise.reject(new Error("no stack")),
      "dev",
    );
    assert.equal(stack, undefined);
    assert.match(
      findings.map(lineOf).join("\n"),
      /^fix {3}the stack dev cannot be read: no stack\n/,
    );
  });
});

describe("the doctor's look at the source", () => {
  const existing = { existing: { branch: "main", repositoryName: "ours" } };
  const connection = {
    connection: { branch: "main", connectionArn: "arn", fullRepositoryId: "a/b" },
  };
  const cases: [string, Parameters<typeof examineSource>[1], Partial<Calls>, RegExp][] = [
    [
      "a CodeCommit that was never used",
      codecommit,
      { repositories: () => Promise.resolve([]) },
      /^note .*OperationNotAllowedException/,
    ],
    [
      "a CodeCommit that refuses",
      codecommit,
      { repositories: () => Promise.reject(new Error("denied")) },
      /^fix .*denied.*source\.connection/s,
    ],
    ["a repository that is not there", existing, {}, /^fix .*no repository ours/],
    ["a branch that is not there", existing, there(), /^note .*no branch main yet/],
    [
      "a repository that may not be read",
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
      "a connection that cannot be asked for",
      connection,
      { connection: () => Promise.reject(new Error("no CLI")) },
      /^note .*no CLI/,
    ],
  ];
  for (const [what, source, calls, expected] of cases) {
    it(`tells of ${what}`, async () => {
      assert.match(lineOf(await examineSource({ ...free, ...calls }, source)), expected);
    });
  }
  function there(): Partial<Calls> {
    return { hasRepository: () => Promise.resolve(true) };
  }
});

describe("the doctor's look at tools and region", () => {
  const kinds = (findings: Finding[]) => findings.map(({ kind }) => kind);
  const none = () => {
    throw new Error("none");
  };

  it("compares versions number by number", () => {
    const versions = ["v18.20.0", "v20.9.0", "v20.19.0", "v22.0.0", "v100.0.0"];
    const found = versions.map((version) => nodeFinding(version, ">=20.19"));
    assert.deepEqual(kinds(found), ["fix", "fix", "note", "ok", "ok"]);
  });

  it("needs the Pulumi CLI, new enough, and a login", () => {
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

  it("needs no Python for AWS", () => {
    const found = ["Python 3.10.1", "Python 3.9.18", undefined].map(pythonFinding);
    assert.deepEqual(kinds(found), ["ok", "note", "note"]);
  });

  it("needs a region, and the images in it", () => {
    const training = settle(
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

describe("what the doctor asks AWS", () => {
  it("only reads, in the stack's region", async () => {
    const asked = await withFakeAws(
      {
        accountId: "123456789012",
        ListRepositories: { repositories: [{ repositoryName: "a" }] },
        GetRepository: {},
        ListBranches: { branches: ["main"] },
        DescribeKey: {},
        DescribeModelPackageGroup: {},
        DescribeLogGroups: { logGroups: [{ logGroupName: "/a" }] },
      },
      async () => {
        const calls = await callsOf({ region: "eu-west-1" });
        assert.equal(await calls.account(), "123456789012");
        assert.deepEqual(await calls.repositories(), ["a"]);
        assert.deepEqual(await calls.branches("a"), ["main"]);
        const found = [
          calls.hasRepository("a"),
          calls.hasAlias("alias/a"),
          calls.hasModelPackageGroup("a"),
          calls.hasLogGroup("/a"),
          calls.hasLogGroup("/"),
        ];
        assert.deepEqual(await Promise.all(found), [true, true, true, true, false]);
      },
    );
    assert.ok(
      asked.every(
        ({ action, region }) => /^(Get|List|Describe)/.test(action) && region === "eu-west-1",
      ),
    );
  });

  it("tells what is missing from what must not be looked at", async () => {
    const error = (name: string, message = "") =>
      Promise.reject(Object.assign(new Error(message), { name }));
    for (const name of [
      "NotFound",
      "NoSuchBucket",
      "RepositoryDoesNotExistException",
      "NotFoundException",
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
  repositories: () => Promise.resolve(["a"]),
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
  `repository ${delivery}`,
  `artifact bucket ${bucket}`,
  `access log bucket ${bucket}-logs`,
  "key alias alias/sagemaker-churn-dev",
  "model package group churn-dev",
  `log group /aws/codebuild/${delivery}`,
];
const ofDeployment = [
  "repository of the deployment sagemaker-churn-dev-modeldeploy",
  `state bucket ${bucket}-state`,
  ...["deploy-staging", "test-staging", "deploy-prod"].map(
    (project) => `log group /aws/codebuild/sagemaker-churn-dev-${project}`,
  ),
];
const lastWord = (name: string) => name.split(" ").at(-1) ?? "";
const taken = derived.map(lastWord);

interface Situation {
  calls?: Partial<Calls>;
  config?: object;
  ids?: string[];
}

async function told({ calls, config: given = config, ids = [] }: Situation): Promise<string[]> {
  const lines: string[] = [];
  const resources = ids.map((id) => ({ custom: true, id }));
  const answers: Record<string, unknown> = { config: given, stack: { deployment: { resources } } };
  await examine(
    {
      ask: (command = "") => Promise.resolve(JSON.stringify(answers[command])),
      callsOf: () => Promise.resolve({ ...free, ...calls }),
      stackName: "dev",
    },
    (finding) => lines.push(lineOf(finding)),
  );
  return lines;
}

async function toFix(situation: Situation): Promise<string[]> {
  return (await told(situation)).filter((line) => line.startsWith("fix"));
}
