import { strict as assert } from "node:assert";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { Readable } from "node:stream";

import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuild } from "@aws-sdk/client-codebuild";
import { CodeCommit } from "@aws-sdk/client-codecommit";
import { CodePipeline } from "@aws-sdk/client-codepipeline";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { SageMaker } from "@aws-sdk/client-sagemaker";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";

import { clientOptions } from "../../local/cloud/provider/clients";
import { type ReviewingProxy, startAuthorizingProxy } from "../../local/iam/authorizingProxy";
import type { Credentials } from "../../local/iam/contract";
import {
  accountWith,
  bucket,
  policySet,
  key,
  queue,
  roleArn,
  rule,
  topic,
} from "../support/policySet";

interface Seen {
  readonly request: IncomingMessage;
  readonly body: string;
}

const Bucket = bucket.replace("arn:aws:s3:::", "");
const sagemaker = "arn:aws:sagemaker:us-east-1:123456789012";
const execution = `${sagemaker}:pipeline/mlops-churn--dev--training/execution/abc`;
const codeBuild = (project: string) => ({
  service: "codebuild.amazonaws.com",
  sourceArn: `arn:aws:codebuild:us-east-1:123456789012:project/mlops-churn--dev--${project}`,
});
const callers = {
  build: codeBuild("modelbuild"),
  "deploy-prod": codeBuild("deploy-prod"),
  "deploy-queue": codeBuild("deploy-queue"),
  "deploy-staging": codeBuild("deploy-staging"),
  "test-staging": codeBuild("test-staging"),
  execution: { service: "sagemaker.amazonaws.com", sourceArn: execution },
  pipeline: {
    service: "codepipeline.amazonaws.com",
    sourceArn: "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modelbuild",
  },
};

