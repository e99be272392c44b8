import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "./modelBuildPipelineArgs";
import { artifactStore } from "../shared/artifactStore";
import { assertOwnership } from "../validation/ownership";
import { codePipeline } from "../shared/codePipeline";
import { namesFor, stages } from "../names/names";
import { createNetwork } from "../shared/network";
import { notifications } from "../shared/notifications";
import { undeliveredEventsQueue } from "../parts/undeliveredEventsQueue";
import { getAwsContext } from "../shared/awsContext";
import { approverPolicy } from "../policies/approver";
import { queuePolicy } from "../policies/resources";
import { pipelineRolePolicy } from "../policies/buildRoles";
import { pipelineTrustPolicy } from "../policies/trust";
import { pushTrigger } from "./pushTrigger";
import { resolveSettings } from "../validation/settings";
import { createSource } from "../shared/source";
import { trainingBuild } from "./trainingBuild";

/**
 * CI/CD pipeline that trains a model after each push to a branch:
 * repository -> EventBridge -> CodePipeline -> CodeBuild -> SageMaker pipeline.
 */
export class ModelBuildPipeline extends pulumi.ComponentResource {
  /** IAM policy to approve or reject model versions, as JSON. It is attached to no role. */
  public readonly approverPolicy: pulumi.Output<string>;
  /** ARN of the artifact bucket. */
  public readonly artifactBucketArn: pulumi.Output<string>;
  /** Name of the artifact bucket. */
  public readonly artifactBucketName: pulumi.Output<string>;
  /** ARN of the KMS key of artifacts, logs, notifications and undelivered events. */
  public readonly artifactKeyArn: pulumi.Output<string>;
  /** Name of the CodeBuild project. */
  public readonly buildProjectName: pulumi.Output<string>;
  /** ARN of the execution role of the SageMaker pipeline and its jobs. */
  public readonly executionRoleArn: pulumi.Output<string>;
  /** ARN of the CodePipeline. */
  public readonly modelBuildPipelineArn: pulumi.Output<string>;
  /** Name of the CodePipeline. */
  public readonly modelBuildPipelineName: pulumi.Output<string>;
  /** Name of the model package group of all model versions. */
  public readonly modelPackageGroupName: pulumi.Output<string>;
  /** IDs of the security groups of builds and jobs; only with a private network. */
  public readonly networkSecurityGroupIds?: pulumi.Output<string[]>;
  /** IDs of the subnets of builds and jobs; only with a private network. */
  public readonly networkSubnetIds?: pulumi.Output<string[]>;
  /** ID of the VPC of builds and jobs; only with a private network. */
  public readonly networkVpcId?: pulumi.Output<string>;
  /** ARN of the SNS topic of the notifications. */
  public readonly notificationTopicArn: pulumi.Output<string>;
  /** URL of the CodePipeline in the AWS console. */
  public readonly pipelineConsoleUrl: pulumi.Output<string>;
  /** HTTPS clone URL of the source repository; only for a CodeCommit repository. */
  public readonly sourceRepositoryCloneUrl?: pulumi.Output<string>;
  /** Name of the SageMaker pipeline that the builds create and start. */
  public readonly sagemakerPipelineName: pulumi.Output<string>;
  /** Name of the source repository; `owner/repository` for a repository outside AWS. */
  public readonly sourceRepositoryName: pulumi.Output<string>;

