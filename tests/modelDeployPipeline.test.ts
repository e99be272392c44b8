import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import type { ModelDeployPipelineArgs } from "../components/deployArgs";
import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { ModelDeployPipeline } from "../components/modelDeployPipeline";
import { keyArn, otherKeyArn, record, type Recording } from "./support/mocks";
import { valueOf } from "./support/valueOf";
import { waitsFor } from "./support/waits";

const bucket = "sagemaker-churn-dev-eb805c6c";
const modelBuild = {
  artifactBucketName: bucket,
  artifactKeyArn: keyArn,
  modelPackageGroupName: "churn-dev",
  notificationTopicArn: "arn:aws:sns:us-east-1:123456789012:sagemaker-churn-dev-messages",
};
const churn = { projectName: "churn", projectId: "dev", modelBuild };
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const description = "Model deployment of churn (dev)";
const roleArn = (role: string) => `arn:aws:iam::123456789012:role/sagemaker-churn-dev-${role}`;
const projects = ["deploy-staging", "test-staging", "deploy-prod"];

describe("ModelDeployPipeline", () => {
  const seen: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;
  let component: ModelDeployPipeline;

  before(async () => {
    const transformations = [(args: pulumi.ResourceTransformationArgs) => void seen.push(args)];
    recording = await record(() => {
      component = new ModelDeployPipeline(
        "deploy",
        { ...churn, posture: "dev" },
        { transformations },
      );
    });
  });

  it("is made of exactly these resources", () => {
    assert.deepEqual(recording.inventory(), [
      "cloudwatch/EventRule deploy-on-approval",
      "cloudwatch/EventRule deploy-on-declined",
      "cloudwatch/EventRule deploy-on-deployed",
      "cloudwatch/EventRule deploy-on-rolledback",
      "cloudwatch/EventRule deploy-on-undeployed",
      "cloudwatch/EventRule deploy-on-waiting",
      "cloudwatch/EventTarget deploy-on-approval",
      "cloudwatch/EventTarget deploy-on-declined",
      "cloudwatch/EventTarget deploy-on-deployed",
      "cloudwatch/EventTarget deploy-on-rolledback",
      "cloudwatch/EventTarget deploy-on-undeployed",
      "cloudwatch/EventTarget deploy-on-waiting",
      "cloudwatch/LogGroup deploy-deploy-prod-logs",
      "cloudwatch/LogGroup deploy-deploy-staging-logs",
      "cloudwatch/LogGroup deploy-test-staging-logs",
      "codebuild/Project deploy-deploy-prod",
      "codebuild/Project deploy-deploy-staging",
      "codebuild/Project deploy-test-staging",
      "codecommit/Repository deploy-source",
      "codepipeline/Pipeline deploy-pipeline",
      "iam/Role deploy-approval-role",
      "iam/Role deploy-deploy-prod-role",
      "iam/Role deploy-deploy-staging-role",
      "iam/Role deploy-pipeline-role",
      "iam/Role deploy-serve-prod-role",
      "iam/Role deploy-serve-staging-role",
      "iam/Role deploy-test-staging-role",
      "iam/RolePolicy deploy-approval-role",
      "iam/RolePolicy deploy-deploy-prod-role",
      "iam/RolePolicy deploy-deploy-staging-role",
      "iam/RolePolicy deploy-pipeline-role",
      "iam/RolePolicy deploy-serve-prod-role",
      "iam/RolePolicy deploy-serve-staging-role",
      "iam/RolePolicy deploy-test-staging-role",
      "model-build-pipeline:index:ModelDeployPipeline deploy",
      "s3/Bucket deploy-state",
      "s3/BucketLifecycleConfiguration deploy-state",
      "s3/BucketObjectv2 deploy-state-prod",
      "s3/BucketObjectv2 deploy-state-staging",
      "s3/BucketOwnershipControls deploy-state",
      "s3/BucketPolicy deploy-state",
      "s3/BucketPublicAccessBlock deploy-state",
      "s3/BucketServerSideEncryptionConfiguration deploy-state",
      "s3/BucketVersioning deploy-state",
    ]);
  });

  it("owns every resource directly", () => {
    const [first, ...children] = seen;
    assert.equal(children.length, recording.resources.length - 1);
    for (const { name, opts } of children) assert.equal(opts.parent, first?.resource, name);
  });

  it("tags everything that AWS lets it tag with the project's name and id", () => {
    const taggable =
      /EventRule|LogGroup|Project|Repository|\/Pipeline|Role$|s3\/Bucket(Objectv2)?$/;
    const tagged = recording.resources.filter(({ inputs }) => "tags" in inputs);
    const expected = recording.inventory().filter((it) => taggable.test(it.split(" ")[0] ?? ""));
    assert.equal(tagged.length, expected.length);
    for (const { inputs, name } of tagged) assert.deepEqual(inputs.tags, tags, name);
  });

  it("describes what it is for, wherever AWS takes a description", () => {
    for (const { inputs, name, type } of recording.resources)
      if (/:(Role|Project|Repository)$/.test(type))
        assert.equal(inputs.description, description, name);
  });

  it("gives what other programs need to know, whole", async () => {
    const outputs = {
      deployConsoleUrl: component.deployConsoleUrl,
      deployRepositoryCloneUrl: component.deployRepositoryCloneUrl,
      deployRepositoryName: component.deployRepositoryName,
      deployStateBucketName: component.deployStateBucketName,
      modelDeployPipelineArn: component.modelDeployPipelineArn,
      modelDeployPipelineName: component.modelDeployPipelineName,
      prodEndpointName: component.prodEndpointName,
      stagingEndpointName: component.stagingEndpointName,
    };
    const delivery = "sagemaker-churn-dev-modeldeploy";
    assert.deepEqual(await valueOf(outputs), {
      deployConsoleUrl: `https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/${delivery}/view?region=us-east-1`,
      deployRepositoryCloneUrl: `https://git-codecommit.us-east-1.amazonaws.com/v1/repos/${delivery}`,
      deployRepositoryName: delivery,
      deployStateBucketName: `${bucket}-state`,
      modelDeployPipelineArn: `arn:aws:codepipeline:us-east-1:123456789012:${delivery}`,
      modelDeployPipelineName: delivery,
      prodEndpointName: "churn-dev-prod",
      stagingEndpointName: "churn-dev-staging",
    });
  });

  describe("the pipeline", () => {
    const variables = JSON.stringify([
      { name: "MODEL_PACKAGE_ARN", value: "#{variables.MODEL_PACKAGE_ARN}", type: "PLAINTEXT" },
      {
        name: "CODEPIPELINE_EXECUTION_ID",
        value: "#{codepipeline.PipelineExecutionId}",
        type: "PLAINTEXT",
      },
    ]);
    const build = { owner: "AWS", provider: "CodeBuild", version: "1" };

    it("takes each version in turn to staging, its test, a person and production, and goes back if that fails", () => {
      assert.deepEqual(recording.inputsOf("codepipeline/Pipeline", "deploy-pipeline"), {
        artifactStores: [
          { encryptionKey: { id: keyArn, type: "KMS" }, location: bucket, type: "S3" },
        ],
        executionMode: "QUEUED",
        name: "sagemaker-churn-dev-modeldeploy",
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
                  RepositoryName: "sagemaker-churn-dev-modeldeploy",
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
            name: "DeployStaging",
            actions: [
              {
                ...build,
                category: "Build",
                configuration: {
                  EnvironmentVariables: variables,
                  ProjectName: "sagemaker-churn-dev-deploy-staging",
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
                  ProjectName: "sagemaker-churn-dev-test-staging",
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
                  CustomData: "Shall this run in production of churn (dev)? #{Test.SUMMARY}",
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
                  ProjectName: "sagemaker-churn-dev-deploy-prod",
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
            description: "ARN of the model version that was approved or rejected",
          },
        ],
      });
    });

    it("is made last, since it runs at once: state safe and filled, builds and models allowed", () => {
      assert.deepEqual(waitsFor(seen, "codepipeline/pipeline", "deploy-pipeline"), [
        "BucketObjectv2 deploy-state-prod",
        "BucketObjectv2 deploy-state-staging",
        "BucketPolicy deploy-state",
        "BucketServerSideEncryptionConfiguration deploy-state",
        "BucketVersioning deploy-state",
        "RolePolicy deploy-pipeline-role",
        "RolePolicy deploy-serve-prod-role",
        "RolePolicy deploy-serve-staging-role",
      ]);
    });

    it("finds its first commit when it runs for the first time", () => {
      assert.deepEqual(recording.beforeCreate, [
        "codepipeline/Pipeline deploy-pipeline: deploy-source-first-commit",
      ]);
    });

    it("asks in no more letters than AWS shows, with the longest project and summary", async () => {
      const longest = { projectName: "a".repeat(20), projectId: "b".repeat(17) };
      const other = await record(() => new ModelDeployPipeline("deploy", { ...churn, ...longest }));
      const text = JSON.stringify(
        other.inputsOf("codepipeline/Pipeline", "deploy-pipeline").stages,
      );
      const [, asked = ""] = /"CustomData":"([^"]+)"/.exec(text) ?? [];
      assert.match(asked, /#\{Test\.SUMMARY\}$/);
      assert.ok(asked.replace("#{Test.SUMMARY}", "x".repeat(700)).length <= 1000, asked);
    });
  });

  describe("the builds", () => {
    for (const project of projects) {
      it(`of ${project} run unprivileged on a maintained image, encrypted, logging to a group of ours`, () => {
        const isDeploy = project.startsWith("deploy");
        const { environment, ...others } = recording.inputsOf(
          "codebuild/Project",
          `deploy-${project}`,
        );
        assert.deepEqual(others, {
          artifacts: { type: "CODEPIPELINE" },
          buildTimeout: 120,
          // Pulumi's packages stay on the machine; a test takes nothing from the one before it.
          ...(isDeploy ? { cache: { type: "LOCAL", modes: ["LOCAL_CUSTOM_CACHE"] } } : {}),
          description,
          encryptionKey: keyArn,
          logsConfig: {
            cloudwatchLogs: {
              groupName: `/aws/codebuild/sagemaker-churn-dev-${project}`,
              status: "ENABLED",
            },
            s3Logs: { status: "DISABLED" },
          },
          name: `sagemaker-churn-dev-${project}`,
          queuedTimeout: 60,
          serviceRole: roleArn(project),
          source: {
            buildspec: isDeploy ? "deploy-buildspec.yml" : "test-buildspec.yml",
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

      it(`of ${project} are made only when their role may do what CodeBuild checks`, () => {
        assert.deepEqual(waitsFor(seen, "codebuild/project", `deploy-${project}`), [
          `RolePolicy deploy-${project}-role`,
        ]);
      });

      it(`of ${project} keep their logs encrypted and no longer than said`, () => {
        assert.deepEqual(recording.inputsOf("cloudwatch/LogGroup", `deploy-${project}-logs`), {
          kmsKeyId: keyArn,
          name: `/aws/codebuild/sagemaker-churn-dev-${project}`,
          retentionInDays: 365,
          tags,
        });
      });
    }

    const everyBuild = {
      ARTIFACT_BUCKET: bucket,
      ARTIFACT_BUCKET_KMS_ID: keyArn,
      AWS_REGION: "us-east-1",
      PROD_ENDPOINT_NAME: "churn-dev-prod",
      SAGEMAKER_PROJECT_ID: "dev",
      SAGEMAKER_PROJECT_NAME: "churn",
      SOURCE_MODEL_PACKAGE_GROUP_NAME: "churn-dev",
    };

    for (const stage of ["staging", "prod"])
      it(`of ${stage} are told its endpoint, the role of its models, and where its state and secrets are`, () => {
        assert.deepEqual(variables(recording, `deploy-deploy-${stage}`), {
          ...everyBuild,
          ENDPOINT_NAME: `churn-dev-${stage}`,
          MODEL_BUILD_OUTPUTS: `s3://${bucket}-state/${stage}/model-build-outputs.json`,
          MODEL_EXECUTION_ROLE_ARN: roleArn(`serve-${stage}`),
          PULUMI_BACKEND_URL: `s3://${bucket}-state/${stage}?region=us-east-1`,
          PULUMI_KMS_URL: `awskms:///${keyArn}?region=us-east-1&context_stack=churn-dev-${stage}`,
          STAGE_NAME: stage,
        });
      });

    it("that test are told staging's endpoint, its config and where results go, and nothing of Pulumi", () => {
      assert.deepEqual(variables(recording, "deploy-test-staging"), {
        ...everyBuild,
        BUILD_CONFIG: "staging-config.json",
        ENDPOINT_NAME: "churn-dev-staging",
        EXPORT_TEST_RESULTS: "test-results.json",
        STAGE_NAME: "staging",
      });
    });
  });

  describe("the state of the endpoints", () => {
    const physical = `${bucket}-state`;

    it("is kept in a bucket named after that of the artifacts", () => {
      assert.deepEqual(recording.inputsOf("s3/Bucket", "deploy-state"), {
        bucket: physical,
        forceDestroy: true,
        tags,
      });
    });

    it("can be made public by nobody, and is owned by the account alone", () => {
      assert.deepEqual(recording.inputsOf("s3/BucketPublicAccessBlock", "deploy-state"), {
        bucket: physical,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      assert.deepEqual(recording.inputsOf("s3/BucketOwnershipControls", "deploy-state"), {
        bucket: physical,
        rule: { objectOwnership: "BucketOwnerEnforced" },
      });
      for (const type of ["s3/bucketPolicy", "s3/bucketOwnershipControls"])
        assert.deepEqual(waitsFor(seen, type, "deploy-state"), [
          "BucketPublicAccessBlock deploy-state",
        ]);
    });

    it("is encrypted with the project's key, and takes no customer-provided keys", () => {
      const type = "s3/BucketServerSideEncryptionConfiguration";
      assert.deepEqual(recording.inputsOf(type, "deploy-state"), {
        bucket: physical,
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            blockedEncryptionTypes: ["SSE-C"],
            bucketKeyEnabled: true,
          },
        ],
      });
    });

    it("never expires; earlier states do after a year, but the last ten", () => {
      assert.deepEqual(recording.inputsOf("s3/BucketVersioning", "deploy-state"), {
        bucket: physical,
        versioningConfiguration: { status: "Enabled" },
      });
      assert.deepEqual(recording.inputsOf("s3/BucketLifecycleConfiguration", "deploy-state"), {
        bucket: physical,
        rules: [
          {
            id: "upkeep",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
            noncurrentVersionExpiration: { noncurrentDays: 365, newerNoncurrentVersions: 10 },
          },
        ],
      });
      assert.deepEqual(waitsFor(seen, "s3/bucketLifecycleConfiguration", "deploy-state"), [
        "BucketVersioning deploy-state",
      ]);
    });

    for (const stage of ["staging", "prod"])
      it(`of ${stage} lies beside what the model build says of itself, once the bucket is safe`, () => {
        const document = recording.inputsOf("s3/BucketObjectv2", `deploy-state-${stage}`);
        const { content, ...others } = document;
        assert.deepEqual(JSON.parse(String(content)), { ...modelBuild, contractVersion: 1 });
        assert.deepEqual(others, {
          bucket: physical,
          contentType: "application/json",
          key: `${stage}/model-build-outputs.json`,
          serverSideEncryption: "AES256",
          tags,
        });
        assert.deepEqual(waitsFor(seen, "s3/bucketObjectv2", `deploy-state-${stage}`), [
          "BucketPolicy deploy-state",
          "BucketServerSideEncryptionConfiguration deploy-state",
          "BucketVersioning deploy-state",
        ]);
      });
  });

  describe("the trigger", () => {
    it("hears only of decisions about versions of this group, not of later edits", () => {
      const { eventPattern, ...rule } = recording.inputsOf(
        "cloudwatch/EventRule",
        "deploy-on-approval",
      );
      assert.deepEqual(rule, {
        description:
          "Starts a deployment when a model version of churn (dev) is approved or rejected",
        name: "sagemaker-churn-dev-approval",
        tags,
      });
      assert.deepEqual(JSON.parse(String(eventPattern)), {
        source: ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        detail: {
          ModelApprovalStatus: ["Approved", "Rejected"],
          ModelPackageGroupName: ["churn-dev"],
          ModelPackageStatus: ["Completed"],
          $or: [
            { UpdatedModelPackageFields: [{ exists: false }] },
            { UpdatedModelPackageFields: ["ModelApprovalStatus"] },
          ],
        },
      });
    });

    it("starts the pipeline with exactly the version of the event, tries again, and keeps what it cannot deliver", () => {
      assert.deepEqual(recording.inputsOf("cloudwatch/EventTarget", "deploy-on-approval"), {
        arn: "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modeldeploy",
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:sagemaker-churn-dev-undelivered",
        },
        inputTransformer: {
          inputPaths: { model: "$.detail.ModelPackageArn" },
          inputTemplate: '{"variables":[{"name":"MODEL_PACKAGE_ARN","value":"<model>"}]}',
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: roleArn("approval"),
        rule: "sagemaker-churn-dev-approval",
        targetId: "model-deploy-pipeline",
      });
    });

    it("is connected only when its role may start the pipeline", () => {
      assert.deepEqual(waitsFor(seen, "cloudwatch/eventTarget", "deploy-on-approval"), [
        "RolePolicy deploy-approval-role",
      ]);
    });
  });

  describe("beside a model build in one program", () => {
    const both: pulumi.ResourceTransformationArgs[] = [];
    let whole: Recording;

    before(async () => {
      const transformations = [(args: pulumi.ResourceTransformationArgs) => void both.push(args)];
      whole = await record(() => {
        const args = { projectName: "churn", projectId: "dev" };
        const opts = { transformations };
        const given = new ModelBuildPipeline("build", { ...args, deployment: true }, opts);
        const waiting = {
          dependsOn: [new pulumi.ComponentResource("test:Other", "other", {}, opts)],
        };
        new ModelDeployPipeline(
          "deploy",
          { ...args, modelBuild: given, posture: "dev" },
          { ...opts, ...waiting },
        );
      });
    });

    it("takes the component itself for what it gives", () => {
      const document = whole.inputsOf("s3/BucketObjectv2", "deploy-state-prod");
      assert.deepEqual(JSON.parse(String(document.content)), { ...modelBuild, contractVersion: 1 });
      const own = whole.inputsOf("model-build-pipeline:index:ModelDeployPipeline", "deploy");
      assert.deepEqual(own.modelBuild, modelBuild);
    });

    it("waits for all of it, and for whatever else it is told to, before anything goes off by itself", () => {
      const late = both.filter(
        ({ name, type }) =>
          name.startsWith("deploy-") && /EventRule|EventTarget|:Pipeline/.test(type),
      );
      assert.equal(late.length, 13);
      for (const { name, type } of late) {
        const [, kind = ""] = type.split(":");
        const found = waitsFor(both, kind, name);
        assert.ok(found.includes("ModelBuildPipeline build"), `${type} ${name}`);
        assert.ok(found.includes("Other other"), `${type} ${name}`);
      }
    });

    it("keeps the rest from waiting", () => {
      assert.deepEqual(waitsFor(both, "codebuild/project", "deploy-deploy-prod"), [
        "RolePolicy deploy-deploy-prod-role",
      ]);
    });
  });

  describe("in dev", () => {
    it("can be destroyed without a trace", () => {
      for (const { name, opts } of seen) {
        assert.ok(opts.protect !== true, `${name} is protected`);
        assert.ok(opts.retainOnDelete !== true, `${name} is retained`);
      }
    });
  });

  describe("in prod, which is the default", () => {
    const prodSeen: pulumi.ResourceTransformationArgs[] = [];
    let prod: Recording;

    before(async () => {
      const transformations = [
        (args: pulumi.ResourceTransformationArgs) => void prodSeen.push(args),
      ];
      prod = await record(() => new ModelDeployPipeline("deploy", churn, { transformations }));
    });

    it("protects the component, from which every child inherits it", () => {
      const [first, ...children] = prodSeen;
      assert.equal(first?.opts.protect, true);
      for (const { name, opts } of children) assert.notEqual(opts.protect, false, name);
    });

    it("keeps state, code, logs and whatever guards them when protection is lifted", () => {
      const kept = prodSeen.filter(({ opts }) => opts.retainOnDelete === true);
      assert.deepEqual(
        kept.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort(),
        recordedNames(prod, /^(s3|codecommit)\/|LogGroup/),
      );
    });

    it("empties no bucket", () => {
      assert.equal(prod.inputsOf("s3/Bucket", "deploy-state").forceDestroy, false);
    });
  });

  it("makes a replacement of what AWS names once only after the deletion", () => {
    const named = seen.filter(({ opts }) => Reflect.get(opts, "deleteBeforeReplace") === true);
    assert.deepEqual(
      named.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort(),
      recordedNames(recording, /Role|Event|codebuild|codepipeline/),
    );
  });

  describe("with other settings", () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";
    const withArgs = (args: Partial<ModelDeployPipelineArgs>) =>
      record(() => new ModelDeployPipeline("deploy", { ...churn, ...args }));

    it("takes its code from the repository and branch that it is told", async () => {
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

    it("leaves the first commit to others if it is told to", async () => {
      const other = await withArgs({ source: { codecommit: { seed: false } } });
      assert.deepEqual(other.beforeCreate, []);
    });

    it("looks an existing repository up, and never owns or seeds it", async () => {
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

    it("starts nothing on a push to a repository outside AWS: only a decision about a model does", async () => {
      const connection = { connectionArn, fullRepositoryId: "acme/churn-deploy" };
      let made: ModelDeployPipeline | undefined;
      const other = await record(() => {
        made = new ModelDeployPipeline("deploy", { ...churn, source: { connection } });
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
      assert.equal(made?.deployRepositoryCloneUrl, undefined);
      assert.equal(await valueOf(made?.deployRepositoryName ?? ""), "acme/churn-deploy");
      assert.match(
        JSON.stringify(other.inputsOf("iam/RolePolicy", "deploy-pipeline-role").policy),
        /UseConnection/,
      );
    });

    it("waits for approval as long as it is told", async () => {
      const other = await withArgs({ approvalTimeoutMinutes: 60 });
      const { stages } = other.inputsOf("codepipeline/Pipeline", "deploy-pipeline");
      assert.match(JSON.stringify(stages), /"timeoutInMinutes":60,/);
      assert.doesNotMatch(JSON.stringify(stages), /10080/);
    });

    it("builds on the machine that it is told, for as long as it is told, and logs for as many days", async () => {
      const image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/ml/build-aarch64:1.2";
      const build = {
        computeType: "BUILD_GENERAL1_LARGE",
        image,
        queuedTimeoutMinutes: 5,
        timeoutMinutes: 480,
      };
      const other = await withArgs({ build, logs: { retentionDays: 30 } });
      for (const project of projects) {
        const made = other.inputsOf("codebuild/Project", `deploy-${project}`);
        const { environmentVariables: _, ...machine } = made.environment as Record<string, unknown>;
        assert.deepEqual(machine, {
          computeType: "BUILD_GENERAL1_LARGE",
          image,
          imagePullCredentialsType: "SERVICE_ROLE",
          privilegedMode: false,
          type: "ARM_CONTAINER",
        });
        assert.deepEqual([made.buildTimeout, made.queuedTimeout], [480, 5], project);
        const logs = other.inputsOf("cloudwatch/LogGroup", `deploy-${project}-logs`);
        assert.equal(logs.retentionInDays, 30);
        assert.match(
          JSON.stringify(other.inputsOf("iam/RolePolicy", `deploy-${project}-role`).policy),
          /arn:aws:ecr:eu-west-1:210987654321:repository\/ml\/build-aarch64/,
        );
      }
    });

    it("lets models be pulled from the repositories that it is told, and only their roles pull them", async () => {
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

    it("lets only the administrators that it is told end the history of states", async () => {
      const administrator = "arn:aws:iam::123456789012:role/platform";
      const other = await withArgs({ administratorArns: [administrator] });
      const { policy } = other.inputsOf("s3/BucketPolicy", "deploy-state");
      assert.match(JSON.stringify(policy), /role\/platform"\]\}\},.*"Sid":"ProtectHistory"/);
      const { policy: open } = recording.inputsOf("s3/BucketPolicy", "deploy-state");
      assert.doesNotMatch(JSON.stringify(open), /ProtectHistory/);
    });

    it("uses the bucket, key and topic that it is given, though they come from elsewhere", async () => {
      const topic = `${modelBuild.notificationTopicArn}-2`;
      const given = {
        ...modelBuild,
        artifactBucketName: pulumi.output("other-bucket"),
        artifactKeyArn: pulumi.output(otherKeyArn),
        notificationTopicArn: pulumi.output(topic),
      };
      const other = await withArgs({ modelBuild: given });
      assert.deepEqual(other.inputsOf("codepipeline/Pipeline", "deploy-pipeline").artifactStores, [
        { encryptionKey: { id: otherKeyArn, type: "KMS" }, location: "other-bucket", type: "S3" },
      ]);
      assert.equal(other.inputsOf("cloudwatch/EventTarget", "deploy-on-waiting").arn, topic);
      assert.ok(!JSON.stringify(other.resources).includes(keyArn));
    });
  });

  describe("in a private network", () => {
    const network = {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
      securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
    };
    let inside: Recording;

    before(async () => {
      inside = await record(() => new ModelDeployPipeline("deploy", { ...churn, network }));
    });

    it("makes nothing of its own", () => {
      assert.deepEqual(inside.inventory(), recording.inventory());
    });

    for (const project of projects)
      it(`runs ${project} there, and tells it where endpoints go`, () => {
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

    it("changes nothing else than builds and the roles that work there", () => {
      const changed = inside.resources.filter(
        ({ inputs, name, type }) =>
          // In this recording, the posture is prod.
          type !== "aws:s3/bucket:Bucket" &&
          type.startsWith("aws:") &&
          JSON.stringify(inputs) !==
            JSON.stringify(
              recording.resources.find((it) => it.name === name && it.type === type)?.inputs,
            ),
      );
      assert.deepEqual(changed.map(({ name }) => name).sort(), [
        "deploy-deploy-prod",
        "deploy-deploy-prod-role",
        "deploy-deploy-staging",
        "deploy-deploy-staging-role",
        "deploy-serve-prod-role",
        "deploy-serve-staging-role",
        "deploy-test-staging",
        "deploy-test-staging-role",
      ]);
    });

    it("tells builds of the package index there", async () => {
      const packageIndexUrl = "https://packages.example.com/simple";
      const indexed = await record(
        () =>
          new ModelDeployPipeline("deploy", { ...churn, network: { ...network, packageIndexUrl } }),
      );
      for (const project of projects)
        assert.deepEqual(added(indexed, inside, `deploy-${project}`), {
          PIP_INDEX_URL: packageIndexUrl,
          UV_DEFAULT_INDEX: packageIndexUrl,
        });
    });
  });

  it("bounds every role by the policy it is given, and otherwise none", async () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/churn-dev-boundary";
    const boundariesOf = async (args: ModelDeployPipelineArgs) => {
      const { resources } = await record(() => new ModelDeployPipeline("deploy", args));
      const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
      return roles.map(({ inputs, name }) => [name, inputs.permissionsBoundary]).sort();
    };
    const roles = [
      "approval",
      "deploy-prod",
      "deploy-staging",
      "pipeline",
      "serve-prod",
      "serve-staging",
      "test-staging",
    ];
    const named = (boundary?: string) => roles.map((role) => [`deploy-${role}-role`, boundary]);
    assert.deepEqual(
      await boundariesOf({ ...churn, permissionsBoundaryArn }),
      named(permissionsBoundaryArn),
    );
    assert.deepEqual(await boundariesOf(churn), named());
  });

  it("renders the same twice: nothing depends on time or chance", async () => {
    const again = await record(
      () => new ModelDeployPipeline("deploy", { ...churn, posture: "dev" }),
    );
    const sorted = ({ resources }: Recording) =>
      [...resources].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
    assert.deepEqual(sorted(again), sorted(recording));
  });

  it("belongs to its own account: what does not is refused before anything is made", async () => {
    const connectionArn =
      "arn:aws:codeconnections:us-east-1:210987654321:connection/11111111-2222-3333-4444-555555555555";
    const args = {
      ...churn,
      permissionsBoundaryArn: "arn:aws:iam::210987654321:policy/churn-dev-boundary",
      source: { connection: { connectionArn, fullRepositoryId: "acme/churn-deploy" } },
    };
    // The mock engine swallows an error that comes after the provider's answer; a real one stops the program.
    const refused = await record(() => new ModelDeployPipeline("deploy", args));
    assert.deepEqual(refused.inventory(), [
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

/** The variables that only the first of two recordings has. */
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
