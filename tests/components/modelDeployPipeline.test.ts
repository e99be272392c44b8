import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import type { ModelDeployPipelineArgs } from "../../components/modelDeploy/modelDeployPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { keyArn, otherKeyArn, record, type Recording } from "../support/mocks";
import { valueOf } from "../support/valueOf";
import { waitsFor } from "../support/waits";

const bucket = "mlops-churn--dev--eb805c6c";
const modelBuild = {
  artifactBucketName: bucket,
  artifactKeyArn: keyArn,
  modelPackageGroupName: "mlops-churn--dev--models",
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:mlops-churn--dev--notifications",
};
const churn = { projectName: "churn", projectId: "dev", modelBuild };
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const description = "Model deployment of churn (dev)";
const roleArn = (role: string) => `arn:aws:iam::123456789012:role/mlops-churn--dev--${role}-use1`;
const buildspecs: Readonly<Record<string, string>> = {
  "deploy-prod": "deploy-buildspec.yml",
  "deploy-queue": "queue-buildspec.yml",
  "deploy-staging": "deploy-buildspec.yml",
  "test-staging": "test-buildspec.yml",
};
const projects = ["deploy-queue", "deploy-staging", "test-staging", "deploy-prod"];

describe("ModelDeployPipeline", () => {
  const registrations: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;
  let component: ModelDeployPipeline;

  before(async () => {
    const transformations = [
      (args: pulumi.ResourceTransformationArgs) => void registrations.push(args),
    ];
    recording = await record(() => {
      component = new ModelDeployPipeline(
        "deploy",
        { ...churn, posture: "dev" },
        { transformations },
      );
    });
  });

  it("creates exactly these resources", () => {
    assert.deepEqual(recording.inventory(), [
      "cloudwatch/Dashboard deploy-dashboard",
      "cloudwatch/EventRule deploy-approval-rule",
      "cloudwatch/EventRule deploy-deployment-failed",
      "cloudwatch/EventRule deploy-deployment-pending",
      "cloudwatch/EventRule deploy-deployment-rejected",
      "cloudwatch/EventRule deploy-deployment-rolled-back",
      "cloudwatch/EventRule deploy-deployment-succeeded",
      "cloudwatch/EventRule deploy-staging-failed-rule",
      "cloudwatch/EventTarget deploy-approval-rule",
      "cloudwatch/EventTarget deploy-deployment-failed",
      "cloudwatch/EventTarget deploy-deployment-pending",
      "cloudwatch/EventTarget deploy-deployment-rejected",
      "cloudwatch/EventTarget deploy-deployment-rolled-back",
      "cloudwatch/EventTarget deploy-deployment-succeeded",
      "cloudwatch/EventTarget deploy-staging-failed-rule",
      "cloudwatch/LogGroup deploy-deploy-prod-logs",
      "cloudwatch/LogGroup deploy-deploy-queue-logs",
      "cloudwatch/LogGroup deploy-deploy-staging-logs",
      "cloudwatch/LogGroup deploy-test-staging-logs",
      "cloudwatch/MetricAlarm deploy-prod-canary-verdict",
      "cloudwatch/MetricAlarm deploy-prod-errors",
      "cloudwatch/MetricAlarm deploy-prod-latency",
      "cloudwatch/MetricAlarm deploy-staging-canary-verdict",
      "codebuild/Project deploy-deploy-prod",
      "codebuild/Project deploy-deploy-queue",
      "codebuild/Project deploy-deploy-staging",
      "codebuild/Project deploy-test-staging",
      "codecommit/Repository deploy-source",
      "codepipeline/Pipeline deploy-pipeline",
      "iam/Role deploy-approval-rule-role",
      "iam/Role deploy-deploy-prod-role",
      "iam/Role deploy-deploy-queue-role",
      "iam/Role deploy-deploy-staging-role",
      "iam/Role deploy-expire-staging-role",
      "iam/Role deploy-pipeline-role",
      "iam/Role deploy-serve-prod-role",
      "iam/Role deploy-serve-staging-role",
      "iam/Role deploy-test-staging-role",
      "iam/RolePolicy deploy-approval-rule-role",
      "iam/RolePolicy deploy-deploy-prod-role",
      "iam/RolePolicy deploy-deploy-queue-role",
      "iam/RolePolicy deploy-deploy-staging-role",
      "iam/RolePolicy deploy-expire-staging-role",
      "iam/RolePolicy deploy-pipeline-role",
      "iam/RolePolicy deploy-serve-prod-role",
      "iam/RolePolicy deploy-serve-staging-role",
      "iam/RolePolicy deploy-test-staging-role",
      "model-build-pipeline:index:ModelDeployPipeline deploy",
      "scheduler/ScheduleGroup deploy-staging-schedules",
    ]);
  });

  it("is the direct parent of every resource", () => {
    const [first, ...children] = registrations;
    assert.equal(children.length, recording.resources.length - 1);
    for (const { name, opts } of children) assert.equal(opts.parent, first?.resource, name);
  });

  it("tags every taggable resource with the project's name and id", () => {
    const taggable =
      /EventRule|LogGroup|MetricAlarm|Project|Repository|\/Pipeline|Role$|ScheduleGroup$/;
    const tagged = recording.resources.filter(({ inputs }) => "tags" in inputs);
    const expected = recording.inventory().filter((it) => taggable.test(it.split(" ")[0] ?? ""));
    assert.equal(tagged.length, expected.length);
    for (const { inputs, name } of tagged) assert.deepEqual(inputs.tags, tags, name);
  });

  it("sets the description of roles, CodeBuild projects and the repository", () => {
    for (const { inputs, name, type } of recording.resources)
      if (/:(Role|Project|Repository)$/.test(type))
        assert.equal(inputs.description, description, name);
  });

  it("has exactly these outputs", async () => {
    const outputs = {
      deployConsoleUrl: component.deployConsoleUrl,
      deployRepositoryCloneUrl: component.deployRepositoryCloneUrl,
      deployRepositoryName: component.deployRepositoryName,
      modelDeployPipelineArn: component.modelDeployPipelineArn,
      modelDeployPipelineName: component.modelDeployPipelineName,
      prodEndpointName: component.prodEndpointName,
      stagingEndpointName: component.stagingEndpointName,
    };
    const delivery = "mlops-churn--dev--modeldeploy";
    assert.deepEqual(await valueOf(outputs), {
      deployConsoleUrl: `https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/${delivery}/view?region=us-east-1`,
      deployRepositoryCloneUrl: `https://git-codecommit.us-east-1.amazonaws.com/v1/repos/${delivery}`,
      deployRepositoryName: delivery,
      modelDeployPipelineArn: `arn:aws:codepipeline:us-east-1:123456789012:${delivery}`,
      modelDeployPipelineName: delivery,
      prodEndpointName: "mlops-churn--dev--prod",
      stagingEndpointName: "mlops-churn--dev--staging",
    });
  });

  describe("the pipeline", () => {
    const variables = JSON.stringify([
      {
        name: "CODEPIPELINE_EXECUTION_ID",
        value: "#{codepipeline.PipelineExecutionId}",
        type: "PLAINTEXT",
      },
    ]);
    const build = { owner: "AWS", provider: "CodeBuild", version: "1" };

    it("reports waiting deployments, deploys each version to staging, tests it, waits for approval, deploys to production and rolls back on failure", () => {
      assert.deepEqual(recording.inputsOf("codepipeline/Pipeline", "deploy-pipeline"), {
        artifactStores: [
          { encryptionKey: { id: keyArn, type: "KMS" }, location: bucket, type: "S3" },
        ],
        executionMode: "QUEUED",
        name: "mlops-churn--dev--modeldeploy",
        pipelineType: "V2",
        roleArn: roleArn("deploy"),
        stages: [
          {
            name: "Source",
            actions: [
              {
                category: "Source",
                configuration: {
                  BranchName: "main",
                  PollForSourceChanges: "false",
                  RepositoryName: "mlops-churn--dev--modeldeploy",
                },
                name: "ModelDeployInfraCode",
                outputArtifacts: ["SourceCode"],
                owner: "AWS",
                provider: "CodeCommit",
                version: "1",
              },
            ],
          },
          {
            name: "Queue",
            actions: [
              {
                ...build,
                category: "Build",
                configuration: {
                  EnvironmentVariables: variables,
                  ProjectName: "mlops-churn--dev--deploy-queue",
                },
                inputArtifacts: ["SourceCode"],
                name: "ReportQueue",
              },
            ],
          },
          {
            name: "DeployStaging",
            actions: [
              {
                ...build,
                category: "Build",
                configuration: {
                  EnvironmentVariables: variables,
                  ProjectName: "mlops-churn--dev--deploy-staging",
                },
                inputArtifacts: ["SourceCode"],
                name: "DeployResourcesStaging",
                outputArtifacts: ["Deployment"],
                runOrder: 1,
              },
              {
                ...build,
                category: "Test",
                configuration: {
                  EnvironmentVariables: variables,
                  PrimarySource: "SourceCode",
                  ProjectName: "mlops-churn--dev--test-staging",
                },
                inputArtifacts: ["SourceCode", "Deployment"],
                name: "TestStaging",
                namespace: "Test",
                outputArtifacts: ["TestResults"],
                runOrder: 2,
              },
              {
                category: "Approval",
                configuration: {
                  CustomData: "Approve deployment to production: churn (dev)? #{Test.SUMMARY}",
                  ExternalEntityLink:
                    "https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/studio-landing",
                },
                name: "ApproveDeployment",
                owner: "AWS",
                provider: "Manual",
                runOrder: 3,
                timeoutInMinutes: 10080,
                version: "1",
              },
            ],
          },
          {
            name: "DeployProd",
            actions: [
              {
                ...build,
                category: "Build",
                configuration: {
                  EnvironmentVariables: variables,
                  PrimarySource: "SourceCode",
                  ProjectName: "mlops-churn--dev--deploy-prod",
                },
                inputArtifacts: ["SourceCode", "Deployment"],
                name: "DeployResourcesProd",
              },
            ],
            onFailure: { result: "ROLLBACK" },
          },
        ],
        tags,
        variables: [
          {
            name: "MODEL_PACKAGE_ARN",
            defaultValue: "none",
            description:
              "ARN of the model version that was approved or rejected; or expire-staging",
          },
        ],
      });
    });

    it("seeds the repository before its creation", () => {
      assert.deepEqual(recording.beforeCreate, [
        "codepipeline/Pipeline deploy-pipeline: deploy-source-first-commit",
      ]);
    });

    it("keeps the approval request within 1000 characters for the longest project and summary", async () => {
      const longest = { projectName: "a".repeat(20), projectId: "b".repeat(11) };
      const group = `mlops-${longest.projectName}--${longest.projectId}--models`;
      const args = { ...longest, modelBuild: { ...modelBuild, modelPackageGroupName: group } };
      const other = await record(() => new ModelDeployPipeline("deploy", args));
      const text = JSON.stringify(
        other.inputsOf("codepipeline/Pipeline", "deploy-pipeline").stages,
      );
      const [, request = ""] = /"CustomData":"([^"]+)"/.exec(text) ?? [];
      assert.match(request, /#\{Test\.SUMMARY\}$/);
      assert.ok(request.replace("#{Test.SUMMARY}", "x".repeat(700)).length <= 1000, request);
    });
  });

  describe("the CodeBuild projects", () => {
    for (const project of projects) {
      it(`${project} runs unprivileged on an AWS image, without a cache, encrypts artifacts, and logs to the project's log group`, () => {
        const { environment, ...others } = recording.inputsOf(
          "codebuild/Project",
          `deploy-${project}`,
        );
        assert.deepEqual(others, {
          artifacts: { type: "CODEPIPELINE" },
          buildTimeout: 120,
          description,
          encryptionKey: keyArn,
          logsConfig: {
            cloudwatchLogs: {
              groupName: `/aws/codebuild/mlops-churn--dev--${project}`,
              status: "ENABLED",
            },
            s3Logs: { status: "DISABLED" },
          },
          name: `mlops-churn--dev--${project}`,
          queuedTimeout: 60,
          serviceRole: roleArn(project),
          source: {
            buildspec: buildspecs[project],
            type: "CODEPIPELINE",
          },
          tags,
        });
        const { environmentVariables: _, ...machine } = environment as Record<string, unknown>;
        assert.deepEqual(machine, {
          computeType: "BUILD_GENERAL1_SMALL",
          image: "aws/codebuild/amazonlinux-x86_64-standard:6.0",
          imagePullCredentialsType: "CODEBUILD",
          privilegedMode: false,
          type: "LINUX_CONTAINER",
        });
      });

      it(`${project} encrypts its logs, and expires them after the retention`, () => {
        assert.deepEqual(recording.inputsOf("cloudwatch/LogGroup", `deploy-${project}-logs`), {
          kmsKeyId: keyArn,
          name: `/aws/codebuild/mlops-churn--dev--${project}`,
          retentionInDays: 365,
          tags,
        });
      });
    }

    const everyBuild = {
      APPROVAL_TIMEOUT_MINUTES: "10080",
      ARTIFACT_BUCKET: bucket,
      ARTIFACT_BUCKET_KMS_ID: keyArn,
      AWS_REGION: "us-east-1",
      DEAD_LETTER_QUEUE_ARN:
        "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
      MAXIMUM_ERRORS: "0",
      MAXIMUM_LATENCY_MILLISECONDS: "1000",
      PROD_ENDPOINT_NAME: "mlops-churn--dev--prod",
      SAGEMAKER_PROJECT_ID: "dev",
      SAGEMAKER_PROJECT_NAME: "churn",
      SOURCE_MODEL_PACKAGE_GROUP_NAME: "mlops-churn--dev--models",
      STAGING_ENDPOINT_NAME: "mlops-churn--dev--staging",
      STAGING_HOURS: "24",
      STAGING_KIND: "instances",
      STAGING_SCHEDULE: "mlops-churn--dev--staging/delete-endpoint",
      STAGING_SCHEDULE_ROLE_ARN: roleArn("expire-staging"),
    };

    for (const stage of ["staging", "prod"])
      it(`deploy-${stage} gets endpoint names, model role, bucket and KMS key as variables`, () => {
        assert.deepEqual(variables(recording, `deploy-deploy-${stage}`), {
          ...everyBuild,
          ENDPOINT_NAME: `mlops-churn--dev--${stage}`,
          MODEL_EXECUTION_ROLE_ARN: roleArn(`serve-${stage}`),
          STAGE_NAME: stage,
        });
      });

    it("deploy-queue gets the topic and the URL of the pipeline as variables", () => {
      const pipelines = "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines";
      assert.deepEqual(variables(recording, "deploy-deploy-queue"), {
        ...everyBuild,
        ENDPOINT_NAME: "mlops-churn--dev--staging",
        NOTIFICATION_TOPIC_ARN: modelBuild.notificationTopicArn,
        PIPELINE_URL: `${pipelines}/mlops-churn--dev--modeldeploy/view?region=us-east-1`,
        STAGE_NAME: "staging",
      });
    });

    it("test-staging gets endpoint names, config file and results file as variables", () => {
      assert.deepEqual(variables(recording, "deploy-test-staging"), {
        ...everyBuild,
        BUILD_CONFIG: "staging-config.json",
        ENDPOINT_NAME: "mlops-churn--dev--staging",
        EXPORT_TEST_RESULTS: "test-results.json",
        STAGE_NAME: "staging",
      });
    });
  });

  describe("the approval rule", () => {
    it("matches approvals and rejections of versions of the group, not later edits", () => {
      const { eventPattern, ...rule } = recording.inputsOf(
        "cloudwatch/EventRule",
        "deploy-approval-rule",
      );
      assert.deepEqual(rule, {
        description:
          "Starts a deployment when a model version of churn (dev) is approved or rejected",
        name: "mlops-churn--dev--approval",
        tags,
      });
      assert.deepEqual(JSON.parse(String(eventPattern)), {
        account: ["123456789012"],
        source: ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        detail: {
          ModelApprovalStatus: ["Approved", "Rejected"],
          ModelPackageGroupName: ["mlops-churn--dev--models"],
          ModelPackageStatus: ["Completed"],
          $or: [
            { UpdatedModelPackageFields: [{ exists: false }] },
            { UpdatedModelPackageFields: ["ModelApprovalStatus"] },
          ],
        },
      });
    });

    it("starts the pipeline with the event's version, with retries and a DLQ", () => {
      assert.deepEqual(recording.inputsOf("cloudwatch/EventTarget", "deploy-approval-rule"), {
        arn: "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modeldeploy",
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
        },
        inputTransformer: {
          inputPaths: { model: "$.detail.ModelPackageArn" },
          inputTemplate: '{"variables":[{"name":"MODEL_PACKAGE_ARN","value":"<model>"}]}',
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: roleArn("approval-rule"),
        rule: "mlops-churn--dev--approval",
        targetId: "model-deploy-pipeline",
      });
    });
  });

  describe("the expiry of staging", () => {
    it("has a schedule group, in which the builds create the schedule", () => {
      assert.deepEqual(recording.inputsOf("scheduler/ScheduleGroup", "deploy-staging-schedules"), {
        name: "mlops-churn--dev--staging",
        tags,
      });
    });

    it("starts an execution that schedules the deletion when the staging stage fails", () => {
      const { eventPattern, ...rule } = recording.inputsOf(
        "cloudwatch/EventRule",
        "deploy-staging-failed-rule",
      );
      assert.deepEqual(rule, {
        description:
          "Schedules the deletion of the staging endpoint of churn (dev) when stage DeployStaging fails",
        name: "mlops-churn--dev--staging-failed",
        tags,
      });
      assert.deepEqual(JSON.parse(String(eventPattern)), {
        account: ["123456789012"],
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Stage Execution State Change"],
        detail: {
          pipeline: ["mlops-churn--dev--modeldeploy"],
          stage: ["DeployStaging"],
          state: ["FAILED"],
        },
      });
      assert.deepEqual(recording.inputsOf("cloudwatch/EventTarget", "deploy-staging-failed-rule"), {
        arn: "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modeldeploy",
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
        },
        inputTransformer: {
          inputPaths: {},
          inputTemplate: '{"variables":[{"name":"MODEL_PACKAGE_ARN","value":"expire-staging"}]}',
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: roleArn("approval-rule"),
        rule: "mlops-churn--dev--staging-failed",
        targetId: "model-deploy-pipeline",
      });
    });
  });

  describe("with a ModelBuildPipeline in the same program", () => {
    const both: pulumi.ResourceTransformationArgs[] = [];
    let whole: Recording;

    before(async () => {
      const transformations = [(args: pulumi.ResourceTransformationArgs) => void both.push(args)];
      whole = await record(() => {
        const args = { projectName: "churn", projectId: "dev", posture: "dev" };
        const opts = { transformations };
        const build = new ModelBuildPipeline("build", { ...args, deployment: true }, opts);
        const waiting = {
          dependsOn: [new pulumi.ComponentResource("test:Other", "other", {}, opts)],
        };
        new ModelDeployPipeline("deploy", { ...args, modelBuild: build }, { ...opts, ...waiting });
      });
    });

    it("accepts the component as modelBuild", () => {
      const own = whole.inputsOf("model-build-pipeline:index:ModelDeployPipeline", "deploy");
      assert.deepEqual(own.modelBuild, modelBuild);
    });

    it("creates rules, targets and pipeline after the model build and the component's dependsOn", () => {
      const triggered = both.filter(
        ({ name, type }) =>
          name.startsWith("deploy-") && /EventRule|EventTarget|:Pipeline/.test(type),
      );
      assert.equal(triggered.length, 15);
      for (const { name, type } of triggered) {
        const [, kind = ""] = type.split(":");
        const found = waitsFor(both, kind, name);
        assert.ok(found.includes("ModelBuildPipeline build"), `${type} ${name}`);
        assert.ok(found.includes("Other other"), `${type} ${name}`);
      }
    });

    it("creates CodeBuild projects without waiting for them", () => {
      assert.deepEqual(waitsFor(both, "codebuild/project", "deploy-deploy-prod"), []);
    });
  });

  describe("in dev", () => {
    it("protects and retains no resource", () => {
      for (const { name, opts } of registrations) {
        assert.ok(opts.protect !== true, `${name} is protected`);
        assert.ok(opts.retainOnDelete !== true, `${name} is retained`);
      }
    });
  });

  describe("in prod, which is the default", () => {
    const prodRegistrations: pulumi.ResourceTransformationArgs[] = [];
    let prod: Recording;

    before(async () => {
      const transformations = [
        (args: pulumi.ResourceTransformationArgs) => void prodRegistrations.push(args),
      ];
      prod = await record(() => new ModelDeployPipeline("deploy", churn, { transformations }));
    });

    it("protects the component, and every child by inheritance", () => {
      const [first, ...children] = prodRegistrations;
      assert.equal(first?.opts.protect, true);
      for (const { name, opts } of children) assert.notEqual(opts.protect, false, name);
    });

    it("retains code and logs after protection is removed", () => {
      const retained = prodRegistrations.filter(({ opts }) => opts.retainOnDelete === true);
      assert.deepEqual(
        retained.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort(),
        recordedNames(prod, /^codecommit\/|LogGroup/),
      );
    });
  });

  it("deletes resources with a fixed name before their replacement", () => {
    const expected = registrations.filter(
      ({ opts }) => Reflect.get(opts, "deleteBeforeReplace") === true,
    );
    assert.deepEqual(
      expected.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort(),
      recordedNames(recording, /Role|Event|Dashboard|MetricAlarm|codebuild|codepipeline|scheduler/),
    );
  });

  describe("with other settings", () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";
    const withArgs = (args: Partial<ModelDeployPipelineArgs>) =>
      record(() => new ModelDeployPipeline("deploy", { ...churn, ...args }));

    it("uses the configured repository and branch", async () => {
      const source = { codecommit: { branch: "release/1", repositoryName: "churn-deploy" } };
      const other = await withArgs({ source });
      assert.deepEqual(sourceAction(other).configuration, {
        BranchName: "release/1",
        PollForSourceChanges: "false",
        RepositoryName: "churn-deploy",
      });
      assert.match(
        JSON.stringify(other.inputsOf("iam/RolePolicy", "deploy-pipeline-role").policy),
        /"arn:aws:codecommit:us-east-1:123456789012:churn-deploy"/,
      );
    });

    it("does not seed the repository if seed is false", async () => {
      const other = await withArgs({ source: { codecommit: { seed: false } } });
      assert.deepEqual(other.beforeCreate, []);
    });

    it("uses an existing repository, and neither creates nor seeds it", async () => {
      const source = { existing: { repositoryName: "team-deploy", branch: "release" } };
      const other = await withArgs({ source });
      assert.deepEqual(
        other.inventory(),
        recording.inventory().filter((it) => it !== "codecommit/Repository deploy-source"),
      );
      assert.deepEqual(other.beforeCreate, []);
      assert.deepEqual(sourceAction(other).configuration, {
        BranchName: "release",
        PollForSourceChanges: "false",
        RepositoryName: "team-deploy",
      });
      assert.match(
        JSON.stringify(other.inputsOf("iam/RolePolicy", "deploy-pipeline-role").policy),
        /"arn:aws:codecommit:us-east-1:123456789012:team-deploy"/,
      );
    });

    it("has no push trigger for a connection: only approvals and rejections start it", async () => {
      const connection = { connectionArn, fullRepositoryId: "acme/churn-deploy" };
      let created: ModelDeployPipeline | undefined;
      const other = await record(() => {
        created = new ModelDeployPipeline("deploy", { ...churn, source: { connection } });
      });
      assert.deepEqual(sourceAction(other), {
        category: "Source",
        configuration: {
          BranchName: "main",
          ConnectionArn: connectionArn,
          DetectChanges: "false",
          FullRepositoryId: "acme/churn-deploy",
        },
        name: "ModelDeployInfraCode",
        outputArtifacts: ["SourceCode"],
        owner: "AWS",
        provider: "CodeStarSourceConnection",
        version: "1",
      });
      assert.equal(other.inputsOf("codepipeline/Pipeline", "deploy-pipeline").triggers, undefined);
      assert.deepEqual(other.beforeCreate, []);
      assert.equal(created?.deployRepositoryCloneUrl, undefined);
      assert.equal(await valueOf(created?.deployRepositoryName ?? ""), "acme/churn-deploy");
      assert.match(
        JSON.stringify(other.inputsOf("iam/RolePolicy", "deploy-pipeline-role").policy),
        /UseConnection/,
      );
    });

    it("sets the configured approval timeout", async () => {
      const other = await withArgs({ approvalTimeoutMinutes: 60 });
      const { stages } = other.inputsOf("codepipeline/Pipeline", "deploy-pipeline");
      assert.match(JSON.stringify(stages), /"timeoutInMinutes":60,/);
      assert.doesNotMatch(JSON.stringify(stages), /10080/);
    });

    it("has no approval and no notification of one with approval none", async () => {
      const other = await withArgs({ posture: "dev", approval: "none" });
      assert.deepEqual(
        other.inventory(),
        recording.inventory().filter((it) => !/deployment-(pending|rejected)$/.test(it)),
      );
      const { stages } = other.inputsOf("codepipeline/Pipeline", "deploy-pipeline");
      const [, , staging] = stages as { actions: { name: string }[]; name: string }[];
      assert.deepEqual(
        staging?.actions.map(({ name }) => name),
        ["DeployResourcesStaging", "TestStaging"],
      );
      for (const project of projects)
        assert.deepEqual(added(other, recording, `deploy-${project}`), {
          APPROVAL_TIMEOUT_MINUTES: "0",
        });
    });

    it("starts no execution after a failure if staging is permanent", async () => {
      const other = await withArgs({ posture: "dev", staging: { hours: 0 } });
      assert.deepEqual(
        other.inventory(),
        recording.inventory().filter((it) => !it.endsWith("deploy-staging-failed-rule")),
      );
      const { assumeRolePolicy } = other.inputsOf("iam/Role", "deploy-approval-rule-role");
      assert.doesNotMatch(JSON.stringify(assumeRolePolicy), /staging-failed/);
      for (const project of projects)
        assert.deepEqual(added(other, recording, `deploy-${project}`), { STAGING_HOURS: "0" });
    });

    it("passes the limits of the alarms to every build", async () => {
      const alarms = { maximumErrors: 5, maximumLatencyMilliseconds: 300 };
      const other = await withArgs({ alarms });
      for (const project of projects)
        assert.deepEqual(added(other, recording, `deploy-${project}`), {
          MAXIMUM_ERRORS: "5",
          MAXIMUM_LATENCY_MILLISECONDS: "300",
        });
    });

    it("sets the configured image, compute type, timeout and log retention of each project", async () => {
      const image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/ml/build-aarch64:1.2";
      const build = {
        computeType: "BUILD_GENERAL1_LARGE",
        image,
        timeoutMinutes: 480,
      };
      const other = await withArgs({ build, logs: { retentionDays: 30 } });
      for (const project of projects) {
        const created = other.inputsOf("codebuild/Project", `deploy-${project}`);
        const { environmentVariables: _, ...machine } = created.environment as Record<
          string,
          unknown
        >;
        assert.deepEqual(machine, {
          computeType: "BUILD_GENERAL1_LARGE",
          image,
          imagePullCredentialsType: "SERVICE_ROLE",
          privilegedMode: false,
          type: "ARM_CONTAINER",
        });
        assert.deepEqual([created.buildTimeout, created.queuedTimeout], [480, 60], project);
        const logs = other.inputsOf("cloudwatch/LogGroup", `deploy-${project}-logs`);
        assert.equal(logs.retentionInDays, 30);
        assert.match(
          JSON.stringify(other.inputsOf("iam/RolePolicy", `deploy-${project}-role`).policy),
          /arn:aws:ecr:eu-west-1:210987654321:repository\/ml\/build-aarch64/,
        );
      }
    });

    it("allows only the serve roles to pull images from the configured ECR repositories", async () => {
      const images = "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-scikit-learn";
      const other = await withArgs({ imageRepositoryArns: [images] });
      const pulling = other.resources.filter(
        ({ inputs, type }) => type.startsWith("aws:") && JSON.stringify(inputs).includes(images),
      );
      assert.deepEqual(pulling.map(({ name }) => name).sort(), [
        "deploy-serve-prod-role",
        "deploy-serve-staging-role",
      ]);
    });

    it("passes serverless as the kind of the staging endpoint to every build", async () => {
      const other = await withArgs({ posture: "dev", staging: { kind: "serverless" } });
      for (const project of projects)
        assert.deepEqual(added(other, recording, `deploy-${project}`), {
          STAGING_KIND: "serverless",
        });
    });

    it("uses the given artifact bucket, KMS key and SNS topic", async () => {
      const topic = `${modelBuild.notificationTopicArn}-2`;
      const otherBuild = {
        ...modelBuild,
        artifactBucketName: pulumi.output("other-bucket"),
        artifactKeyArn: pulumi.output(otherKeyArn),
        notificationTopicArn: pulumi.output(topic),
      };
      const other = await withArgs({ modelBuild: otherBuild });
      assert.deepEqual(other.inputsOf("codepipeline/Pipeline", "deploy-pipeline").artifactStores, [
        { encryptionKey: { id: otherKeyArn, type: "KMS" }, location: "other-bucket", type: "S3" },
      ]);
      assert.equal(
        other.inputsOf("cloudwatch/EventTarget", "deploy-deployment-pending").arn,
        topic,
      );
      assert.ok(!JSON.stringify(other.resources).includes(keyArn));
    });
  });

  describe("in a private network", () => {
    const network = {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
      securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
    };
    const insideArgs = {
      ...churn,
      modelBuild: {
        ...modelBuild,
        networkSecurityGroupIds: network.securityGroupIds,
        networkSubnetIds: network.subnetIds,
        networkVpcId: network.vpcId,
      },
    };
    let inside: Recording;

    before(async () => {
      inside = await record(() => new ModelDeployPipeline("deploy", insideArgs));
    });

    it("creates no further resource", () => {
      assert.deepEqual(inside.inventory(), recording.inventory());
    });

    for (const project of projects)
      it(`runs ${project} in the VPC, and sets the network variables of endpoints`, () => {
        const { vpcConfig } = inside.inputsOf("codebuild/Project", `deploy-${project}`);
        assert.deepEqual(vpcConfig, {
          vpcId: network.vpcId,
          subnets: network.subnetIds,
          securityGroupIds: network.securityGroupIds,
        });
        assert.deepEqual(added(inside, recording, `deploy-${project}`), {
          SECURITY_GROUP_IDS: JSON.stringify(network.securityGroupIds),
          SUBNET_IDS: JSON.stringify(network.subnetIds),
        });
      });

    it("changes only the CodeBuild projects and their roles, and the serve roles", () => {
      const changed = inside.resources.filter(
        ({ inputs, name, type }) =>
          type.startsWith("aws:") &&
          JSON.stringify(inputs) !==
            JSON.stringify(
              recording.resources.find((it) => it.name === name && it.type === type)?.inputs,
            ),
      );
      assert.deepEqual(changed.map(({ name }) => name).sort(), [
        "deploy-deploy-prod",
        "deploy-deploy-prod-role",
        "deploy-deploy-queue",
        "deploy-deploy-queue-role",
        "deploy-deploy-staging",
        "deploy-deploy-staging-role",
        "deploy-serve-prod-role",
        "deploy-serve-staging-role",
        "deploy-test-staging",
        "deploy-test-staging-role",
      ]);
    });

    it("sets the package index variables of every project", async () => {
      const packageIndexUrl = "https://packages.example.com/simple";
      const indexed = await record(
        () => new ModelDeployPipeline("deploy", { ...insideArgs, packageIndexUrl }),
      );
      for (const project of projects)
        assert.deepEqual(added(indexed, inside, `deploy-${project}`), {
          PIP_INDEX_URL: packageIndexUrl,
          UV_DEFAULT_INDEX: packageIndexUrl,
        });
    });
  });

  it("sets the permissions boundary of every role only if configured", async () => {
    const permissionsBoundaryArn =
      "arn:aws:iam::123456789012:policy/mlops-churn--dev--boundary-use1";
    const boundariesOf = async (args: ModelDeployPipelineArgs) => {
      const { resources } = await record(() => new ModelDeployPipeline("deploy", args));
      const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
      return roles.map(({ inputs, name }) => [name, inputs.permissionsBoundary]).sort();
    };
    const roles = [
      "approval-rule",
      "deploy-prod",
      "deploy-queue",
      "deploy-staging",
      "expire-staging",
      "pipeline",
      "serve-prod",
      "serve-staging",
      "test-staging",
    ];
    const expected = (boundary?: string) => roles.map((role) => [`deploy-${role}-role`, boundary]);
    assert.deepEqual(
      await boundariesOf({ ...churn, permissionsBoundaryArn }),
      expected(permissionsBoundaryArn),
    );
    assert.deepEqual(await boundariesOf(churn), expected());
  });

  it("renders the same resources again: no time, no randomness", async () => {
    const again = await record(
      () => new ModelDeployPipeline("deploy", { ...churn, posture: "dev" }),
    );
    const sorted = ({ resources }: Recording) =>
      [...resources].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
    assert.deepEqual(sorted(again), sorted(recording));
  });

  it("rejects ARNs of another account before it creates a resource", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:210987654321:connection/11111111-2222-3333-4444-555555555555";
    const args = {
      ...churn,
      permissionsBoundaryArn: "arn:aws:iam::210987654321:policy/mlops-churn--dev--boundary-use1",
      source: { connection: { connectionArn, fullRepositoryId: "acme/churn-deploy" } },
    };
    // The mock engine swallows an error after a provider call; the real engine stops the program.
    const rejected = await record(() => new ModelDeployPipeline("deploy", args));
    assert.deepEqual(rejected.inventory(), [
      "model-build-pipeline:index:ModelDeployPipeline deploy",
    ]);
  });
});