  /** @throws RunError with all problems of `args`, before any resource is registered */
  constructor(name: string, args: ModelBuildPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const where = `the arguments of ModelBuildPipeline "${name}"`;
    const settings = resolveSettings(args, where);
    const isProd = settings.posture === "prod";
    super("model-build-pipeline:index:ModelBuildPipeline", name, args, {
      // Protects every child too. If only some were protected, a destroy would delete the others.
      protect: isProd,
      ...opts,
    });

    const child = { parent: this };
    const {
      deployment: hasDeployment,
      namePrefix,
      permissionsBoundaryArn: permissionsBoundary,
      projectId,
      projectName,
    } = settings;
    const { codecommit, existing } = settings.source;
    const repositoryName = codecommit?.repositoryName ?? existing?.repositoryName;
    const identity = { namePrefix, projectId, projectName, repositoryName };
    // Every resource depends on its name: a foreign ARN is rejected before any resource registers.
    const names = pulumi.output(getAwsContext(child)).apply((context) => {
      assertOwnership(settings, context, where);
      return namesFor(identity, context);
    });
    const labels = {
      description: `Model build of ${projectName} (${projectId})`,
      tags: { "sagemaker:project-id": projectId, "sagemaker:project-name": projectName },
    };
    const { tags } = labels;
    // Retained data needs its policy and key.
    const retainedOpts = { ...child, retainOnDelete: isProd };
    // AWS rejects a second resource of the same name: delete, then replace.
    const namedOpts = { ...child, deleteBeforeReplace: true };
    const executionRoleArn = settings.training.executionRoleArn ?? names.executionRoleArn;

    const source = createSource(
      `${name}-source`,
      {
        ...labels,
        actionName: stages.source.action,
        repositoryName: names.repository,
        source: settings.source,
        starter: "model-build",
        startsRuns: true,
      },
      retainedOpts,
    );
    const hasPushRule = source.codecommit !== undefined;
    const { bucket, keyArn, logs } = artifactStore(
      name,
      {
        ...labels,
        artifacts: settings.artifacts,
        forceDestroy: !isProd,
        executionRoleArn,
        hasDeployment,
        hasFlowLogs: settings.network.created !== undefined,
        logRetentionDays: settings.logs.retentionDays,
        names,
      },
      retainedOpts,
    );
    const network = createNetwork(
      `${name}-network`,
      { ...labels, logs, names, network: settings.network },
      child,
    );
    const build = trainingBuild(
      name,
      { ...labels, executionRoleArn, keyArn, names, network, settings },
      { namedOpts, retainedOpts },
    );

    const pipeline = codePipeline(
      `${name}-pipeline`,
      {
        ...labels,
        artifactBucketName: bucket.name,
        executionMode: settings.pipeline.executionMode,
        keyArn,
        names,
        permissionsBoundary,
        policy: names.apply((it) => pipelineRolePolicy(it, keyArn, source.connection)),
        ready: [...Object.values(bucket.guard), ...build.ready],
        // The push rule is created later, so the first commit starts no second execution.
        source,
        stages: [
          { name: stages.source.name, actions: [source.action] },
          { name: stages.build.name, actions: [build.action] },
        ],
        trust: names.apply((it) => pipelineTrustPolicy(it, it.pipelineArn)),
      },
      namedOpts,
    );

    const dlq = undeliveredEventsQueue(
      `${name}-undelivered-events`,
      {
        keyArn,
        policy: names.apply((it) => queuePolicy(it, { hasDeployment, hasPushRule })),
        queueName: names.queue,
        tags,
      },
      namedOpts,
    );
    if (source.codecommit !== undefined) {
      const { arn, branch } = source.codecommit;
      pushTrigger(
        name,
        {
          ...labels,
          branch,
          dlq,
          names,
          permissionsBoundary,
          pipelineArn: pipeline.arn,
          repositoryArn: arn,
        },
        namedOpts,
      );
    }

    this.notificationTopicArn = notifications(
      name,
      { ...labels, dlq, keyArn, names, settings },
      namedOpts,
    );

    this.approverPolicy = pulumi.jsonStringify(
      names.apply((it) => pulumi.output(approverPolicy(it, keyArn, hasDeployment))),
    );
    this.artifactBucketArn = bucket.arn;
    this.artifactBucketName = bucket.name;
    this.artifactKeyArn = keyArn;
    this.buildProjectName = build.projectName;
    this.executionRoleArn = build.executionRoleArn;
    this.modelBuildPipelineArn = pipeline.arn;
    this.modelBuildPipelineName = pipeline.name;
    this.modelPackageGroupName = build.modelPackageGroupName;
    this.networkSecurityGroupIds = network?.securityGroupIds;
    this.networkSubnetIds = network?.subnetIds;
    this.networkVpcId = network?.vpcId;
    this.pipelineConsoleUrl = names.consoleUrl;
    this.sourceRepositoryCloneUrl = source.codecommit?.cloneUrl;
    this.sagemakerPipelineName = names.sagemakerPipeline;
    this.sourceRepositoryName = source.repositoryName;
    this.registerOutputs({
      approverPolicy: this.approverPolicy,
      artifactBucketArn: this.artifactBucketArn,
      artifactBucketName: this.artifactBucketName,
      artifactKeyArn: this.artifactKeyArn,
      buildProjectName: this.buildProjectName,
      executionRoleArn: this.executionRoleArn,
      modelBuildPipelineArn: this.modelBuildPipelineArn,
      modelBuildPipelineName: this.modelBuildPipelineName,
      modelPackageGroupName: this.modelPackageGroupName,
      networkSecurityGroupIds: this.networkSecurityGroupIds,
      networkSubnetIds: this.networkSubnetIds,
      networkVpcId: this.networkVpcId,
      notificationTopicArn: this.notificationTopicArn,
      pipelineConsoleUrl: this.pipelineConsoleUrl,
      sagemakerPipelineName: this.sagemakerPipelineName,
      sourceRepositoryCloneUrl: this.sourceRepositoryCloneUrl,
      sourceRepositoryName: this.sourceRepositoryName,
    });
  }
}
