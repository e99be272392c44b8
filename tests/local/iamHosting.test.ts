import { strict as assert } from "node:assert";

import type { RequiredAction } from "../../local/iam/contract";
import { callOf, type WireRequest } from "../../local/iam/call";
import { authorize } from "../../local/iam/simulate";
import { requiredActions } from "../../local/iam/requiredActions";
import { bucket, policySet, key, roleArn, session } from "../support/policySet";

const account = "us-east-1:123456789012";
const sagemaker = `arn:aws:sagemaker:${account}`;
const alarm = `arn:aws:cloudwatch:${account}:alarm`;
const pipeline = `arn:aws:codepipeline:${account}:mlops-churn--dev--modeldeploy`;
const name = bucket.replace("arn:aws:s3:::", "");

function asked(
  service: string,
  operation: string,
  parameters: object,
): Promise<readonly RequiredAction[]> {
  const request: WireRequest = {
    method: "POST",
    url: "/",
    headers: { "x-amz-target": `Service.${operation}` },
    body: Buffer.from(JSON.stringify(parameters)),
  };
  return requiredActions(callOf(request, service), policySet);
}

async function uses(service: string, operation: string, parameters: object): Promise<string[]> {
  const placed = await asked(service, operation, parameters);
  return placed.map(({ action, resource }) => `${action} ${resource}`);
}

