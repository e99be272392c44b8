import { strict as assert } from "node:assert";

import type { ModelBuildPipelineArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { asDocument, reviewed } from "../support/documents";
import { keyArn, awsContext, record, type Recording } from "../support/mocks";

const bucket = "arn:aws:s3:::mlops-churn--dev--eb805c6c";
const reader = "arn:aws:iam::210987654321:role/audit";
const administrator = "arn:aws:iam::123456789012:role/platform-*";

interface Statement {
  [part: string]: unknown;
  Sid: string;
}

const documents: [title: string, type: string, name: string, input: string, file: string][] = [
  [
    "policy of the CodePipeline role",
    "iam/RolePolicy",
    "build-pipeline-role",
    "policy",
    "pipeline-role-policy",
  ],
  ["policy of the build role", "iam/RolePolicy", "build-build-role", "policy", "build-role-policy"],
  [
    "policy of the execution role",
    "iam/RolePolicy",
    "build-execution-role",
    "policy",
    "execution-role-policy",
  ],
  [
    "policy of the push rule role",
    "iam/RolePolicy",
    "build-push-rule-role",
    "policy",
    "push-rule-role-policy",
  ],
  [
    "policy of the notification rules' role",
    "iam/RolePolicy",
    "build-notifications-role",
    "policy",
    "notifications-role-policy",
  ],
  [
    "trust policy of the CodePipeline role",
    "iam/Role",
    "build-pipeline-role",
    "assumeRolePolicy",
    "pipeline-role-trust",
  ],
  [
    "trust policy of the build role",
    "iam/Role",
    "build-build-role",
    "assumeRolePolicy",
    "build-role-trust",
  ],
  [
    "trust policy of the execution role",
    "iam/Role",
    "build-execution-role",
    "assumeRolePolicy",
    "execution-role-trust",
  ],
  [
    "trust policy of the push rule role",
    "iam/Role",
    "build-push-rule-role",
    "assumeRolePolicy",
    "push-rule-role-trust",
  ],
  [
    "trust policy of the notification rules' role",
    "iam/Role",
    "build-notifications-role",
    "assumeRolePolicy",
    "notifications-role-trust",
  ],
  [
    "policy of the artifact bucket",
    "s3/BucketPolicy",
    "build-artifacts",
    "policy",
    "artifact-bucket-policy",
  ],
  [
    "policy of the access log bucket",
    "s3/BucketPolicy",
    "build-access-logs",
    "policy",
    "access-log-bucket-policy",
  ],
  ["policy of the key", "kms/Key", "build-key", "policy", "key-policy"],
  [
    "policy of the DLQ",
    "sqs/QueuePolicy",
    "build-undelivered-events",
    "policy",
    "dead-letter-queue-policy",
  ],
  ["policy of the topic", "sns/TopicPolicy", "build-notifications", "policy", "topic-policy"],
];

describe("policies of the model build", () => {
  let recording: Recording;

  before(async () => {
    recording = await project({});
  });

  for (const [title, type, name, input, file] of documents) {
    it(`match the review: ${title}, ${file}.json`, () => {
      assert.deepEqual(asDocument(recording.inputsOf(type, name)[input]), reviewed(file));
    });
  }

  it("include no unreviewed policy", () => {
    const rendered = recording.resources.flatMap(({ inputs, name, type }) =>
      ["policy", "assumeRolePolicy"]
        .filter((input) => input in inputs)
        .map((input) => `${type.split(":").at(-1) ?? ""} ${name} ${input}`),
    );
    const expected = documents.map(
      ([, type, name, input]) => `${type.split("/")[1] ?? ""} ${name} ${input}`,
    );
    assert.deepEqual(rendered.sort(), expected.sort());
  });

  it("allow no action with a wildcard", () => {
    for (const [, type, name, input] of documents) {
      for (const { Action, Effect, Sid } of statements(recording, type, name, input)) {
        if (Effect === "Allow") assert.doesNotMatch(JSON.stringify(Action), /\*/, `${name} ${Sid}`);
      }
    }
  });

  it("attach no managed policy to any role", () => {
    for (const { inputs, type } of recording.resources) {
      if (type === "aws:iam/role:Role") assert.ok(!("managedPolicyArns" in inputs));
      assert.doesNotMatch(type, /PolicyAttachment/);
    }
  });
});

describe("policies of the model build with other settings", () => {
  it("allow EventBridge to publish notifications without a role", async () => {
    const recording = await project({ notifications: { executionRole: false } });
    for (const [type, name, file] of [
      ["sns/TopicPolicy", "build-notifications", "topic-policy-service"],
      ["kms/Key", "build-key", "key-policy-service"],
    ] as const)
      assert.deepEqual(asDocument(recording.inputsOf(type, name).policy), reviewed(file));
  });

  it("allow the reader roles to read artifacts, in the bucket and key policies", async () => {
    const recording = await project({ artifacts: { readerRoleArns: [reader] } });
    assert.deepEqual(
      added(recording, "s3/BucketPolicy", "build-artifacts", "artifact-bucket-policy"),
      [
        {
          Sid: "ArtifactReadersList",
          Effect: "Allow",
          Principal: { AWS: [reader] },
          Action: ["s3:ListBucket"],
          Resource: bucket,
        },
        {
          Sid: "ArtifactReadersGet",
          Effect: "Allow",
          Principal: { AWS: [reader] },
          Action: ["s3:GetObject", "s3:GetObjectVersion"],
          Resource: `${bucket}/*`,
        },
      ],
    );
    assert.deepEqual(added(recording, "kms/Key", "build-key", "key-policy"), [
      {
        Sid: "ArtifactReaders",
        Effect: "Allow",
        Principal: { AWS: [reader] },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
      },
    ]);
  });

  it("allow the approver roles to decrypt through S3, without bucket access", async () => {
    const approver = "arn:aws:iam::123456789012:role/approver";
    const recording = await project({ artifacts: { approverRoleArns: [approver] } });
    assert.deepEqual(added(recording, "kms/Key", "build-key", "key-policy"), [
      {
        Sid: "ApproverRoles",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::123456789012:root" },
        Action: "kms:Decrypt",
        Resource: "*",
        Condition: {
          StringEquals: {
            "kms:CallerAccount": "123456789012",
            "kms:ViaService": "s3.us-east-1.amazonaws.com",
          },
          ArnEquals: { "aws:PrincipalArn": [approver] },
        },
      },
    ]);
    assert.deepEqual(
      added(recording, "s3/BucketPolicy", "build-artifacts", "artifact-bucket-policy"),
      [],
    );
  });

  it("deny deletion of object versions, except by administratorArns", async () => {
    const recording = await project({ artifacts: { administratorArns: [administrator] } });
    assert.deepEqual(
      added(recording, "s3/BucketPolicy", "build-artifacts", "artifact-bucket-policy"),
      [
        {
          Sid: "DenyVersionDeletion",
          Effect: "Deny",
          Principal: "*",
          Action: [
            "s3:DeleteObjectVersion",
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy",
            "s3:PutBucketPolicy",
            "s3:PutBucketVersioning",
            "s3:PutLifecycleConfiguration",
          ],
          Resource: [bucket, `${bucket}/*`],
          Condition: { ArnNotLike: { "aws:PrincipalArn": [administrator] } },
        },
      ],
    );
  });

  it("allow uploads without a key id if requireKey is off", async () => {
    const recording = await project({ artifacts: { requireKey: false } });
    const strict = reviewed("artifact-bucket-policy") as { Statement: Statement[] };
    assert.deepEqual(
      statements(recording, "s3/BucketPolicy", "build-artifacts", "policy"),
      strict.Statement.filter(({ Sid }) => Sid !== "DenyKmsWithoutKeyId"),
    );
  });

  it("allow the execution role to only read data buckets and pull images", async () => {
    const dataKey = "arn:aws:kms:us-east-1:210987654321:key/11111111-2222-3333-4444-555555555555";
    const images = "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost";
    const training = {
      dataBuckets: ["churn-data"],
      dataKeyArns: [dataKey],
      imageRepositoryArns: [images],
    };
    const recording = await project({ training });
    assert.deepEqual(
      added(recording, "iam/RolePolicy", "build-execution-role", "execution-role-policy"),
      [
        {
          Sid: "TrainingDataList",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetBucketLocation"],
          Resource: ["arn:aws:s3:::churn-data"],
        },
        {
          Sid: "TrainingDataRead",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::churn-data/*"],
        },
        {
          Sid: "TrainingDataKey",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [dataKey],
          Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
        },
        { Sid: "EcrLogin", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
        {
          Sid: "EcrPull",
          Effect: "Allow",
          Action: [
            "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchGetImage",
          ],
          Resource: [images],
        },
      ],
    );
  });

  it("allow the build role to pull its image from one repository only", async () => {
    const image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/ml/build:1.2";
    const recording = await project({ build: { image } });
    assert.deepEqual(added(recording, "iam/RolePolicy", "build-build-role", "build-role-policy"), [
      { Sid: "EcrLogin", Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
      {
        Sid: "EcrPull",
        Effect: "Allow",
        Action: [
          "ecr:BatchCheckLayerAvailability",
          "ecr:GetDownloadUrlForLayer",
          "ecr:BatchGetImage",
        ],
        Resource: ["arn:aws:ecr:eu-west-1:210987654321:repository/ml/build"],
      },
    ]);
  });

  it("allow the build role to read the secrets and parameters of its variables only", async () => {
    const own = "us-east-1:123456789012";
    const api = `arn:aws:secretsmanager:${own}:secret:churn/api-AbCdEf`;
    const secretKey = `arn:aws:kms:${own}:key/11111111-2222-3333-4444-555555555555`;
    const recording = await project({
      build: {
        parameterStore: { LEVEL: "churn-level", URL: "/churn/url" },
        secretKeyArns: [secretKey],
        secretsManager: { API_KEY: `${api}:key`, TOKEN: "churn/token", USER: "churn/token:user" },
      },
    });
    assert.deepEqual(added(recording, "iam/RolePolicy", "build-build-role", "build-role-policy"), [
      {
        Sid: "SecretsRead",
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: [api, `arn:aws:secretsmanager:${own}:secret:churn/token-??????`],
      },
      {
        Sid: "ParametersRead",
        Effect: "Allow",
        Action: ["ssm:GetParameters"],
        Resource: [
          `arn:aws:ssm:${own}:parameter/churn-level`,
          `arn:aws:ssm:${own}:parameter/churn/url`,
        ],
      },
      {
        Sid: "SecretKeys",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [secretKey],
        Condition: {
          StringEquals: {
            "kms:ViaService": [
              "secretsmanager.us-east-1.amazonaws.com",
              "ssm.us-east-1.amazonaws.com",
            ],
          },
        },
      },
    ]);
  });

  it("allow decryption only through the services of the references", async () => {
    const secretKey = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    const build = { parameterStore: { URL: "/churn/url" }, secretKeyArns: [secretKey] };
    const recording = await project({ build });
    const [, keys] = added(recording, "iam/RolePolicy", "build-build-role", "build-role-policy");
    assert.deepEqual(keys?.Condition, {
      StringEquals: { "kms:ViaService": "ssm.us-east-1.amazonaws.com" },
    });
  });

  it("have a policy of their own for the policy statements, with Deny statements", async () => {
    const features = "arn:aws:s3:::churn-features/*";
    const conditions = { StringEquals: { "aws:ResourceAccount": ["123456789012"] } };
    const group = "arn:aws:sagemaker:us-east-1:123456789012:feature-group/churn";
    const recording = await project({
      build: {
        policyStatements: [{ actions: ["s3:GetObject"], conditions, resources: [features] }],
      },
      training: {
        policyStatements: [
          { actions: ["sagemaker:GetRecord"], resources: [group] },
          { actions: ["sts:GetCallerIdentity"], resources: ["*"] },
        ],
      },
    });
    for (const role of ["build", "execution"]) {
      const { policy, ...others } = recording.inputsOf(
        "iam/RolePolicy",
        `build-${role}-role-policy-statements`,
      );
      assert.deepEqual(others, {
        name: "policy-statements",
        role: `mlops-churn--dev--${role}-use1`,
      });
      assert.deepEqual(asDocument(policy), reviewed(`${role}-role-policy-statements`));
      assert.deepEqual(
        added(recording, "iam/RolePolicy", `build-${role}-role`, `${role}-role-policy`),
        [],
      );
    }
  });

  it("name executionRoleArn in place of the project's execution role", async () => {
    const executionRoleArn = "arn:aws:iam::123456789012:role/data-science";
    const recording = await project({ training: { executionRoleArn } });
    const ownRoleArn = /arn:aws:iam::123456789012:role\/mlops-churn--dev--execution-use1/g;
    for (const [type, name, file] of [
      ["kms/Key", "build-key", "key-policy"],
      ["iam/RolePolicy", "build-build-role", "build-role-policy"],
      ["s3/BucketPolicy", "build-artifacts", "artifact-bucket-policy"],
    ] as const) {
      const expected: unknown = JSON.parse(
        JSON.stringify(reviewed(file)).replace(ownRoleArn, executionRoleArn),
      );
      assert.deepEqual(asDocument(recording.inputsOf(type, name).policy), expected);
    }
  });

  it("name the partition, region and service principals of the stack", async () => {
    const where = {
      accountId: "123456789012",
      dnsSuffix: "amazonaws.com.cn",
      partition: "aws-cn",
      region: "cn-north-1",
    };
    const recording = await project({}, where);
    const policies = documents.map(([, type, name, input]) =>
      JSON.stringify(asDocument(recording.inputsOf(type, name)[input])),
    );
    // The ARN of the mocked key is the same in every partition.
    const all = policies.join("\n").replaceAll(keyArn, "");
    assert.doesNotMatch(
      all,
      /arn:aws:|us-east-1|(s3|sqs|logs|sagemaker)\.[a-z0-9-]+\.amazonaws\.com"/,
    );
    for (const service of ["logs", "s3", "sagemaker", "sqs"])
      assert.match(all, new RegExp(`"${service}\\.cn-north-1\\.amazonaws\\.com\\.cn"`));
  });
});

function project(
  args: Omit<ModelBuildPipelineArgs, "projectId" | "projectName">,
  where = awsContext,
): Promise<Recording> {
  const identity = { projectName: "churn", projectId: "dev" };
  return record(() => new ModelBuildPipeline("build", { ...identity, ...args }), { where });
}

function statements(recording: Recording, type: string, name: string, input: string): Statement[] {
  const document = asDocument(recording.inputsOf(type, name)[input]) as { Statement: Statement[] };
  return document.Statement;
}

/** Statements of a policy beside the reviewed ones, which must be unchanged. */
function added(recording: Recording, type: string, name: string, file: string): Statement[] {
  const found = statements(recording, type, name, "policy");
  const standard = (reviewed(file) as { Statement: Statement[] }).Statement;
  const bySid = (sid: string) => found.find(({ Sid }) => Sid === sid);
  for (const statement of standard) assert.deepEqual(bySid(statement.Sid), statement);
  return found.filter(({ Sid }) => !standard.some((it) => it.Sid === Sid));
}
