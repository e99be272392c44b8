import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { keyArn, record, type Recording } from "../support/mocks";
import { waitsFor } from "../support/waits";

const churn = { projectName: "churn", projectId: "dev" };
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const description = "Model build of churn (dev)";

describe("ModelBuildPipeline", () => {
  const registrations: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;

  before(async () => {
    const transformations = [
      (args: pulumi.ResourceTransformationArgs) => void registrations.push(args),
    ];
    recording = await record(
      () => new ModelBuildPipeline("build", { ...churn, posture: "dev" }, { transformations }),
    );
  });

  it("creates exactly these resources", () => {
    assert.deepEqual(recording.inventory(), [
      "cloudwatch/EventRule build-build-failed",
      "cloudwatch/EventRule build-model-pending",
      "cloudwatch/EventRule build-push-rule",
      "cloudwatch/EventRule build-training-failed",
      "cloudwatch/EventRule build-training-stopped",
      "cloudwatch/EventTarget build-build-failed",
      "cloudwatch/EventTarget build-model-pending",
      "cloudwatch/EventTarget build-push-rule",
      "cloudwatch/EventTarget build-training-failed",
      "cloudwatch/EventTarget build-training-stopped",
      "cloudwatch/LogGroup build-build-logs",
      "cloudwatch/MetricAlarm build-undelivered-events",
      "codebuild/Project build-build",
      "codecommit/Repository build-source",
      "codepipeline/Pipeline build-pipeline",
      "iam/Role build-build-role",
      "iam/Role build-execution-role",
      "iam/Role build-notifications-role",
      "iam/Role build-pipeline-role",
      "iam/Role build-push-rule-role",
      "iam/RolePolicy build-build-role",
      "iam/RolePolicy build-execution-role",
      "iam/RolePolicy build-notifications-role",
      "iam/RolePolicy build-pipeline-role",
      "iam/RolePolicy build-push-rule-role",
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
      "sns/Topic build-notifications",
      "sns/TopicPolicy build-notifications",
      "sqs/Queue build-undelivered-events",
      "sqs/QueuePolicy build-undelivered-events",
    ]);
  });

  it("is the direct parent of every resource", () => {
    const [component, ...children] = registrations;
    assert.equal(children.length, recording.resources.length - 1);
    for (const { name, opts } of children) assert.equal(opts.parent, component?.resource, name);
  });

  it("tags every taggable resource with the project's name and id", () => {
    const taggable =
      /EventRule|LogGroup|Project|Repository|\/Pipeline|Role$|kms\/Key|s3\/Bucket$|PackageGroup|Queue$|Topic$|Alarm$/;
    const tagged = recording.resources.filter(({ inputs }) => "tags" in inputs);
    const expected = recording.inventory().filter((it) => taggable.test(it.split(" ")[0] ?? ""));
    assert.equal(tagged.length, expected.length);
    for (const { inputs, name } of tagged) assert.deepEqual(inputs.tags, tags, name);
  });

  describe("the artifact store", () => {
    it("rotates the KMS key; its deletion window is 7 days in dev", () => {
      const { policy: _, ...key } = recording.inputsOf("kms/Key", "build-key");
      assert.deepEqual(key, {
        deletionWindowInDays: 7,
        description,
        enableKeyRotation: true,
        tags,
      });
      assert.deepEqual(recording.inputsOf("kms/Alias", "build-key"), {
        name: "alias/mlops-churn--dev",
        targetKeyId: keyArn.split("/")[1],
      });
    });

    it("derives the artifact bucket's name from project, account and region", () => {
      assert.deepEqual(recording.inputsOf("s3/Bucket", "build-artifacts"), {
        bucket: "mlops-churn--dev--eb805c6c",
        forceDestroy: true,
        tags,
      });
    });

    for (const bucket of ["artifacts", "access-logs"]) {
      const name = `build-${bucket}`;
      const physical = `mlops-churn--dev--eb805c6c${bucket === "access-logs" ? "-logs" : ""}`;

      it(`blocks public access to the ${bucket} bucket`, () => {
        assert.deepEqual(recording.inputsOf("s3/BucketPublicAccessBlock", name), {
          bucket: physical,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        });
      });

      it(`enables versioning and disables ACLs of the ${bucket} bucket`, () => {
        assert.deepEqual(recording.inputsOf("s3/BucketVersioning", name), {
          bucket: physical,
          versioningConfiguration: { status: "Enabled" },
        });
        assert.deepEqual(recording.inputsOf("s3/BucketOwnershipControls", name), {
          bucket: physical,
          rule: { objectOwnership: "BucketOwnerEnforced" },
        });
      });

      it(`configures the access settings of the ${bucket} bucket in sequence`, () => {
        const privacy = [`BucketPublicAccessBlock ${name}`];
        assert.deepEqual(waitsFor(registrations, "s3/bucketPolicy", name), privacy);
        assert.deepEqual(waitsFor(registrations, "s3/bucketOwnershipControls", name), privacy);
      });
    }

    it("encrypts artifacts with the project's KMS key, and blocks SSE-C", () => {
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

    it("encrypts access logs with SSE-S3, the only type that log delivery supports", () => {
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

    it("expires noncurrent versions of artifacts, and access logs after the log retention", () => {
      const lifecycle = {
        id: "lifecycle",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        noncurrentVersionExpiration: { noncurrentDays: 365, newerNoncurrentVersions: 10 },
      };
      const rules = (name: string) =>
        recording.inputsOf("s3/BucketLifecycleConfiguration", name).rules;
      assert.deepEqual(rules("build-artifacts"), [lifecycle]);
      assert.deepEqual(rules("build-access-logs"), [{ ...lifecycle, expiration: { days: 365 } }]);
      assert.deepEqual(
        waitsFor(registrations, "s3/bucketLifecycleConfiguration", "build-artifacts"),
        ["BucketVersioning build-artifacts"],
      );
    });

    it("logs access after the log bucket's policy, and sends object events to EventBridge", () => {
      assert.deepEqual(recording.inputsOf("s3/BucketLogging", "build-artifacts"), {
        bucket: "mlops-churn--dev--eb805c6c",
        targetBucket: "mlops-churn--dev--eb805c6c-logs",
        targetPrefix: "access/",
      });
      assert.deepEqual(waitsFor(registrations, "s3/bucketLogging", "build-artifacts"), [
        "BucketPolicy build-access-logs",
      ]);
      assert.deepEqual(recording.inputsOf("s3/BucketNotification", "build-artifacts"), {
        bucket: "mlops-churn--dev--eb805c6c",
        eventbridge: true,
      });
    });
  });

  describe("the CodeBuild project", () => {
    it("runs unprivileged on an AWS image, encrypts artifacts, and logs to the project's log group", () => {
      const { environment, ...project } = recording.inputsOf("codebuild/Project", "build-build");
      assert.deepEqual(project, {
        artifacts: { type: "CODEPIPELINE" },
        buildTimeout: 60,
        description,
        encryptionKey: keyArn,
        logsConfig: {
          cloudwatchLogs: {
            groupName: "/aws/codebuild/mlops-churn--dev--modelbuild",
            status: "ENABLED",
          },
          s3Logs: { status: "DISABLED" },
        },
        name: "mlops-churn--dev--modelbuild",
        queuedTimeout: 60,
        serviceRole: "arn:aws:iam::123456789012:role/mlops-churn--dev--build-use1",
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

    it("sets the environment variables of AWS's project templates", () => {
      assert.deepEqual(variables(recording), {
        ARTIFACT_BUCKET: "mlops-churn--dev--eb805c6c",
        ARTIFACT_BUCKET_KMS_ID: keyArn,
        AWS_REGION: "us-east-1",
        MODEL_PACKAGE_GROUP_NAME: "mlops-churn--dev--models",
        SAGEMAKER_PIPELINE_NAME: "mlops-churn--dev--training",
        SAGEMAKER_PIPELINE_ROLE_ARN:
          "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1",
        SAGEMAKER_PROJECT_ID: "dev",
        SAGEMAKER_PROJECT_NAME: "churn",
        WAIT_FOR_TRAINING: "false",
      });
    });

    it("encrypts its logs, and expires them after the retention", () => {
      assert.deepEqual(recording.inputsOf("cloudwatch/LogGroup", "build-build-logs"), {
        kmsKeyId: keyArn,
        name: "/aws/codebuild/mlops-churn--dev--modelbuild",
        retentionInDays: 365,
        tags,
      });
    });

    it("registers models in the project's model package group", () => {
      assert.deepEqual(recording.inputsOf("sagemaker/ModelPackageGroup", "build-models"), {
        modelPackageGroupDescription: description,
        modelPackageGroupName: "mlops-churn--dev--models",
        tags,
      });
    });
  });

  describe("the pipeline", () => {
    it("builds the branch without polling, and encrypts artifacts with the project's KMS key", () => {
      assert.deepEqual(recording.inputsOf("codepipeline/Pipeline", "build-pipeline"), {
        artifactStores: [
          {
            encryptionKey: { id: keyArn, type: "KMS" },
            location: "mlops-churn--dev--eb805c6c",
            type: "S3",
          },
        ],
        executionMode: "SUPERSEDED",
        name: "mlops-churn--dev--modelbuild",
        pipelineType: "V2",
        roleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--pipeline-use1",
        stages: [
          {
            name: "Source",
            actions: [
              {
                category: "Source",
                configuration: {
                  BranchName: "main",
                  PollForSourceChanges: "false",
                  RepositoryName: "mlops-churn--dev--modelbuild",
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
                  ProjectName: "mlops-churn--dev--modelbuild",
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

    it("depends on the protection of the bucket, since its creation starts it", () => {
      assert.deepEqual(waitsFor(registrations, "codepipeline/pipeline", "build-pipeline"), [
        "BucketPolicy build-artifacts",
        "BucketServerSideEncryptionConfiguration build-artifacts",
        "BucketVersioning build-artifacts",
      ]);
    });
  });

  describe("the push rule", () => {
    it("matches only creations and updates of the branch", () => {
      const { eventPattern, ...rule } = recording.inputsOf(
        "cloudwatch/EventRule",
        "build-push-rule",
      );
      assert.deepEqual(rule, {
        description: "Starts the model build when main is created or moves",
        name: "mlops-churn--dev--push",
        tags,
      });
      assert.deepEqual(JSON.parse(String(eventPattern)), {
        account: ["123456789012"],
        source: ["aws.codecommit"],
        "detail-type": ["CodeCommit Repository State Change"],
        resources: ["arn:aws:codecommit:us-east-1:123456789012:mlops-churn--dev--modelbuild"],
        detail: {
          event: ["referenceCreated", "referenceUpdated"],
          referenceType: ["branch"],
          referenceName: ["main"],
        },
      });
    });

    it("starts the pipeline at the pushed commit, with retries and a DLQ", () => {
      const { inputTransformer, ...target } = recording.inputsOf(
        "cloudwatch/EventTarget",
        "build-push-rule",
      );
      assert.deepEqual(target, {
        arn: "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modelbuild",
        deadLetterConfig: {
          arn: "arn:aws:sqs:us-east-1:123456789012:mlops-churn--dev--undelivered-events",
        },
        retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 24 },
        roleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--push-rule-use1",
        rule: "mlops-churn--dev--push",
        targetId: "model-build-pipeline",
      });
      assert.deepEqual(inputTransformer, {
        inputPaths: { commit: "$.detail.commitId" },
        inputTemplate:
          '{"sourceRevisions":[{"actionName":"ModelBuildWorkflowCode","revisionType":"COMMIT_ID","revisionValue":"<commit>"}]}',
      });
      assert.deepEqual(recording.inputsOf("sqs/Queue", "build-undelivered-events"), {
        kmsMasterKeyId: keyArn,
        messageRetentionSeconds: 1209600,
        name: "mlops-churn--dev--undelivered-events",
        tags,
      });
    });
  });

  describe("in dev", () => {
    it("protects and retains no resource", () => {
      for (const { name, opts } of registrations) {
        assert.ok(opts.protect !== true, `${name} is protected`);
        assert.ok(opts.retainOnDelete !== true, `${name} is retained`);
      }
      assert.equal(recording.inputsOf("s3/Bucket", "build-access-logs").forceDestroy, true);
    });
  });

  describe("in prod, which is the default", () => {
    const prodRegistrations: pulumi.ResourceTransformationArgs[] = [];
    let prod: Recording;

    before(async () => {
      const transformations = [
        (args: pulumi.ResourceTransformationArgs) => void prodRegistrations.push(args),
      ];
      prod = await record(() => new ModelBuildPipeline("build", churn, { transformations }));
    });

    it("protects the component, and every child by inheritance", () => {
      const [component, ...children] = prodRegistrations;
      assert.equal(component?.opts.protect, true);
      for (const { name, opts } of children) assert.notEqual(opts.protect, false, name);
    });

    it("retains data, its KMS key and their policies after protection is removed", () => {
      const retained = prodRegistrations.filter(({ opts }) => opts.retainOnDelete === true);
      assert.deepEqual(
        retained.map(({ type, name }) => `${type.split(":").at(-1) ?? ""} ${name}`).sort(),
        recordedNames(prod, /^(s3|kms|codecommit)\/|LogGroup|ModelPackageGroup/),
      );
    });

    it("does not empty buckets; the key's deletion window is 30 days", () => {
      assert.equal(prod.inputsOf("s3/Bucket", "build-artifacts").forceDestroy, false);
      assert.equal(prod.inputsOf("s3/Bucket", "build-access-logs").forceDestroy, false);
      assert.equal(prod.inputsOf("kms/Key", "build-key").deletionWindowInDays, 30);
    });
  });

  describe("with other settings", () => {
    it("builds the configured branch and repository", async () => {
      const source = { codecommit: { branch: "release/1", repositoryName: "churn-model" } };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, source }));
      const pattern: unknown = JSON.parse(
        String(other.inputsOf("cloudwatch/EventRule", "build-push-rule").eventPattern),
      );
      assert.deepEqual(pattern, {
        account: ["123456789012"],
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

    it("expires builds after the configured days", async () => {
      const artifacts = { expireBuildsAfterDays: 730, noncurrentDays: 30 };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, artifacts }));
      assert.deepEqual(other.inputsOf("s3/BucketLifecycleConfiguration", "build-artifacts").rules, [
        {
          id: "lifecycle",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          noncurrentVersionExpiration: { noncurrentDays: 30, newerNoncurrentVersions: 10 },
          expiration: { days: 730 },
        },
      ]);
    });

    it("has the environment variables of trials as an output, only with a role that starts them", async () => {
      let settings = pulumi.output<string | undefined>("");
      const args = {
        build: { environment: { DATA_S3_URI: "s3://churn-data/2026-11/" } },
        trial: { starterRoleArns: ["arn:aws:iam::123456789012:role/github-trial"] },
      };
      await record(() => {
        settings = pulumi.output(
          new ModelBuildPipeline("build", { ...churn, ...args }).trialSettings,
        );
      });
      const text = await new Promise<string | undefined>((resolve) => settings.apply(resolve));
      const role = (part: string) =>
        `arn:aws:iam::123456789012:role/mlops-churn--dev--${part}-use1`;
      assert.deepEqual(JSON.parse(text ?? ""), {
        ARTIFACT_BUCKET: "mlops-churn--dev--eb805c6c",
        ARTIFACT_BUCKET_KMS_ID: keyArn,
        AWS_REGION: "us-east-1",
        DATA_S3_URI: "s3://churn-data/2026-11/",
        MODEL_PACKAGE_GROUP_NAME: "mlops-churn--dev--models",
        SAGEMAKER_PIPELINE_NAME: "mlops-churn--dev--trial",
        SAGEMAKER_PIPELINE_ROLE_ARN: role("trial-job"),
        SAGEMAKER_PROJECT_ID: "dev",
        SAGEMAKER_PROJECT_NAME: "churn",
        TRIAL_MAX_INSTANCE_MINUTES: "180",
        TRIAL_PIPELINE_ROLE_ARN: role("trial-pipeline"),
        TRIAL_ROLE_ARN: role("trial"),
      });
    });

    it("never expires deployed models, with deployment", async () => {
      const args = { artifacts: { expireBuildsAfterDays: 730 }, deployment: true };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, ...args }));
      const { rules } = other.inputsOf("s3/BucketLifecycleConfiguration", "build-artifacts");
      const [everyObject, ...expiring] = rules as { expiration?: object; filter: object }[];
      assert.equal(everyObject?.expiration, undefined);
      assert.deepEqual(
        expiring,
        [
          "mlops-churn--dev--mo/",
          "mlops-churn--dev--modelbuild/",
          "mlops-churn--dev--modeldeploy/",
          "mlops-churn--dev--training/",
          "mlops-churn--dev--trial/",
          "mlops-churn--dev--models/captured/",
          "mlops-churn--dev--pull-requests/",
        ].map((prefix) => ({
          id: `expire ${prefix}`,
          status: "Enabled",
          filter: { prefix },
          expiration: { days: 730 },
        })),
      );
    });

    it("sets PROD_ENDPOINT_NAME only with a deployment", async () => {
      const variablesWith = async (deployment: boolean) =>
        variables(await record(() => new ModelBuildPipeline("build", { ...churn, deployment })));
      assert.equal((await variablesWith(true)).PROD_ENDPOINT_NAME, "mlops-churn--dev--prod");
      assert.equal((await variablesWith(false)).PROD_ENDPOINT_NAME, undefined);
    });

    it("sets a timeout of 8 hours and WAIT_FOR_TRAINING for a build that waits for training", async () => {
      const build = { waitForTraining: true, environment: { COUNTRY: "eu" } };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, build }));
      assert.equal(other.inputsOf("codebuild/Project", "build-build").buildTimeout, 480);
      assert.equal(variables(other).WAIT_FOR_TRAINING, "true");
      assert.equal(variables(other).COUNTRY, "eu");
    });

    it("passes references to Secrets Manager and Parameter Store, not their values", async () => {
      const build = {
        environment: { COUNTRY: "eu" },
        parameterStore: { URL: "/churn/url" },
        secretsManager: { API_KEY: "churn/token:key" },
      };
      const other = await record(() => new ModelBuildPipeline("build", { ...churn, build }));
      assert.deepEqual(
        environmentVariables(other).filter(({ name }) => /^(API_KEY|COUNTRY|URL)$/.test(name)),
        [
          { name: "API_KEY", type: "SECRETS_MANAGER", value: "churn/token:key" },
          { name: "COUNTRY", type: "PLAINTEXT", value: "eu" },
          { name: "URL", type: "PARAMETER_STORE", value: "/churn/url" },
        ],
      );
    });

    it("runs an ARM image on ARM, and pulls a private image with the build role", async () => {
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

    it("runs training with a given execution role, and creates none", async () => {
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

  it("sets the permissions boundary of every role only if configured", async () => {
    const permissionsBoundaryArn =
      "arn:aws:iam::123456789012:policy/mlops-churn--dev--boundary-use1";
    const boundariesOf = async (args: ModelBuildPipelineArgs) => {
      const { resources } = await record(() => new ModelBuildPipeline("build", args));
      const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
      return roles.map(({ inputs, name }) => [name, inputs.permissionsBoundary]).sort();
    };
    const roles = ["build", "execution", "notifications", "pipeline", "push-rule"];
    const expected = (boundary?: string) => roles.map((role) => [`build-${role}-role`, boundary]);
    assert.deepEqual(
      await boundariesOf({ projectName: "churn", permissionsBoundaryArn }),
      expected(permissionsBoundaryArn),
    );
    assert.deepEqual(await boundariesOf({ projectName: "churn" }), expected());
  });

  it("renders the same resources again: no time, no randomness", async () => {
    const again = await record(() => new ModelBuildPipeline("build", { ...churn, posture: "dev" }));
    const sorted = ({ resources }: Recording) =>
      [...resources].sort((a, b) => (a.type + a.name < b.type + b.name ? -1 : 1));
    assert.deepEqual(sorted(again), sorted(recording));
  });
});

interface Variable {
  name: string;
  type: string;
  value: string;
}

function environmentVariables(recording: Recording): Variable[] {
  const { environment } = recording.inputsOf("codebuild/Project", "build-build");
  return (environment as { environmentVariables: Variable[] }).environmentVariables;
}

function variables(recording: Recording): Record<string, string> {
  const found = environmentVariables(recording);
  for (const { name, type } of found) assert.equal(type, "PLAINTEXT", name);
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

function recordedNames(recording: Recording, pattern: RegExp): string[] {
  return recording
    .inventory()
    .filter((it) => pattern.test(it))
    .map((it) => it.replace(/^\w+\//, ""))
    .sort();
}