describe("IAM actions of deployment calls", () => {
  const Tags = [{ Key: "ModelVersion", Value: "2" }];

  it("CreateModel passes the role and the network isolation", async () => {
    const placed = await asked("sagemaker", "CreateModel", {
      ModelName: "mlops-churn--dev--prod-2-0a1b2c3d",
      ExecutionRoleArn: roleArn("serve-prod"),
      EnableNetworkIsolation: true,
      VpcConfig: { SecurityGroupIds: ["sg-1"], Subnets: ["subnet-1"] },
      Tags,
    });
    const model = `${sagemaker}:model/mlops-churn--dev--prod-2-0a1b2c3d`;
    assert.deepEqual(placed, [
      {
        action: "sagemaker:CreateModel",
        resource: model,
        context: {
          "aws:RequestTag/ModelVersion": "2",
          "aws:TagKeys": ["ModelVersion"],
          "sagemaker:NetworkIsolation": "true",
          "sagemaker:VpcSecurityGroupIds": ["sg-1"],
          "sagemaker:VpcSubnets": ["subnet-1"],
        },
      },
      {
        action: "sagemaker:AddTags",
        resource: model,
        context: {
          "aws:RequestTag/ModelVersion": "2",
          "aws:TagKeys": ["ModelVersion"],
          "sagemaker:TaggingAction": "CreateModel",
        },
      },
      {
        action: "iam:PassRole",
        resource: roleArn("serve-prod"),
        context: { "iam:PassedToService": "sagemaker.amazonaws.com" },
      },
    ]);
  });

  it("CreateEndpointConfig passes models, instance types and key", async () => {
    const [use, ...more] = await asked("sagemaker", "CreateEndpointConfig", {
      EndpointConfigName: "c",
      KmsKeyId: key,
      ProductionVariants: [{ VariantName: "v", ModelName: "m", InstanceType: "ml.m5.large" }],
    });
    assert.deepEqual(use, {
      action: "sagemaker:CreateEndpointConfig",
      resource: `${sagemaker}:endpoint-config/c`,
      context: {
        "sagemaker:InstanceTypes": ["ml.m5.large"],
        "sagemaker:ModelArn": [`${sagemaker}:model/m`],
        "sagemaker:VolumeKmsKeyArn": key,
      },
    });
    assert.deepEqual(more, []);
  });

  it("CreateEndpointConfig of a serverless variant passes its size, and neither instance type nor key", async () => {
    const ServerlessConfig = { MaxConcurrency: 5, MemorySizeInMB: 2048 };
    const [use] = await asked("sagemaker", "CreateEndpointConfig", {
      EndpointConfigName: "c",
      ProductionVariants: [{ VariantName: "v", ModelName: "m", ServerlessConfig }],
    });
    assert.deepEqual(use?.context, {
      "sagemaker:ModelArn": [`${sagemaker}:model/m`],
      "sagemaker:ServerlessMaxConcurrency": "5",
      "sagemaker:ServerlessMemorySize": "2048",
    });
  });

  it("CreateEndpoint and UpdateEndpoint include the endpoint config and its key", async () => {
    const names = { EndpointName: "e", EndpointConfigName: "c" };
    const taken = [
      `sagemaker:CreateEndpoint ${sagemaker}:endpoint-config/c`,
      `kms:CreateGrant ${key}`,
    ];
    const endpoint = `${sagemaker}:endpoint/e`;
    assert.deepEqual(await uses("sagemaker", "CreateEndpoint", { ...names, Tags }), [
      `sagemaker:CreateEndpoint ${endpoint}`,
      `sagemaker:AddTags ${endpoint}`,
      ...taken,
    ]);
    assert.deepEqual(await uses("sagemaker", "UpdateEndpoint", names), [
      `sagemaker:UpdateEndpoint ${endpoint}`,
      ...taken.map((use) => use.replace("CreateEndpoint", "UpdateEndpoint")),
    ]);
  });

  it("other calls name their own resource", async () => {
    const cases: [operation: string, parameters: object, resource: string][] = [
      ["DescribeModel", { ModelName: "m" }, "model/m"],
      ["DeleteModel", { ModelName: "m" }, "model/m"],
      ["DescribeEndpointConfig", { EndpointConfigName: "c" }, "endpoint-config/c"],
      ["DeleteEndpointConfig", { EndpointConfigName: "c" }, "endpoint-config/c"],
      ["DescribeEndpoint", { EndpointName: "e" }, "endpoint/e"],
      ["DeleteEndpoint", { EndpointName: "e" }, "endpoint/e"],
      ["UpdateEndpointWeightsAndCapacities", { EndpointName: "e" }, "endpoint/e"],
      ["ListTags", { ResourceArn: `${sagemaker}:endpoint-config/c` }, "endpoint-config/c"],
      ["AddTags", { ResourceArn: `${sagemaker}:endpoint/e`, Tags }, "endpoint/e"],
      ["DeleteTags", { ResourceArn: `${sagemaker}:endpoint/e`, TagKeys: ["a"] }, "endpoint/e"],
    ];
    for (const [operation, parameters, resource] of cases) {
      assert.deepEqual(await uses("sagemaker", operation, parameters), [
        `sagemaker:${operation} ${sagemaker}:${resource}`,
      ]);
    }
  });

  it("scaling calls include the endpoint and its alarms", async () => {
    const service = "application-autoscaling";
    const target = {
      ResourceId: "endpoint/e/variant/AllTraffic",
      ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      ServiceNamespace: "sagemaker",
    };
    const policy = { ...target, PolicyName: "e-invocations" };
    const targets = `arn:aws:${service}:${account}:scalable-target/*`;
    const onEndpoint = [
      `sagemaker:DescribeEndpoint ${sagemaker}:endpoint/e`,
      `sagemaker:DescribeEndpointConfig ${sagemaker}:endpoint-config/e-1-0a1b2c3d`,
      `sagemaker:UpdateEndpointWeightsAndCapacities ${sagemaker}:endpoint/e`,
    ];
    const tracking = `${alarm}:TargetTracking-endpoint/e/variant/AllTraffic-*`;
    assert.deepEqual(await uses(service, "RegisterScalableTarget", target), [
      `${service}:RegisterScalableTarget ${targets}`,
      ...onEndpoint,
      "iam:CreateServiceLinkedRole arn:aws:iam::123456789012:role/aws-service-role/" +
        "sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint",
    ]);
    assert.deepEqual(await uses(service, "PutScalingPolicy", policy), [
      `${service}:PutScalingPolicy ${targets}`,
      ...onEndpoint,
      `cloudwatch:DescribeAlarms ${tracking}`,
      `cloudwatch:PutMetricAlarm ${tracking}`,
      `cloudwatch:DeleteAlarms ${tracking}`,
    ]);
    const put = (await asked(service, "PutScalingPolicy", policy)).find(
      ({ action }) => action === "cloudwatch:PutMetricAlarm",
    );
    // The alarms of a policy start it.
    assert.match(
      [put?.context?.["cloudwatch:AlarmActions"]].flat().join(),
      /:scalingPolicy:.*:policyName\/e-invocations$/,
    );
    assert.deepEqual(await uses(service, "DeleteScalingPolicy", policy), [
      `${service}:DeleteScalingPolicy ${targets}`,
      `cloudwatch:DeleteAlarms ${tracking}`,
    ]);
    assert.deepEqual(await uses(service, "DescribeScalingPolicies", target), [
      `${service}:DescribeScalingPolicies *`,
    ]);
    const [{ context } = {}] = await asked(service, "RegisterScalableTarget", {
      ...target,
      Tags: { stack: "dev" },
    });
    assert.deepEqual(context, {
      "application-autoscaling:scalable-dimension": target.ScalableDimension,
      "application-autoscaling:service-namespace": "sagemaker",
      "aws:RequestTag/stack": "dev",
      "aws:TagKeys": ["stack"],
    });
    await assert.rejects(
      uses(service, "RegisterScalableTarget", { ...target, ResourceId: "service/a/b" }),
      /service\/a\/b is not a production variant of an endpoint/,
    );
  });

  it("alarm calls include each alarm and its tags", async () => {
    assert.deepEqual(await uses("cloudwatch", "PutMetricAlarm", { AlarmName: "a", Tags }), [
      `cloudwatch:PutMetricAlarm ${alarm}:a`,
      `cloudwatch:TagResource ${alarm}:a`,
    ]);
    assert.deepEqual(await uses("cloudwatch", "DescribeAlarms", { AlarmNames: ["a", "b"] }), [
      `cloudwatch:DescribeAlarms ${alarm}:a`,
      `cloudwatch:DescribeAlarms ${alarm}:b`,
    ]);
    assert.deepEqual(await uses("cloudwatch", "DescribeAlarms", {}), [
      `cloudwatch:DescribeAlarms ${alarm}:*`,
    ]);
    assert.deepEqual(await uses("cloudwatch", "DeleteAlarms", { AlarmNames: ["a"] }), [
      `cloudwatch:DeleteAlarms ${alarm}:a`,
    ]);
  });

  it("execution calls name the pipeline, and PutApprovalResult names the action", async () => {
    const pipelineName = "mlops-churn--dev--modeldeploy";
    for (const operation of ["GetPipelineExecution", "StopPipelineExecution"]) {
      assert.deepEqual(await uses("codepipeline", operation, { pipelineName }), [
        `codepipeline:${operation} ${pipeline}`,
      ]);
    }
    const place = { pipelineName, stageName: "DeployStaging", actionName: "ApproveDeployment" };
    assert.deepEqual(await uses("codepipeline", "PutApprovalResult", place), [
      `codepipeline:PutApprovalResult ${pipeline}/DeployStaging/ApproveDeployment`,
    ]);
  });

  it("IAM knows every action, resource type and condition key", async () => {
    const calls: [service: string, operation: string, parameters: object][] = [
      [
        "sagemaker",
        "CreateModel",
        { ModelName: "m", ExecutionRoleArn: roleArn("serve-prod"), EnableNetworkIsolation: true },
      ],
      [
        "sagemaker",
        "CreateEndpointConfig",
        {
          EndpointConfigName: "c",
          KmsKeyId: key,
          ProductionVariants: [{ ModelName: "m", InstanceType: "ml.m5.large" }],
          Tags,
        },
      ],
      [
        "sagemaker",
        "CreateEndpointConfig",
        {
          EndpointConfigName: "c",
          ProductionVariants: [
            { ModelName: "m", ServerlessConfig: { MaxConcurrency: 5, MemorySizeInMB: 2048 } },
          ],
        },
      ],
      ["sagemaker", "ListEndpointConfigs", { NameContains: "e" }],
      ["sagemaker", "ListModels", { NameContains: "e" }],
      ["sagemaker", "DescribeTrainingJob", { TrainingJobName: "pipelines-1-Train" }],
      ["ecr", "BatchGetImage", { registryId: "683313688378", repositoryName: "r", imageIds: [] }],
      ["sagemaker", "UpdateEndpoint", { EndpointName: "e", EndpointConfigName: "c" }],
      ["cloudwatch", "PutMetricAlarm", { AlarmName: "a", AlarmActions: ["b"], Tags }],
      [
        "application-autoscaling",
        "RegisterScalableTarget",
        {
          ResourceId: "endpoint/e/variant/AllTraffic",
          ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
          ServiceNamespace: "sagemaker",
          Tags: { stack: "dev" },
        },
      ],
      ["codepipeline", "StopPipelineExecution", { pipelineName: "p" }],
      ["codepipeline", "PutApprovalResult", { pipelineName: "p", stageName: "s", actionName: "a" }],
    ];
    for (const [service, operation, parameters] of calls) {
      for (const use of await asked(service, operation, parameters)) {
        // The build half's roles may do none of it; the test only checks that each call is decided.
        assert.equal(
          typeof (await authorize(session("push-rule"), use, policySet)).allowed,
          "boolean",
        );
      }
    }
  });
});

