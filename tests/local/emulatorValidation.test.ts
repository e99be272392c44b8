import { strict as assert } from "node:assert";

import { IAM } from "@aws-sdk/client-iam";
import { KMS } from "@aws-sdk/client-kms";
import { S3 } from "@aws-sdk/client-s3";
import { Scheduler } from "@aws-sdk/client-scheduler";
import { SNS } from "@aws-sdk/client-sns";

import type { Emulator } from "../../local/cloud/emulator";
import { clientOptions } from "../../local/cloud/provider/clients";
import { reportRequests, requestReport } from "../../local/cloud/requestCounts";
import { silently } from "../support/printed";
import { runningEmulator } from "../support/runningEmulator";

const arn = "arn:aws:iam::123456789012:role/training";
const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/churn:1";

const training = {
  AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "File" },
  OutputDataConfig: { S3OutputPath: "s3://churn/models" },
  ResourceConfig: { InstanceCount: 1, InstanceType: "ml.m5.large", VolumeSizeInGB: 10 },
  RoleArn: arn,
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  TrainingJobName: "churn",
};

interface Sent {
  readonly service: string;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly path?: string;
}

interface Answer {
  readonly status: number;
  readonly errorType: string | null;
  readonly body: string;
}

describe("validation of requests to the emulator", function () {
  this.timeout(10 * 60_000);
  let emulator: Emulator;
  let options: ReturnType<typeof clientOptions>;

  /** Sends a request as it is: a client of an SDK would change or reject it. */
  async function send({ body = "", service, ...sent }: Sent): Promise<Answer> {
    const { headers = {}, method = "POST", path = "/" } = sent;
    const response = await fetch(emulator.endpoint + path, {
      method,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=testing/20261129/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        ...headers,
      },
      ...(method === "GET" ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const errorType = response.headers.get("x-amzn-errortype");
    return { body: await response.text(), errorType, status: response.status };
  }
  const sendJson = (service: string, target: string, body: object | string): Promise<Answer> => {
    const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
    return send({ service, body, headers });
  };
  const sendForm = (service: string, fields: Readonly<Record<string, string>>): Promise<Answer> => {
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    return send({ service, body: new URLSearchParams(fields).toString(), headers });
  };
  /** Violations of a CreateTrainingJob request with these members. */
  const violationsOf = async (members: object): Promise<string> => {
    const { body, status } = await sendJson("sagemaker", "SageMaker.CreateTrainingJob", {
      ...training,
      ...members,
    });
    assert.equal(status, 400, body);
    const { Message } = JSON.parse(body) as { Message: string };
    return Message;
  };
  const rejects = (what: object, value: string, rule: string) => async () => {
    const start = "1 validation error detected: sagemaker CreateTrainingJob: Value";
    assert.equal(
      await violationsOf(what),
      `${start} ${value} failed to satisfy constraint: ${rule}`,
    );
  };
  const report = () => requestReport(emulator.endpoint);

  before("starts the emulator", async () => {
    emulator = await silently(runningEmulator);
    options = clientOptions(emulator.endpoint, "us-east-1");
  });
  after("stops the emulator", () => emulator.stop());
  beforeEach("forgets the requests of the last test", report);

  describe("accepts valid requests", () => {
    afterEach("finds no violation", async () => {
      assert.match((await report()).text, /violations: 0$/);
    });

    it("of the query protocol, with lists and structures", async () => {
      const Tags = [{ Key: "team", Value: "churn" }];
      const sns = new SNS(options);
      await sns.createTopic({ Attributes: { DisplayName: "Churn" }, Name: "churn", Tags });
      const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
      await new IAM(options).createRole({ AssumeRolePolicyDocument, RoleName: "churn", Tags });
    });

    it("of the ec2 protocol", async () => {
      const { body, status } = await sendForm("ec2", {
        Action: "DescribeVpcs",
        "Filter.1.Name": "is-default",
        "Filter.1.Value.1": "true",
        MaxResults: "5",
        Version: "2016-11-15",
      });
      assert.equal(status, 200, body);
    });

    it("of the json protocol", async () => {
      const { body, status } = await sendJson("sagemaker", "SageMaker.CreateTrainingJob", training);
      assert.equal(status, 200, body);
    });

    it("of the rest-json protocol, in path, query and body", async () => {
      const scheduler = new Scheduler(options);
      await scheduler.createScheduleGroup({ Name: "churn", Tags: [{ Key: "a", Value: "b" }] });
      await scheduler.listSchedules({ GroupName: "churn", MaxResults: 5 });
    });

    it("of the rest-xml protocol, in path, query, headers and body", async () => {
      const s3 = new S3({ ...options, forcePathStyle: true });
      const Bucket = "churn";
      await s3.createBucket({ Bucket });
      await s3.putBucketTagging({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "churn" }] } });
      const rule = { Expiration: { Days: 7 }, Filter: { Prefix: "" }, Status: "Enabled" } as const;
      const LifecycleConfiguration = { Rules: [rule] };
      await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration });
      const object = { Body: "1,2", Bucket, Key: "a/b c.csv", Metadata: { source: "crm" } };
      await s3.putObject({ ...object, ServerSideEncryption: "AES256" });
      await s3.listObjectsV2({ Bucket, MaxKeys: 5, Prefix: "a/" });
    });
  });

  describe("rejects", () => {
    it(
      "a missing member",
      rejects({ RoleArn: null }, "null at 'RoleArn'", "Member must not be null"),
    );
    it(
      "a missing member of a nested structure",
      rejects(
        { InputDataConfig: [{ DataSource: {} }] },
        "null at 'InputDataConfig[0].ChannelName'",
        "Member must not be null",
      ),
    );
    it(
      "an unknown member, without its value",
      rejects(
        { Passwort: "hunter2" },
        "(not shown) at 'Passwort'",
        "CreateTrainingJobRequest has no such member",
      ),
    );
    it(
      "a wrong type",
      rejects(
        { ResourceConfig: { ...training.ResourceConfig, InstanceCount: "1" } },
        "'1' at 'ResourceConfig.InstanceCount'",
        "Member must be an integer",
      ),
    );
    it(
      "a wrong type of a structure, without its value",
      rejects(
        { ResourceConfig: "secret" },
        "(hidden) at 'ResourceConfig'",
        "Member must be a structure",
      ),
    );
    it(
      "a value that is too long",
      rejects(
        { Environment: { A: "x".repeat(513) } },
        `'${"x".repeat(100)}...' at 'Environment[A]'`,
        "Member must have length less than or equal to 512",
      ),
    );
    it(
      "a list that is too short",
      rejects(
        { VpcConfig: { SecurityGroupIds: [], Subnets: ["subnet-1"] } },
        "(of length 0) at 'VpcConfig.SecurityGroupIds'",
        "Member must have length greater than or equal to 1",
      ),
    );
    it(
      "a number out of range",
      rejects(
        { ResourceConfig: { ...training.ResourceConfig, VolumeSizeInGB: -1 } },
        "'-1' at 'ResourceConfig.VolumeSizeInGB'",
        "Member must have value greater than or equal to 0",
      ),
    );
    it(
      "a value that does not match its pattern as a whole",
      rejects(
        { TrainingJobName: "churn_1" },
        "'churn_1' at 'TrainingJobName'",
        "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
      ),
    );
    it("a value that is not in its enum", async () => {
      const AlgorithmSpecification = { TrainingImage: image, TrainingInputMode: "Files" };
      assert.match(
        await violationsOf({ AlgorithmSpecification }),
        /Value 'Files' at 'AlgorithmSpecification.TrainingInputMode' failed to satisfy constraint: Member must satisfy enum value set: \[Pipe, File, FastFile\]$/,
      );
    });
    it("a union with two members", async () => {
      const { body } = await sendForm("iam", {
        Action: "SimulatePrincipalPolicy",
        "ActionNames.member.1": "s3:GetObject",
        PolicySourceArn: arn,
        "PolicyExclusionList.member.1.PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "PolicyExclusionList.member.1.PolicyType": "aws-managed",
        Version: "2010-05-08",
      });
      assert.match(body, /at 'PolicyExclusionList\[0\]' .* Exactly one member must be set/);
    });
    it("several violations at once", async () => {
      const found = await violationsOf({ RoleArn: "training", TrainingJobName: "churn_1" });
      assert.match(
        found,
        /^3 validation errors detected: .*'RoleArn'.*'RoleArn'.*'TrainingJobName'/,
      );
    });
    it("a body that is not JSON", async () => {
      const { body, status } = await sendJson("sagemaker", "SageMaker.ListModels", '{"secret');
      assert.equal(status, 400);
      assert.match(body, /Value \(hidden\) at 'body' .* Member must be a structure/);
    });
  });

  describe("answers in the form of the protocol", () => {
    const rule = "Member must satisfy regular expression pattern";

    it("query", async () => {
      const fields = { Action: "GetRole", RoleName: "a role", Version: "2010-05-08" };
      const { body, status } = await sendForm("iam", fields);
      assert.equal(status, 400);
      assert.match(body, /<Error><Type>Sender<\/Type><Code>ValidationError<\/Code>/);
      assert.match(body, new RegExp(`iam GetRole: .*'RoleName' .*${rule}`));
    });
    it("ec2", async () => {
      const fields = { Action: "DescribeVpcs", MaxResults: "1", Version: "2016-11-15" };
      const { body, status } = await sendForm("ec2", fields);
      assert.equal(status, 400);
      assert.match(body, /<Errors><Error><Code>InvalidParameterValue<\/Code>/);
      assert.match(body, /ec2 DescribeVpcs: Value '1' at 'MaxResults'/);
    });
    it("json", async () => {
      const target = "SageMaker.DescribeModel";
      const { errorType, status } = await sendJson("sagemaker", target, {});
      assert.deepEqual([status, errorType], [400, "ValidationException"]);
    });
    it("rest-json", async () => {
      const scheduler = new Scheduler(options);
      const request = {
        FlexibleTimeWindow: { Mode: "OFF" },
        ScheduleExpression: "rate(1 day)",
      } as const;
      const Target = { Arn: "arn:aws:sqs:us-east-1:123456789012:churn", RoleArn: "training" };
      await assert.rejects(scheduler.createSchedule({ ...request, Name: "churn", Target }), {
        name: "ValidationException",
        message: new RegExp(`scheduler CreateSchedule: .* at 'Target.RoleArn' .*${rule}`),
      });
    });
    it("rest-xml", async () => {
      const { body, status } = await send({
        service: "s3",
        method: "PUT",
        path: "/churn?tagging",
        body: "<Tagging><TagSet><Tag><Value>1</Value></Tag></TagSet><Colour/></Tagging>",
      });
      assert.equal(status, 400);
      assert.match(body, /<Error>\s*<Code>ValidationException<\/Code>/);
      assert.match(body, /2 validation errors/);
      assert.match(body, /null at 'Tagging.TagSet\[0\].Key'/);
      assert.match(body, /'Tagging.Colour'/);
    });
  });

  describe("hides sensitive values", () => {
    it("of a text", async () => {
      const user = { Password: "hunter2".repeat(20), UserName: "churn" };
      await assert.rejects(new IAM(options).createLoginProfile(user), {
        message: /Value \(hidden\) at 'Password' failed .* length less than or equal to 128$/,
      });
    });
    it("of bytes", async () => {
      const Plaintext = Buffer.alloc(4097);
      await assert.rejects(new KMS(options).encrypt({ KeyId: "alias/churn", Plaintext }), {
        message: /Value \(hidden\) at 'Plaintext' failed/,
      });
    });
  });

  describe("of a pipeline definition", () => {
    const { TrainingJobName: _, ...own } = training;
    const create = async (...Steps: readonly object[]): Promise<Answer> =>
      sendJson("sagemaker", "SageMaker.CreatePipeline", {
        ClientRequestToken: "0123456789abcdef0123456789abcdef",
        PipelineDefinition: JSON.stringify({ Version: "2020-12-01", Steps }),
        PipelineName: "churn",
        RoleArn: arn,
      });
    const train = (Arguments: object) => ({ Name: "Train", Type: "Training", Arguments });

    it("accepts pipeline variables, numbers for texts, and a step without the job's name", async () => {
      const path = { "Std:Join": { On: "/", Values: ["s3://churn", { Get: "Execution.Id" }] } };
      const { body, status } = await create(
        train({
          ...own,
          HyperParameters: { depth: 3 },
          OutputDataConfig: { S3OutputPath: path },
          ResourceConfig: { ...own.ResourceConfig, InstanceType: { Get: "Parameters.Type" } },
        }),
      );
      assert.equal(status, 200, body);
    });
    it("rejects an invalid request of a step in a branch", async () => {
      const invalid = train({ ...own, RoleArn: null });
      const Arguments = { Conditions: [], IfSteps: [invalid], ElseSteps: [] };
      const { body } = await create({ Name: "Check", Type: "Condition", Arguments });
      assert.match(
        body,
        /sagemaker CreatePipeline, step Train, CreateTrainingJob: Value null at 'RoleArn'/,
      );
    });
    it("rejects a pipeline variable in place of a structure", async () => {
      const { body } = await create(train({ ...own, ResourceConfig: { Get: "Parameters.All" } }));
      assert.match(body, /'ResourceConfig.Get' .* has no such member/);
    });
  });

  describe("report", () => {
    const start = "checked against AWS's API models";
    const nothing = `${start}: 0 requests with 0 members; violations: 0`;

    it("counts requests and members, and starts again", async () => {
      await sendJson("sagemaker", "SageMaker.ListModels", { MaxResults: 5, SortBy: "Name" });
      const text = `${start}: 1 requests with 3 members; violations: 0`;
      assert.deepEqual(await report(), { text, violations: [] });
      assert.deepEqual(await report(), { text: nothing, violations: [] });
    });
    it("lists requests that it could not check", async () => {
      await sendJson("sagemaker", "SageMaker.NoSuchOperation", {});
      const text = `${nothing}; not checked:\n  - sagemaker SageMaker.NoSuchOperation (1x)`;
      assert.deepEqual(await report(), { text, violations: [] });
    });
    it("leaves out operations of the emulator itself", async () => {
      await sendJson("sagemaker", "SageMaker.PlayMinute", { Milliseconds: 60_000 });
      assert.deepEqual(await report(), { text: nothing, violations: [] });
    });
    it("fails the run if there are violations", async () => {
      for (const _ of [1, 2]) await sendJson("sagemaker", "SageMaker.DescribeModel", {});
      await assert.rejects(
        silently(() => reportRequests(emulator.endpoint)),
        { message: /^AWS would reject:\n {2}- sagemaker DescribeModel: .*'ModelName'.* \(2x\)$/ },
      );
    });
  });
});
