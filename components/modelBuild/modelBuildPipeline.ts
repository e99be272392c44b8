import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "./modelBuildPipelineArgs";
import { codeCommitTriggers } from "./codeCommitTriggers";
import { artifactStore } from "../shared/artifactStore";
import { codePipeline } from "../shared/codePipeline";
import { stages } from "../names/names";
import { createNetwork } from "../shared/network";
import { notifications } from "./notifications";
import { undeliveredEventsQueue } from "../parts/undeliveredEventsQueue";
import { protectedOpts } from "../shared/deletionProtection";
import { projectOf } from "../shared/project";
import { approverPolicy } from "../policies/approver";
import { queuePolicy } from "../policies/messaging";
import { pipelineRolePolicy } from "../policies/buildRoles";
import { pipelineTrustPolicy } from "../policies/trust";
import { type FieldsOf, modelBuildContract } from "../outputs/contract";
import { rememberBuild } from "../validation/modelBuildFit";
import { resolveSettings } from "../validation/resolveSettings";
import { createSource } from "../shared/source";
import { trainingBuild } from "./trainingBuild";
import { hasTrials, trials } from "./trials";

const typeToken = "model-build-pipeline:index:ModelBuildPipeline";

/**
 * CI/CD pipeline that trains a model after each push to a branch:
 * repository -> EventBridge -> CodePipeline -> CodeBuild -> SageMaker pipeline.
 */