describe("IAM actions of calls of S3", () => {
  it("reading a missing object includes s3:ListBucket", async () => {
    const missing = {
      ...policySet,
      keys: { ...policySet.keys, ofObject: () => Promise.resolve(undefined) },
    };
    for (const method of ["GET", "HEAD"]) {
      const request = { method, url: `/${name}/prod/a`, headers: {}, body: Buffer.from("") };
      const placed = await requiredActions(callOf(request, "s3"), missing);
      assert.deepEqual(placed, [
        { action: "s3:GetObject", resource: `${bucket}/prod/a` },
        { action: "s3:ListBucket", resource: bucket },
      ]);
    }
  });

  it("an upload with tags includes s3:PutObjectTagging", async () => {
    const headers = { "x-amz-tagging": "a=b" };
    const request = { method: "PUT", url: `/${name}/a`, headers, body: Buffer.from("") };
    const placed = await requiredActions(callOf(request, "s3"), policySet);
    assert.deepEqual(
      placed.map(({ action }) => action),
      ["s3:PutObject", "s3:PutObjectTagging", "kms:GenerateDataKey"],
    );
  });

  it("an upload passes If-None-Match; uploads in parts and copies cannot have it", async () => {
    const headers = { "if-none-match": "*", "x-amz-server-side-encryption": "aws:kms" };
    const context = async (method: string, url: string, more = {}) => {
      const request = { method, url, headers: { ...headers, ...more }, body: Buffer.from("") };
      const [use] = await requiredActions(callOf(request, "s3"), policySet);
      return [use?.action, use?.context?.["s3:if-none-match"]];
    };
    assert.deepEqual(await context("PUT", `/${name}/a`), ["s3:PutObject", "*"]);
    assert.deepEqual(await context("POST", `/${name}/a?uploads`), ["s3:PutObject", undefined]);
    const part = `/${name}/a?partNumber=1&uploadId=u`;
    assert.deepEqual(await context("PUT", part), ["s3:PutObject", undefined]);
  });

  it("a list of versions passes its prefix", async () => {
    const url = `/${name}?versions&prefix=training%2Fexecutions%2F1&encoding-type=url`;
    const request = { method: "GET", url, headers: {}, body: Buffer.from("") };
    assert.deepEqual(await requiredActions(callOf(request, "s3"), policySet), [
      {
        action: "s3:ListBucketVersions",
        resource: bucket,
        context: { "s3:prefix": "training/executions/1" },
      },
    ]);
  });

  it("an alarm with lists of the query protocol is not evaluated", async () => {
    await assert.rejects(
      asked("cloudwatch", "PutMetricAlarm", { AlarmName: "a", "AlarmActions.member.1": "b" }),
      /query protocol/,
    );
  });
});