function variables(recording: Recording, project: string): Record<string, string> {
  const { environment } = recording.inputsOf("codebuild/Project", project);
  const { environmentVariables } = environment as {
    environmentVariables: { name: string; type: string; value: string }[];
  };
  for (const { name, type } of environmentVariables) assert.equal(type, "PLAINTEXT", name);
  return Object.fromEntries(environmentVariables.map(({ name, value }) => [name, value]));
}

/** The variables of the first recording that the second has not, or with another value. */
function added(one: Recording, other: Recording, project: string): Record<string, string> {
  const before = variables(other, project);
  return Object.fromEntries(
    Object.entries(variables(one, project)).filter(([name, value]) => before[name] !== value),
  );
}

function sourceAction(recording: Recording): Record<string, unknown> {
  const { stages } = recording.inputsOf("codepipeline/Pipeline", "deploy-pipeline") as {
    stages: { actions: Record<string, unknown>[] }[];
  };
  const [action, ...others] = stages[0]?.actions ?? [];
  assert.ok(action);
  assert.deepEqual(others, []);
  return action;
}

function recordedNames(recording: Recording, pattern: RegExp): string[] {
  return recording
    .inventory()
    .filter((it) => pattern.test(it))
    .map((it) => it.replace(/^\w+\//, ""))
    .sort();
}
