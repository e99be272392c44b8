import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "../components/args";
import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { keyArn, record, type Recording } from "./support/mocks";
import { waitsFor } from "./support/waits";

const churn = { projectName: "churn", projectId: "dev" };
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const description = "Model build of churn (dev)";

describe("ModelBuildPipeline", () => {
  const seen: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;

  before(async () => {
    const transformations = [(args: pulumi.ResourceTransformationArgs) => void seen.push(args)];
    recording = await record(
      () => new ModelBuildPipeline("build", { ...churn, posture: "dev" }, { transformations }),
    );
  });

  it("is made of exactly these resources", () => {
    assert.deepEqual(recording.inventory(), [
      "cloudwatch/EventRule build-on-failed",
      "cloudwatch/EventRule build-on-letter",
      "cloudwatch/EventRule build-on-pending",
      "cloudwatch/EventRule build-on-push",
      "cloudwatch/EventRule build-on-step",
      "cloudwatch/EventRule build-on-stopped",
      "cloudwatch/EventTarget build-on-failed",
      "cloudwatch/EventTarget build-on-letter",
      "cloudwatch/EventTarget build-on-pending",
      "cloudwatch/EventTarget build-on-push",
      "cloudwatch/EventTarget build-on-step",
      "cloudwatch/EventTarget build-on-stopped",
      "cloudwatch/LogGroup build-build-logs",
      "cloudwatch/MetricAlarm build-undelivered",
      "codebuild/Project build-build",
      "codecommit/Repository build-source",
      "codepipeline/Pipeline build-pipeline",
      "iam/Role build-build-role",
      "iam/Role build-execution-role",
      "iam/Role build-messages-role",
      "iam/Role build-pipeline-role",
      "iam/Role build-trigger-role",
      "iam/RolePolicy build-build-role",
      "iam/RolePolicy build-execution-role",
      "iam/RolePolicy build-messages-role",
      "iam/RolePolicy build-pipeline-role",
      "iam/RolePolicy build-trigger-role",
      "kms/Alias build-key",
      "kms/Key build-key",
      "model-build-pipeline:index:ModelBuildPipeline build",
      "s3/Bucket build-access-logs",
      "s3/Bucket build-artifacts",
      "s3/BucketLifecycleConfiguration build-access-logs",
      "s3/BucketLifecycleConfiguration build-artifacts",
      "s3/BucketLogging build-artifacts",
      "s3/BucketNotification build-artifacts",
      "s3/BucketOwnershipControls build-access-logs",
      "s3/BucketOwnershipControls build-artifacts",
      "s3/BucketPolicy build-access-logs",
      "s3/BucketPolicy build-artifacts",
      "s3/BucketPublicAccessBlock build-access-logs",
      "s3/BucketPublicAccessBlock build-artifacts",
      "s3/BucketServerSideEncryptionConfiguration build-access-logs",
      "s3/BucketServerSideEncryptionConfiguration build-artifacts",
      "s3/BucketVersioning build-access-logs",
      "s3/BucketVersioning build-artifacts",
      "sagemaker/ModelPackageGroup build-models",
      "sns/Topic build-messages",
      "sns/TopicPolicy build-messages",
      "sqs/Queue build-undelivered",
      "sqs/QueuePolicy build-undelivered",
    ]);
  });

  it("owns every resource directly", () => {
    const [component, ...children] = seen;
    assert.equal(children.length, recording.resources.length - 1);
    for (const { name, opts } of children) assert.equal(opts.parent, component?.resource, name);
  });

  it("tags everything that AWS lets it tag with the project's name and id", () => {
    const taggable =
      /EventRule|LogGroup|Project|Repository|\/Pipeline|Role$|kms\/Key|s3\/Bucket$|PackageGroup|Queue$|Topic$|Alarm$/;
    const tagged = recording.resources.filter(({ inputs }) => "tags" in inputs);
    const expected = recording.inventory().filter((it) => taggable.test(it.split(" ")[0] ?? ""));
    assert.equal(tagged.length, expected.length);
    for (const { inputs, name } of tagged) assert.deepEqual(inputs.tags, tags, name);
  });

  describe("the artifact store", () => {
    it("rotates its key, and waits a week before a deletion is final in dev", () => {
      const { policy: _, ...key } = recording.inputsOf("kms/Key", "build-key");
      assert.deepEqual(key, {
        deletionWindowInDays: 7,
        description,
        enableKeyRotation: true,
        tags,
      });
      assert.deepEqual(recording.inputsOf("kms/Alias", "build-key"), {
        name: "alias/sagemaker-churn-dev",
        targetKeyId: keyArn.split("/")[1],
      });
    });

    it("names the artifact bucket after project, account and region", () => {
      assert.deepEqual(recording.inputsOf("s3/Bucket", "build-artifacts"), {
        bucket: "sagemaker-churn-dev-eb805c6c",
        forceDestroy: true,
        tags,
      });
    });

    for (const bucket of ["artifacts", "access-logs"]) {
      const name = `build-${bucket}`;
      const physical = `sagemaker-churn-dev-eb805c6c${bucket === "access-logs" ? "-logs" : ""}`;

      it(`lets nobody make the ${bucket} public`, () => {
        assert.deepEqual(recording.inputsOf("s3/BucketPublicAccessBlock", name), {
          bucket: physical,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
      });

      it(`keeps earlier versions of the ${bucket}, owned by the account alone`, () => {
        assert.deepEqual(recording.inputsOf("s3/BucketVersioning", name), {
          bucket: physical,
          versioningConfiguration: { status: "Enabled" },
        });
        assert.deepEqual(recording.inputsOf("s3/BucketOwnershipControls", name), {
          bucket: physical,
          rule: { objectOwnership: "BucketOwnerEnforced" },
        });
      });

      it(`changes the access rules of the ${bucket} one after the other`, () => {
        const privacy = [`BucketPublicAccessBlock ${name}`];
        assert.deepEqual(waitsFor(seen, "s3/bucketPolicy", name), privacy);
        assert.deepEqual(waitsFor(seen, "s3/bucketOwnershipControls", name), privacy);
      });
    }

    it("encrypts artifacts with the project's key, and takes no customer-provided keys", () => {
      assert.deepEqual(
        recording.inputsOf("s3/BucketServerSideEncryptionConfiguration", "build-artifacts").rules,
        [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
            blockedEncryptionTypes: ["SSE-C"],
            bucketKeyEnabled: true,
          },
        ],
      );
    });

    it("encrypts access logs with S3's own keys, since S3 delivers them no other way", () => {
      assert.deepEqual(
        recording.inputsOf("s3/BucketServerSideEncryptionConfiguration", "build-access-logs").rules,
        [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
            blockedEncryptionTypes: ["SSE-C"],
            bucketKeyEnabled: false,
          },
        ],
      );
    });

    it("never expires a build, only its earlier versions; access logs go after the retention", () => {
      const upkeep = {
        id: "upkeep",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        noncurrentVersionExpiration: { noncurrentDays: 365, newerNoncurrentVersions: 10 },
      };
      const rules = (name: string) =>
        recording.inputsOf("s3/BucketLifecycleConfiguration", name).rules;
      assert.deepEqual(rules("build-artifacts"), [upkeep]);
      assert.deepEqual(rules("build-access-logs"), [{ ...upkeep, expiration: { days: 365 } }]);
      assert.deepEqual(waitsFor(seen, "s3/bucketLifecycleConfiguration", "build-artifacts"), [
        "BucketVersioning build-artifacts",
      ]);
    });

    it("logs every access, once the log bucket lets S3 write, and tells EventBridge of objects", () => {
      assert.deepEqual(recording.inputsOf("s3/BucketLogging", "build-artifacts"), {
        bucket: "sagemaker-churn-dev-eb805c6c",
        targetBucket: "sagemaker-churn-dev-eb805c6c-logs",
        targetPrefix: "access/",
      });
      assert.deepEqual(waitsFor(seen, "s3/bucketLogging", "build-artifacts"), [
        "BucketPolicy build-access-logs",
      ]);
      assert.deepEqual(recording.inputsOf("s3/BucketNotification", "build-artifacts"), {
        bucket: "sagemaker-churn-dev-eb805c6c",
        eventbridge: true,
      });
    });
  });

  describe("the build", () => {
    it("runs unprivileged on a maintained image, encrypted, logging to a group of ours", () => {
      const { environment, ...project } = recording.inputsOf("codebuild/Project", "build-build");
      assert.deepEqual(project, {
        artifacts: { type: "CODEPIPELINE" },
        buildTimeout: 60,
        description,
        encryptionKey: keyArn,
        logsConfig: {
          cloudwatchLogs: {
            groupName: "/aws/codebuild/sagemaker-churn-dev-modelbuild",
            status: "ENABLED",
          },
          s3Logs: { status: "DISABLED" },
        },
        name: "sagemaker-churn-dev-modelbuild",
        queuedTimeout: 60,
        serviceRole: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-build",
        source: { buildspec: "codebuild-buildspec.yml", type: "CODEPIPELINE" },
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

    it("tells the model code everything by the variables of AWS's own project templates", () => {
      assert.deepEqual(variables(recording), {
        ARTIFACT_BUCKET: "sagemaker-churn-dev-eb805c6c",
        ARTIFACT_BUCKET_KMS_ID: keyArn,
        AWS_REGION: "us-east-1",
        MODEL_PACKAGE_GROUP_NAME: "churn-dev",
        SAGEMAKER_PIPELINE_NAME: "churn-dev",
        SAGEMAKER_PIPELINE_ROLE_ARN: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-execution",
        SAGEMAKER_PROJECT_ID: "dev",
        SAGEMAKER_PROJECT_NAME: "churn",
        WAIT_FOR_TRAINING: "false",
      });
    });

    it("is made only when its role may do what CodeBuild checks", () => {
      assert.deepEqual(waitsFor(seen, "codebuild/project", "build-build"), [
        "RolePolicy build-build-role",
      ]);
    });

    it("keeps its logs encrypted and no longer than said", () => {
      assert.deepEqual(recording.inputsOf("cloudwatch/LogGroup", "build-build-logs"), {
        kmsKeyId: keyArn,
        name: "/aws/codebuild/sagemaker-churn-dev-modelbuild",
        retentionInDays: 365,
        tags,
      });
    });

    it("registers models in one group of the project", () => {
      assert.deepEqual(recording.inputsOf("sagemaker/ModelPackageGroup", "build-models"), {
        modelPackageGroupDescription: description,
        modelPackageGroupName: "churn-dev",
        tags,
      });
    });
  });

  describe("the pipeline", () => {
    it("takes the branch without polling and builds it, with artifacts under the key's ARN", () => {
      assert.deepEqual(recording.inputsOf("codepipeline/Pipeline", "build-pipeline"), {
        artifactStores: [
          {
            encryptionKey: { id: keyArn, type: "KMS" },
            location: "sagemaker-churn-dev-eb805c6c",
            type: "S3",
          },
        ],
        executionMode: "SUPERSEDED",
        name: "sagemaker-churn-dev-modelbuild",
        pipelineType: "V2",
        roleArn: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-pipeline",
        stages: [
          {
            name: "Source",
            actions: [
              {
                category: "Source",
                configuration: {
                  BranchName: "main",
                  PollForSourceChanges: "false",
                  RepositoryName: "sagemaker-churn-dev-modelbuild",
                },
                name: "ModelBuildWorkflowCode",
                outputArtifacts: ["SourceCode"],
                owner: "AWS",
                provider: "CodeCommit",
                version: "1",
              },
            ],
          },
          {
            name: "Build",
            actions: [
              {
                category: "Build",
                configuration: {
                  EnvironmentVariables:
                    '[{"name":"CODEPIPELINE_EXECUTION_ID","value":"#{codepipeline.PipelineExecutionId}","type":"PLAINTEXT"}]',
                  ProjectName: "sagemaker-churn-dev-modelbuild",
                },
                inputArtifacts: ["SourceCode"],
                name: "BuildAndExecuteSageMakerPipeline",
                owner: "AWS",
                provider: "CodeBuild",
                version: "1",
              },
            ],
          },
        ],
        tags,
      });
    });

    it("is made last, since it runs at once: artifacts safe, build and training allowed", () => {
      assert.deepEqual(waitsFor(seen, "codepipeline/pipeline", "build-pipeline"), [
        "BucketPolicy build-artifacts",
        "BucketServerSideEncryptionConfiguration build-artifacts",
        "BucketVersioning build-artifacts",
        "ModelPackageGroup build-models",
        "RolePolicy build-execution-role",
        "RolePolicy build-pipeline-role",
      ]);
    });
  });

  describe("the trigger", () => {
    it("hears only of that branch of that repository, created or updated", () => {
      const { eventPattern, ...rule } = recording.inputsOf("cloudwatch/EventRule", "build-on-push");
      assert.deepEqual(rule, {
        description: "Starts the model build when main is created or moves",
        name: "sagemaker-churn-dev-push",
        tags,
      });
      assert.deepEqual(JSON.parse(String(eventPattern)), {
        source: ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        resources: ["arn:aws:codecommit:us-east-1:123456789012:sagemaker-churn-dev-modelbuild"],
        detail: {
          event: ["referenceCreated", "referenceUpdated"],
          referenceType: ["branch"],
          referenceName: ["main"],
        },
      });
    });

    it("starts the pipeline at the pushed commit, tries again, and keeps what it cannot deliver", () => {
      const { inputTransformer, ...target } = recording.inputsOf(
        "cloudwatch/EventTarget",
        "build-on-push",
      );
      assert.deepEqual(target, {
        arn: "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modelbuild",
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:sagemaker-churn-dev-undelivered",
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-trigger",
        rule: "sagemaker-churn-dev-push",
        targetId: "model-build-pipeline",
      });
      assert.deepEqual(inputTransformer, {
        inputPaths: { commit: "$.detail.commitId" },
        inputTemplate:
          '{"sourceRevisions":[{"actionName":"ModelBuildWorkflowCode","revisionType":"COMMIT_ID","revisionValue":"<commit>"}]}',
      });
      assert.deepEqual(recording.inputsOf("sqs/Queue", "build-undelivered"), {
        kmsMasterKeyId: keyArn,
        messageRetentionSeconds: 1209600,
        name: "sagemaker-churn-dev-undelivered",
        tags,
      });
    });

    it("is connected only when a push can neither be refused nor lost", () => {
      assert.deepEqual(waitsFor(seen, "cloudwatch/eventTarget", "build-on-push"), [
        "QueuePolicy build-undelivered",
        "RolePolicy build-trigger-role",
      ]);
    });
  });

  describe("in dev", () => {
    it("can be destroyed without a trace", () => {
      for (const { name, opts } of seen) {
        assert.ok(opts.protect !== true, `${name} is protected`);
        assert.ok(opts.retainOnDelete !== true, `${name} is retained`);
      }
      assert.equal(recording.inputsOf("s3/Bucket", "build-access-logs").forceDestroy, true);
    });
  });

  describe("in prod, which is the default", () => {
    const prodSeen: pulumi.ResourceTransformationArgs[] = [];
    let prod: Recording;

    before(async () => {
      const transformations = [
        (args: pulumi.ResourceTransformationArgs) => void prodSeen.push(args),
      ];
      prod = await record(() => new ModelBuildPipeline("build", churn, { transformations }));
    });

    it("protects the component, from which every child inherits it", () => {
      const [component, ...children] = prodSeen;
      assert.equal(component?.opts.protect, true);
      for (const { name, opts } of children) assert.notEqual(opts.protect, false, name);
    });

    it("keeps data, its key and whatever guards both when protection is lifted", () => {
      const kept = prodSeen.filter(({ opts }) => opts.retainOnDelete === true);
      assert.deepEqual(
        kept.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort(),
        recordedNames(prod, /^(s3|kms|codecommit)\/|LogGroup|ModelPackageGroup/),
      );
    });

    it("empties no bucket, and leaves a month to save the key", () => {
      assert.equal(prod.inputsOf("s3/Bucket", "build-artifacts").forceDestroy, false);
      assert.equal(prod.inputsOf("s3/Bucket", "build-access-logs").forceDestroy, false);
      assert.equal(prod.inputsOf("kms/Key", "build-key").deletionWindowInDays, 30);
    });
  });

  describe("with other settings", () => {
    it("builds the branch and repository that it is told", async () => {
      const source = { codecommit: { branch: "release/1", repositoryName: "churn-model" } };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, source }));
      const pattern: unknown = JSON.parse(
        String(other.inputsOf("cloudwatch/EventRule", "build-on-push").eventPattern),
      );
      assert.deepEqual(pattern, {
        source: ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        resources: ["arn:aws:codecommit:us-east-1:123456789012:churn-model"],
        detail: {
          event: ["referenceCreated", "referenceUpdated"],
          referenceType: ["branch"],
          referenceName: ["release/1"],
        },
      });
      assert.match(
        JSON.stringify(other.inputsOf("codepipeline/Pipeline", "build-pipeline").stages),
        /"BranchName":"release\/1","PollForSourceChanges":"false","RepositoryName":"churn-model"/,
      );
      assert.match(
        JSON.stringify(other.inputsOf("iam/RolePolicy", "build-pipeline-role").policy),
        /"arn:aws:codecommit:us-east-1:123456789012:churn-model"/,
      );
    });

    it("expires builds after the days it is told", async () => {
      const artifacts = { expireBuildsAfterDays: 730, noncurrentDays: 30, noncurrentVersions: 3 };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, artifacts }));
      assert.deepEqual(other.inputsOf("s3/BucketLifecycleConfiguration", "build-artifacts").rules, [
        {
          id: "upkeep",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 3 },
          expiration: { days: 730 },
        },
      ]);
    });

    it("gives a build that waits for training eight hours, and tells it to wait", async () => {
      const build = { waitForTraining: true, environment: { COUNTRY: "eu" } };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, build }));
      assert.equal(other.inputsOf("codebuild/Project", "build-build").buildTimeout, 480);
      assert.equal(variables(other).WAIT_FOR_TRAINING, "true");
      assert.equal(variables(other).COUNTRY, "eu");
    });

    it("runs an ARM image on ARM, and pulls a private one with the build's role", async () => {
      const image = "210987654321.dkr.ecr.eu-west-1.amazonaws.com/ml/build-aarch64:1.2";
      const other = await record(
        () => new ModelBuildPipeline("build", { ...churn, build: { image } }),
      );
      const { environment } = other.inputsOf("codebuild/Project", "build-build");
      const { environmentVariables: _, ...machine } = environment as Record<string, unknown>;
      assert.deepEqual(machine, {
        computeType: "BUILD_GENERAL1_SMALL",
        image,
        imagePullCredentialsType: "SERVICE_ROLE",
        privilegedMode: false,
        type: "ARM_CONTAINER",
      });
    });

    it("runs training with the role it is given, and makes none", async () => {
      const executionRoleArn = "arn:aws:iam::123456789012:role/data-science";
      const role = pulumi.output(executionRoleArn);
      const other = await record(
        () => new ModelBuildPipeline("build", { ...churn, training: { executionRoleArn: role } }),
      );
      assert.deepEqual(recordedNames(other, /execution/), []);
      assert.equal(variables(other).SAGEMAKER_PIPELINE_ROLE_ARN, executionRoleArn);
      for (const [type, name] of [
        ["kms/Key", "build-key"],
        ["iam/RolePolicy", "build-build-role"],
      ] as const)
        assert.ok(JSON.stringify(other.inputsOf(type, name).policy).includes(executionRoleArn));
    });
  });

  it("bounds every role by the policy it is given, and otherwise none", async () => {
    const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/churn-dev-boundary";
    const boundariesOf = async (args: ModelBuildPipelineArgs) => {
      const { resources } = await record(() => new ModelBuildPipeline("build", args));
      const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
      return roles.map(({ inputs, name }) => [name, inputs.permissionsBoundary]).sort();
    };
    const roles = ["build", "execution", "messages", "pipeline", "trigger"];
    const named = (boundary?: string) => roles.map((role) => [`build-${role}-role`, boundary]);
    assert.deepEqual(
      await boundariesOf({ projectName: "churn", permissionsBoundaryArn }),
      named(permissionsBoundaryArn),
    );
    assert.deepEqual(await boundariesOf({ projectName: "churn" }), named());
  });

  it("renders the same twice: nothing depends on time or chance", async () => {
    const again = await record(() => new ModelBuildPipeline("build", { ...churn, posture: "dev" }));
    const sorted = ({ resources }: Recording) =>
      [...resources].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
    assert.deepEqual(sorted(again), sorted(recording));
  });
});

function variables(recording: Recording): Record<string, string> {
  const { environment } = recording.inputsOf("codebuild/Project", "build-build");
  const { environmentVariables } = environment as {
    environmentVariables: { name: string; type: string; value: string }[];
  };
  for (const { name, type } of environmentVariables) assert.equal(type, "PLAINTEXT", name);
  return Object.fromEntries(environmentVariables.map(({ name, value }) => [name, value]));
}

function recordedNames(recording: Recording, pattern: RegExp): string[] {
  return recording
    .inventory()
    .filter((it) => pattern.test(it))
    .map((it) => it.replace(/^\w+\//, ""))
    .sort();
}
