import { strict as assert } from "node:assert";

import type { ModelBuildPipelineArgs } from "../components/args";
import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { asDocument, reviewed } from "./support/documents";
import { keyArn, place, record, type Recording } from "./support/mocks";

const bucket = "arn:aws:s3:::sagemaker-churn-dev-eb805c6c";
const reader = "arn:aws:iam::210987654321:role/audit";
const administrator = "arn:aws:iam::123456789012:role/platform-*";

interface Statement {
  [part: string]: unknown;
  Sid: string;
}

const documents: [what: string, type: string, name: string, input: string, file: string][] = [
  [
    "what CodePipeline may do",
    "iam/RolePolicy",
    "build-pipeline-role",
    "policy",
    "pipeline-role-policy",
  ],
  ["what the build may do", "iam/RolePolicy", "build-build-role", "policy", "build-role-policy"],
  [
    "what training may do",
    "iam/RolePolicy",
    "build-execution-role",
    "policy",
    "execution-role-policy",
  ],
  [
    "what the push rule may do",
    "iam/RolePolicy",
    "build-trigger-role",
    "policy",
    "trigger-role-policy",
  ],
  [
    "what the rules that tell people may do",
    "iam/RolePolicy",
    "build-messages-role",
    "policy",
    "messages-role-policy",
  ],
  [
    "who is CodePipeline",
    "iam/Role",
    "build-pipeline-role",
    "assumeRolePolicy",
    "pipeline-role-trust",
  ],
  ["who is the build", "iam/Role", "build-build-role", "assumeRolePolicy", "build-role-trust"],
  [
    "who is training",
    "iam/Role",
    "build-execution-role",
    "assumeRolePolicy",
    "execution-role-trust",
  ],
  [
    "who is the push rule",
    "iam/Role",
    "build-trigger-role",
    "assumeRolePolicy",
    "trigger-role-trust",
  ],
  [
    "who are the rules that tell people",
    "iam/Role",
    "build-messages-role",
    "assumeRolePolicy",
    "messages-role-trust",
  ],
  ["the artifact bucket", "s3/BucketPolicy", "build-artifacts", "policy", "artifact-bucket-policy"],
  [
    "the access log bucket",
    "s3/BucketPolicy",
    "build-access-logs",
    "policy",
    "access-log-bucket-policy",
  ],
  ["the key", "kms/Key", "build-key", "policy", "key-policy"],
  [
    "the dead-letter queue",
    "sqs/QueuePolicy",
    "build-undelivered",
    "policy",
    "dead-letter-queue-policy",
  ],
  ["the topic", "sns/TopicPolicy", "build-messages", "policy", "topic-policy"],
];

describe("policies, whole", () => {
  let recording: Recording;

  before(async () => {
    recording = await project({});
  });

  for (const [what, type, name, input, file] of documents) {
    it(`${what}: exactly as reviewed in ${file}.json`, () => {
      assert.deepEqual(asDocument(recording.inputsOf(type, name)[input]), reviewed(file));
    });
  }

  it("are all the policies that there are", () => {
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

  it("allow no action with a wildcard, anywhere", () => {
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

describe("policies, as settings change them", () => {
  it("let named readers read artifacts and nothing more, by bucket and key", async () => {
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

  it("let named approvers decrypt through S3, of what IAM lets them read", async () => {
    const approver = "arn:aws:iam::123456789012:role/approver";
    const recording = await project({ artifacts: { approverRoleArns: [approver] } });
    assert.deepEqual(added(recording, "kms/Key", "build-key", "key-policy"), [
      {
        Sid: "ReportApprovers",
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
    // Nothing in the bucket is opened by it.
    assert.deepEqual(
      added(recording, "s3/BucketPolicy", "build-artifacts", "artifact-bucket-policy"),
      [],
    );
  });

  it("let only administrators change history, once there are any", async () => {
    const recording = await project({ artifacts: { administratorArns: [administrator] } });
    assert.deepEqual(
      added(recording, "s3/BucketPolicy", "build-artifacts", "artifact-bucket-policy"),
      [
        {
          Sid: "ProtectHistory",
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

  it("take uploads that name no key only where requireKey is off, and lose no other rule by it", async () => {
    const recording = await project({ artifacts: { requireKey: false } });
    const strict = reviewed("artifact-bucket-policy") as { Statement: Statement[] };
    assert.deepEqual(
      statements(recording, "s3/BucketPolicy", "build-artifacts", "policy"),
      strict.Statement.filter(({ Sid }) => Sid !== "DenyKmsWithoutKeyId"),
    );
  });

  it("let training read the data buckets and images it is given, and write to none of them", async () => {
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
          Sid: "SourceDataList",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetBucketLocation"],
          Resource: ["arn:aws:s3:::churn-data"],
        },
        {
          Sid: "SourceDataRead",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::churn-data/*"],
        },
        {
          Sid: "SourceDataKey",
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

  it("let the build pull its private image, from that one repository", async () => {
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

  it("use and pass on a given execution role in place of our own", async () => {
    const executionRoleArn = "arn:aws:iam::123456789012:role/data-science";
    const recording = await project({ training: { executionRoleArn } });
    const ours = /arn:aws:iam::123456789012:role\/sagemaker-churn-dev-execution/g;
    for (const [type, name, file] of [
      ["kms/Key", "build-key", "key-policy"],
      ["iam/RolePolicy", "build-build-role", "build-role-policy"],
      ["s3/BucketPolicy", "build-artifacts", "artifact-bucket-policy"],
    ] as const) {
      const expected: unknown = JSON.parse(
        JSON.stringify(reviewed(file)).replace(ours, executionRoleArn),
      );
      assert.deepEqual(asDocument(recording.inputsOf(type, name).policy), expected);
    }
  });

  it("speak of the partition and its services that the stack lives in", async () => {
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
    // The mock engine's own key keeps its name in any place.
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
  where = place,
): Promise<Recording> {
  const words = { projectName: "churn", projectId: "dev" };
  return record(() => new ModelBuildPipeline("build", { ...words, ...args }), { where });
}

function statements(recording: Recording, type: string, name: string, input: string): Statement[] {
  const document = asDocument(recording.inputsOf(type, name)[input]) as { Statement: Statement[] };
  return document.Statement;
}

/** What stands in a policy beyond the reviewed one, all of which must still be there. */
function added(recording: Recording, type: string, name: string, file: string): Statement[] {
  const found = statements(recording, type, name, "policy");
  const standard = (reviewed(file) as { Statement: Statement[] }).Statement;
  const bySid = (sid: string) => found.find(({ Sid }) => Sid === sid);
  for (const statement of standard) assert.deepEqual(bySid(statement.Sid), statement);
  return found.filter(({ Sid }) => !standard.some((it) => it.Sid === Sid));
}