describe("authorizing proxy", () => {
  const seen: Seen[] = [];
  let upstream: Server;
  let proxy: ReviewingProxy;

  before(async () => {
    // It speaks of SDK versions to come; package.json pins those in use.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
    upstream = await recorder(seen);
    const options = {
      ownerEndpoint: addressOf(upstream),
      accountId: "123456789012",
      partition: "aws",
      region: "us-east-1",
    };
    proxy = await startAuthorizingProxy(options, accountWith(policySet));
  });

  after(async () => {
    await proxy.stop();
    upstream.close();
  });

  /** Makes a call under a role; returns its required actions, whether it was forwarded, and its error. */
  async function answerOf(
    by: keyof typeof callers | Credentials,
    call: (options: ReturnType<typeof optionsFor>) => Promise<unknown>,
  ) {
    const credentials = typeof by === "string" ? await proxy.assume(roleArn(by), callers[by]) : by;
    const [before, through] = [proxy.decisions.length, seen.length];
    const error = await call(optionsFor(proxy.endpoint, credentials)).then(
      () => "none",
      (reason: unknown) => (reason instanceof Error ? reason.name : String(reason)),
    );
    const uses = proxy.decisions
      .slice(before)
      .map(({ action, allowed, resource }) => `${allowed ? "" : "not "}${action} ${resource}`);
    return { uses, through: seen.length > through, error };
  }

  const through = (...uses: string[]) => ({ uses, through: true, error: "none" });
  const stopped = (error: string, ...uses: string[]) => ({ uses, through: false, error });

  it("forwards an allowed upload unchanged", async () => {
    const answer = await answerOf("build", (options) =>
      s3(options).putObject({ Bucket, Key: "a/ä b+c.csv", Body: "1,2" }),
    );
    assert.deepEqual(
      answer,
      through(`s3:PutObject ${bucket}/a/ä b+c.csv`, `kms:GenerateDataKey ${key}`),
    );
    const { body, request } = latest(seen);
    assert.deepEqual(
      [request.method, request.url, request.headers.host, body],
      [
        "PUT",
        `/${Bucket}/a/%C3%A4%20b%2Bc.csv?x-id=PutObject`,
        proxy.endpoint.replace("http://", ""),
        "1,2",
      ],
    );
  });

  it("forwards a chunked upload", async () => {
    const Body = Readable.from([Buffer.from("1,2\n"), Buffer.from("3,4\n")]);
    const answer = await answerOf("build", (options) =>
      s3(options).putObject({ Bucket, Key: "data.csv", Body, ContentLength: 8 }),
    );
    assert.deepEqual(answer.error, "none");
    const { body, request } = latest(seen);
    assert.deepEqual(request.headers["content-encoding"], "aws-chunked");
    assert.match(body, /1,2\n[^]*3,4\n[^]*x-amz-checksum-/);
  });

  it("recognizes S3 operations by method, path and subresource", async () => {
    const object = `${bucket}/data.csv`;
    const name = { Bucket, Key: "data.csv" };
    const upload = { ...name, UploadId: "1" };
    const cases: [call: (api: S3) => Promise<unknown>, ...uses: string[]][] = [
      [(api) => api.headBucket({ Bucket }), `s3:ListBucket ${bucket}`],
      [(api) => api.listObjectsV2({ Bucket, Prefix: "a/" }), `s3:ListBucket ${bucket}`],
      [(api) => api.getBucketLocation({ Bucket }), `s3:GetBucketLocation ${bucket}`],
      [(api) => api.getBucketVersioning({ Bucket }), `s3:GetBucketVersioning ${bucket}`],
      [(api) => api.headObject(name), `s3:GetObject ${object}`],
      [(api) => api.getObject(name), `s3:GetObject ${object}`, `kms:Decrypt ${key}`],
      [
        (api) => api.getObject({ ...name, VersionId: "v1" }),
        `s3:GetObjectVersion ${object}`,
        `kms:Decrypt ${key}`,
      ],
      [
        (api) => api.createMultipartUpload(name),
        `s3:PutObject ${object}`,
        `kms:GenerateDataKey ${key}`,
        `kms:Decrypt ${key}`,
      ],
      [(api) => api.uploadPart({ ...upload, PartNumber: 1, Body: "1" }), `s3:PutObject ${object}`],
      [(api) => api.completeMultipartUpload(upload), `s3:PutObject ${object}`],
      [
        (api) => api.copyObject({ ...name, CopySource: `/${Bucket}/old%20data.csv` }),
        `s3:GetObject ${bucket}/old data.csv`,
        `kms:Decrypt ${key}`,
        `s3:PutObject ${object}`,
        `kms:GenerateDataKey ${key}`,
      ],
    ];
    for (const [call, ...uses] of cases) {
      const answer = await answerOf("build", (options) => call(s3(options)));
      assert.deepEqual([answer.uses, answer.through], [uses, true]);
    }
    const denied: [call: (api: S3) => Promise<unknown>, use: string][] = [
      [(api) => api.listBuckets({}), "not s3:ListAllMyBuckets *"],
      [(api) => api.createBucket({ Bucket: "new" }), "not s3:CreateBucket arn:aws:s3:::new"],
      [(api) => api.deleteObject(name), `not s3:DeleteObject ${object}`],
      [
        (api) => api.deleteObjects({ Bucket, Delete: { Objects: [{ Key: "a&b" }] } }),
        `not s3:DeleteObject ${bucket}/a&b`,
      ],
      [(api) => api.abortMultipartUpload(upload), `not s3:AbortMultipartUpload ${object}`],
    ];
    for (const [call, use] of denied) {
      const answer = await answerOf("build", (options) => call(s3(options)));
      assert.deepEqual(answer, stopped("AccessDenied", use));
    }
  });

  it("denies an upload with another key with S3's error message", async () => {
    const SSEKMSKeyId = key.replace("1234abcd", "9876abcd");
    const header = { ServerSideEncryption: "aws:kms", SSEKMSKeyId } as const;
    await assert.rejects(
      s3(optionsFor(proxy.endpoint, await proxy.assume(roleArn("build"), callers.build))).putObject(
        { Bucket, Key: "data.csv", Body: "1", ...header },
      ),
      {
        name: "AccessDenied",
        message:
          "User: arn:aws:sts::123456789012:assumed-role/mlops-churn--dev--build-use1/test is not authorized " +
          `to perform: s3:PutObject on resource: ${bucket}/data.csv ` +
          "with an explicit deny in a resource-based policy",
      },
    );
  });

  it("answers a denied HEAD request with the status only", async () => {
    const answer = await answerOf("build", (options) =>
      s3(options).headBucket({ Bucket: "other" }),
    );
    assert.deepEqual(answer, stopped("Unknown", "not s3:ListBucket arn:aws:s3:::other"));
  });

  it("authorizes iam:PassRole of a SageMaker pipeline", async () => {
    const create = (RoleArn: string) =>
      answerOf("build", (options) =>
        new SageMaker(options).createPipeline({
          PipelineName: "mlops-churn--dev--training",
          PipelineDefinition: "{}",
          RoleArn,
          ClientRequestToken: "0".repeat(32),
          Tags: [{ Key: "team", Value: "churn" }],
        }),
      );
    const pipeline = `${sagemaker}:pipeline/mlops-churn--dev--training`;
    const uses = [`sagemaker:CreatePipeline ${pipeline}`, `sagemaker:AddTags ${pipeline}`];
    const own = roleArn("execution");
    assert.deepEqual(await create(own), through(...uses, `iam:PassRole ${own}`));
    const other = roleArn("push-rule");
    assert.deepEqual(
      await create(other),
      stopped("AccessDeniedException", ...uses, `not iam:PassRole ${other}`),
    );
  });

  it("authorizes every action of a training job with its condition keys", async () => {
    const answer = await answerOf("execution", (options) =>
      new SageMaker(options).createTrainingJob({
        TrainingJobName: "pipelines-abc-train-def",
        RoleArn: roleArn("execution"),
        AlgorithmSpecification: { TrainingInputMode: "File" },
        EnableNetworkIsolation: false,
        OutputDataConfig: { S3OutputPath: "s3://x", KmsKeyId: key },
        ResourceConfig: {
          InstanceType: "ml.m5.large",
          InstanceCount: 1,
          VolumeSizeInGB: 1,
          VolumeKmsKeyId: "alias/churn",
        },
        StoppingCondition: { MaxRuntimeInSeconds: 60 },
        VpcConfig: { SecurityGroupIds: ["sg-1"], Subnets: ["subnet-1", "subnet-2"] },
      }),
    );
    const job = `${sagemaker}:training-job/pipelines-abc-train-def`;
    assert.deepEqual(
      answer,
      through(
        `sagemaker:CreateTrainingJob ${job}`,
        `iam:PassRole ${roleArn("execution")}`,
        `kms:CreateGrant ${key}`,
      ),
    );
    assert.deepEqual(proxy.decisions.at(-3)?.context, {
      "sagemaker:InstanceTypes": "ml.m5.large",
      "sagemaker:MaxRuntimeInSeconds": "60",
      "sagemaker:NetworkIsolation": "false",
      "sagemaker:OutputKmsKeyArn": key,
      "sagemaker:VolumeKmsKeyArn": key,
      "sagemaker:VpcSecurityGroupIds": ["sg-1"],
      "sagemaker:VpcSubnets": ["subnet-1", "subnet-2"],
    });
  });

  it("lets training register model versions only as pending, without a life-cycle stage", async () => {
    const registerAs = (
      ModelApprovalStatus: "Approved" | "PendingManualApproval",
      Stage?: string,
    ) =>
      answerOf("execution", (options) =>
        new SageMaker(options).createModelPackage({
          ModelPackageGroupName: `${sagemaker}:model-package-group/mlops-churn--dev--models`,
          ModelApprovalStatus,
          ...(Stage === undefined ? {} : { ModelLifeCycle: { Stage, StageStatus: "Approved" } }),
        }),
      );
    const use = `sagemaker:CreateModelPackage ${sagemaker}:model-package/mlops-churn--dev--models/*`;
    assert.deepEqual(await registerAs("PendingManualApproval"), through(use));
    const denied = stopped("AccessDeniedException", `not ${use}`);
    assert.deepEqual(await registerAs("Approved"), denied);
    assert.deepEqual(await registerAs("PendingManualApproval", "Production"), denied);
  });

  it("lets the builds of a deployment set life-cycle stages, not approve, and remove no metadata", async () => {
    const ModelPackageArn = `${sagemaker}:model-package/mlops-churn--dev--models/7`;
    const update = (role: Parameters<typeof answerOf>[0], change: object) =>
      answerOf(role, (options) =>
        new SageMaker(options).updateModelPackage({ ModelPackageArn, ...change }),
      );
    const use = `sagemaker:UpdateModelPackage ${ModelPackageArn}`;
    const denied = stopped("AccessDeniedException", `not ${use}`);
    const ModelLifeCycle = { Stage: "Archived", StageStatus: "Replaced" };
    for (const role of ["deploy-prod", "deploy-queue", "test-staging"] as const) {
      assert.deepEqual(await update(role, { ModelLifeCycle }), through(use));
      for (const more of [
        { ModelApprovalStatus: "Approved" },
        { CustomerMetadataPropertiesToRemove: ["GitCommit"] },
      ])
        assert.deepEqual(await update(role, { ModelLifeCycle, ...more }), denied);
    }
    for (const role of ["build", "execution", "deploy-staging"] as const)
      assert.deepEqual(await update(role, { ModelLifeCycle }), denied);
  });

  it("authorizes calls of other services on their resources", async () => {
    const arn = "us-east-1:123456789012";
    const project = `arn:aws:codebuild:${arn}:project/mlops-churn--dev--modelbuild`;
    const repository = "mlops-churn--dev--modelbuild";
    const logs = `arn:aws:logs:${arn}:log-group:/aws/sagemaker/TrainingJobs`;
    const stream = {
      logGroupName: "/aws/sagemaker/TrainingJobs",
      logStreamName: "pipelines-a/algo-1",
    };
    const group = { logGroupName: stream.logGroupName };
    const cases: [Parameters<typeof answerOf>[0], Parameters<typeof answerOf>[1], ...string[]][] = [
      ["build", (o) => new STS(o).getCallerIdentity({}), "sts:GetCallerIdentity *"],
      [
        "build",
        (o) => new SageMaker(o).describePipelineExecution({ PipelineExecutionArn: execution }),
        `sagemaker:DescribePipelineExecution ${execution}`,
      ],
      [
        "build",
        (o) =>
          new SageMaker(o).listModelPackages({ ModelPackageGroupName: "mlops-churn--dev--models" }),
        `sagemaker:ListModelPackages ${sagemaker}:model-package/mlops-churn--dev--models/*`,
      ],
      [
        "pipeline",
        (o) => new CodeCommit(o).getBranch({ repositoryName: repository, branchName: "main" }),
        `codecommit:GetBranch arn:aws:codecommit:${arn}:${repository}`,
      ],
      [
        "pipeline",
        (o) => new CodeBuild(o).startBuild({ projectName: "mlops-churn--dev--modelbuild" }),
        `codebuild:StartBuild ${project}`,
      ],
      [
        "pipeline",
        (o) => new CodeBuild(o).batchGetBuilds({ ids: ["mlops-churn--dev--modelbuild:1-2"] }),
        `codebuild:BatchGetBuilds ${project}`,
      ],
      [
        "execution",
        (o) => new CloudWatchLogs(o).createLogGroup(group),
        `logs:CreateLogGroup ${logs}`,
        `logs:CreateLogGroup ${logs}:log-stream:`,
      ],
      [
        "execution",
        (o) => new CloudWatchLogs(o).createLogStream(stream),
        `logs:CreateLogStream ${logs}:log-stream:pipelines-a/algo-1`,
      ],
      [
        "execution",
        (o) => new CloudWatch(o).putMetricData({ Namespace: "/aws/sagemaker/x", MetricData: [] }),
        `cloudwatch:PutMetricData arn:aws:cloudwatch:${arn}:dataset/default`,
      ],
      [
        "execution",
        (o) => new KMS(o).describeKey({ KeyId: "alias/churn" }),
        `kms:DescribeKey ${key}`,
      ],
    ];
    for (const [by, call, ...uses] of cases)
      assert.deepEqual(await answerOf(by, call), through(...uses));
  });

  it("denies with the error format and code of each service", async () => {
    const QueueUrl = `${proxy.endpoint}/123456789012/mlops-churn--dev--undelivered-events`;
    const pipelineArn = "arn:aws:codepipeline:us-east-1:123456789012:other";
    const cases: [Parameters<typeof answerOf>[1], error: string, use: string][] = [
      [
        (o) => new CodePipeline(o).startPipelineExecution({ name: "other" }),
        "AccessDeniedException",
        `codepipeline:StartPipelineExecution ${pipelineArn}`,
      ],
      [
        (o) => new SQS(o).receiveMessage({ QueueUrl }),
        "AccessDenied",
        `sqs:ReceiveMessage ${queue}`,
      ],
      [
        (o) => new SNS(o).publish({ TopicArn: topic, Message: "1" }),
        "AuthorizationErrorException",
        `sns:Publish ${topic}`,
      ],
      [
        (o) => new STS(o).assumeRole({ RoleArn: roleArn("execution"), RoleSessionName: "me" }),
        "AccessDenied",
        `sts:AssumeRole ${roleArn("execution")}`,
      ],
    ];
    for (const [call, error, use] of cases) {
      assert.deepEqual(await answerOf("build", call), stopped(error, `not ${use}`));
    }
  });

  it("authorizes service principals by the resource policy", async () => {
    const send = (name?: string) =>
      answerOf(proxy.actAs(rule(name)), (options) =>
        new SQS(options).sendMessage({
          QueueUrl: `${proxy.endpoint}/123456789012/mlops-churn--dev--undelivered-events`,
          MessageBody: "{}",
        }),
      );
    const use = `sqs:SendMessage ${queue}`;
    assert.deepEqual((await send()).uses, [
      use,
      `kms:GenerateDataKey ${key}`,
      `kms:Decrypt ${key}`,
    ]);
    assert.deepEqual(await send("other"), stopped("AccessDenied", `not ${use}`));
  });

  it("denies calls that it cannot evaluate", async () => {
    const answer = await answerOf("build", (options) =>
      new SageMaker(options).describeDomain({ DomainId: "d-1" }),
    );
    assert.deepEqual(
      answer,
      stopped(
        "AccessDeniedException",
        "not sagemaker:DescribeDomain (cannot be evaluated: the authorizing proxy has no IAM actions for this operation)",
      ),
    );
    const tags = await answerOf("build", (options) => s3(options).getBucketTagging({ Bucket }));
    assert.deepEqual(
      tags,
      stopped(
        "AccessDenied",
        "not s3 (cannot be evaluated: the authorizing proxy does not know the S3 operation of bucket GET tagging)",
      ),
    );
  });

  it("rejects unknown access keys", async () => {
    const stranger = { accessKeyId: "AKIA0", secretAccessKey: "x", sessionToken: "y" };
    const use = (service: string) =>
      `not ${service} (cannot be evaluated: the authorizing proxy did not issue this key)`;
    assert.deepEqual(
      await answerOf(stranger, (options) => s3(options).listBuckets({})),
      stopped("InvalidAccessKeyId", use("s3")),
    );
    assert.deepEqual(
      await answerOf(stranger, (options) => new SageMaker(options).listPipelines({})),
      stopped("UnrecognizedClientException", use("sagemaker")),
    );
    const { status } = await fetch(proxy.endpoint);
    assert.deepEqual([status, proxy.decisions.at(-1)?.principal], [403, "access key (none)"]);
  });

  it("lets only trusted services assume a role", async () => {
    const other = { ...callers.build, sourceArn: `${callers.build.sourceArn}-2` };
    await assert.rejects(proxy.assume(roleArn("build"), other), {
      message:
        "User: codebuild.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: " +
        `${roleArn("build")} because no resource-based policy allows the sts:AssumeRole action`,
    });
  });

  it("lets a trusted role assume another one, and no other role", async () => {
    const by = (name: string) => ({
      roleArn: `arn:aws:iam::123456789012:role/${name}`,
      sessionArn: `arn:aws:sts::123456789012:assumed-role/${name}/test`,
    });
    const trial = roleArn("trial");
    await assert.rejects(proxy.assume(trial, by("mlops-churn--dev--build-use1")), {
      message: /^User: .*build-use1\/test is not authorized to perform: sts:AssumeRole/,
    });
  });

  it("authorizes actions without an API call on request", async () => {
    const credentials = await proxy.assume(roleArn("pipeline"), callers.pipeline);
    const repository = "arn:aws:codecommit:us-east-1:123456789012:mlops-churn--dev--modelbuild";
    const archive = { action: "codecommit:UploadArchive", resource: repository };
    await proxy.require(credentials, archive);
    await assert.rejects(
      proxy.require(credentials, { ...archive, action: "codecommit:GitPush" }),
      /is not authorized to perform: codecommit:GitPush/,
    );
  });

  it("returns a service error if the emulator is unavailable", async () => {
    const gone = await recorder([]);
    const options = { accountId: "123456789012", partition: "aws", region: "us-east-1" };
    const alone = await startAuthorizingProxy(
      { ...options, ownerEndpoint: addressOf(gone) },
      accountWith(policySet),
    );
    gone.close();
    const credentials = await alone.assume(roleArn("build"), callers.build);
    const call = s3(optionsFor(alone.endpoint, credentials)).getBucketLocation({ Bucket });
    await assert.rejects(call, (error: { $metadata?: { httpStatusCode?: number } }) => {
      assert.deepEqual(error.$metadata?.httpStatusCode, 502);
      return true;
    });
    await alone.stop();
  });
});

function optionsFor(endpoint: string, credentials: Credentials) {
  return { ...clientOptions(endpoint, "us-east-1"), credentials };
}

function s3(options: ReturnType<typeof optionsFor>): S3 {
  return new S3({ ...options, forcePathStyle: true });
}

function latest(seen: readonly Seen[]): Seen {
  const last = seen.at(-1);
  assert(last !== undefined, "nothing got through");
  return last;
}

/** Stands for the emulator: keeps what arrives, and answers that all is well. */
function recorder(seen: Seen[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push({ request, body: Buffer.concat(chunks).toString() });
      response.end(request.headers["x-amz-target"] === undefined ? "<Answer/>" : "{}");
    });
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      resolve(server);
    }),
  );
}

function addressOf(server: Server): string {
  const address = server.address();
  assert(address !== null && typeof address !== "string", "the server has no port");
  return `http://127.0.0.1:${address.port.toString()}`;
}