export class ModelBuildPipeline
  extends pulumi.ComponentResource
  implements FieldsOf<typeof modelBuildContract>
{
  // Declared here for the schema of the package, which Pulumi reads from the class.
  /** IAM policy to approve or reject model versions, as JSON. */
  public readonly approverPolicy!: pulumi.Output<string>;
  /** ARN of the artifact bucket. */
  public readonly artifactBucketArn!: pulumi.Output<string>;
  /** Name of the artifact bucket. */
  public readonly artifactBucketName!: pulumi.Output<string>;
  /** ARN of the KMS key of artifacts, logs, notifications and undelivered events. */
  public readonly artifactKeyArn!: pulumi.Output<string>;
  /** Name of the CodeBuild project. */
  public readonly buildProjectName!: pulumi.Output<string>;
  /** ARN of the execution role of the SageMaker pipeline and its jobs. */
  public readonly executionRoleArn!: pulumi.Output<string>;
  /** ARN of the CodePipeline. */
  public readonly modelBuildPipelineArn!: pulumi.Output<string>;
  /** Name of the CodePipeline. */
  public readonly modelBuildPipelineName!: pulumi.Output<string>;
  /** Name of the model package group of all model versions. */
  public readonly modelPackageGroupName!: pulumi.Output<string>;
  /** IDs of the security groups of builds and jobs; only with a private network. */
  public readonly networkSecurityGroupIds?: pulumi.Output<string[]>;
  /** IDs of the subnets of builds and jobs; only with a private network. */
  public readonly networkSubnetIds?: pulumi.Output<string[]>;
  /** ID of the VPC of builds and jobs; only with a private network. */
  public readonly networkVpcId?: pulumi.Output<string>;
  /** ARN of the SNS topic of the notifications; other projects may subscribe. */
  public readonly notificationTopicArn!: pulumi.Output<string>;
  /** URL of the CodePipeline in the AWS console. */
  public readonly pipelineConsoleUrl!: pulumi.Output<string>;
  /** HTTPS clone URL of the source repository; only for a CodeCommit repository. */
  public readonly sourceRepositoryCloneUrl?: pulumi.Output<string>;
  /** Name of the SageMaker pipeline that the builds create and start. */
  public readonly sagemakerPipelineName!: pulumi.Output<string>;
  /** Name of the source repository; `owner/repository` for a repository outside AWS. */
  public readonly sourceRepositoryName!: pulumi.Output<string>;
  /** Environment variables of trials, as JSON; only with roles that start them. */
  public readonly trialSettings?: pulumi.Output<string>;

  /** @throws RunError with all problems of `args`, before any AWS resource is registered */
  constructor(name: string, args: ModelBuildPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const where = `the arguments of ModelBuildPipeline "${name}"`;
    const settings = resolveSettings(args, where);
    super(typeToken, name, args, protectedOpts(settings, opts));

    const { childOpts, labels, names, namedOpts, retainedOpts } = projectOf(this, {
      kind: "ModelBuildPipeline",
      purpose: "Model build",
      settings,
      where,
    });
    rememberBuild(this, settings);
    const { deployment: hasDeployment, permissionsBoundaryArn: permissionsBoundary } = settings;
    const executionRoleArn = settings.training.executionRoleArn ?? names.executionRoleArn;

    const source = createSource(
      `${name}-source`,
      {
        ...labels,
        actionName: stages.source.action,
        defaultRepositoryName: names.defaultRepository,
        source: settings.source,
        starter: "model-build",
        startsRuns: true,
      },
      retainedOpts,
    );
    const hasPushRule = source.codecommit !== undefined;
    const hasPullRequests = settings.build.comparePullRequests;
    const { bucket, keyArn, logs } = artifactStore(
      name,
      {
        ...labels,
        artifacts: settings.artifacts,
        forceDestroy: settings.posture !== "prod",
        executionRoleArn,
        hasDeployment,
        hasExecutionRole: settings.notifications.executionRole,
        hasFlowLogs: settings.network.created !== undefined,
        hasPullRequests,
        hasTrials: hasTrials(settings),
        logRetentionDays: settings.logs.retentionDays,
        names,
      },
      retainedOpts,
    );
    const network = createNetwork(
      `${name}-network`,
      { ...labels, hasDeployment, logs, names, network: settings.network },
      childOpts,
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
        policy: names.apply((it) => pipelineRolePolicy(it, keyArn, source.access)),
        ready: [...Object.values(bucket.guard), ...(network?.ready ?? [])],
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

    const dlqArn = undeliveredEventsQueue(
      `${name}-undelivered-events`,
      {
        keyArn,
        policy: names.apply((it) =>
          queuePolicy(it, { hasDeployment, hasPullRequests, hasPushRule }),
        ),
        queueName: names.queue,
        tags: labels.tags,
      },
      namedOpts,
    );
    codeCommitTriggers(
      name,
      { ...labels, bucket, dlqArn, keyArn, names, pipelineArn: pipeline.arn, settings, source },
      { namedOpts, retainedOpts },
    );

    const topicArn = notifications(name, { ...labels, dlqArn, keyArn, names, settings }, namedOpts);

    const outputs: FieldsOf<typeof modelBuildContract> = {
      approverPolicy: pulumi.jsonStringify(
        names.apply((it) => pulumi.output(approverPolicy(it, keyArn, hasDeployment))),
      ),
      artifactBucketArn: bucket.arn,
      artifactBucketName: bucket.name,
      artifactKeyArn: keyArn,
      buildProjectName: build.projectName,
      executionRoleArn: build.executionRoleArn,
      modelBuildPipelineArn: pipeline.arn,
      modelBuildPipelineName: pipeline.name,
      modelPackageGroupName: build.modelPackageGroupName,
      networkSecurityGroupIds: network?.securityGroupIds,
      networkSubnetIds: network?.subnetIds,
      networkVpcId: network?.vpcId,
      notificationTopicArn: topicArn,
      pipelineConsoleUrl: names.consoleUrl,
      sagemakerPipelineName: names.sagemakerPipeline,
      sourceRepositoryCloneUrl: source.codecommit?.cloneUrl,
      sourceRepositoryName: source.repositoryName,
      trialSettings: trials(name, { ...labels, keyArn, names, network, settings }, namedOpts),
    };
    Object.assign(this, outputs);
    this.registerOutputs(outputs);
  }
}
