import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "./args";
import { artifactStore } from "./artifactStore";
import { mustBelong } from "./checks/belonging";
import { delivery } from "./delivery";
import { namesFor, stages } from "./names";
import { networkOf } from "./network";
import { notifications } from "./notifications";
import { deadLetterQueue } from "./parts/deadLetterQueue";
import { whereabouts } from "./place";
import { approveModels } from "./policies/people";
import { queuePolicy } from "./policies/resources";
import { runPipeline } from "./policies/roles";
import { pushTrigger } from "./pushTrigger";
import { settle } from "./settings";
import { sourceOf } from "./source";
import { trainingBuild } from "./trainingBuild";

/** A push to one branch trains a model: repository -> EventBridge -> CodePipeline -> CodeBuild -> SageMaker pipeline. */
export class ModelBuildPipeline extends pulumi.ComponentResource {
  /** The IAM policy that a person needs to approve or reject a model version, as JSON; it is attached to nobody. */
  public readonly approverPolicy: pulumi.Output<string>;
  /** ARN of the artifact bucket. */
  public readonly artifactBucketArn: pulumi.Output<string>;
  /** Name of the bucket that keeps every build. */
  public readonly artifactBucketName: pulumi.Output<string>;
  /** ARN of the key that encrypts artifacts, logs, messages and undelivered events. */
  public readonly artifactKeyArn: pulumi.Output<string>;
  /** Name of the CodeBuild project. */
  public readonly buildProjectName: pulumi.Output<string>;
  /** ARN of the role that SageMaker pipeline and jobs run with. */
  public readonly executionRoleArn: pulumi.Output<string>;
  /** ARN of the CodePipeline. */
  public readonly modelBuildPipelineArn: pulumi.Output<string>;
  /** Name of the CodePipeline. */
  public readonly modelBuildPipelineName: pulumi.Output<string>;
  /** Name of the model package group that holds every model version. */
  public readonly modelPackageGroupName: pulumi.Output<string>;
  /** IDs of the security groups of builds and jobs; not set without a private network. */
  public readonly networkSecurityGroupIds?: pulumi.Output<string[]>;
  /** IDs of the subnets in which builds and jobs run; not set without a private network. */
  public readonly networkSubnetIds?: pulumi.Output<string[]>;
  /** ID of the VPC in which builds and jobs run; not set without a private network. */
  public readonly networkVpcId?: pulumi.Output<string>;
  /** ARN of the topic that tells people of failures and of models that wait for approval. */
  public readonly notificationTopicArn: pulumi.Output<string>;
  /** The CodePipeline in the AWS console. */
  public readonly pipelineConsoleUrl: pulumi.Output<string>;
  /** Clone this to push model code; not set for a repository outside AWS. */
  public readonly sourceRepositoryCloneUrl?: pulumi.Output<string>;
  /** Name of the source repository; `owner/repository` for one outside AWS. */
  public readonly sourceRepositoryName: pulumi.Output<string>;

  /** @throws RunError with every problem of `args`, before anything is registered. */
  constructor(name: string, args: ModelBuildPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const where = `the arguments of ModelBuildPipeline "${name}"`;
    const settings = settle(args, where);
    const isProd = settings.posture === "prod";
    super("model-build-pipeline:index:ModelBuildPipeline", name, args, {
      // Protecting the component protects every child: protecting a few would let a destroy delete the others first.
      protect: isProd,
      ...opts,
    });

    const child = { parent: this };
    const {
      deployment: hasDeployment,
      permissionsBoundaryArn: permissionsBoundary,
      projectId,
      projectName,
    } = settings;
    const { codecommit, existing } = settings.source;
    const repositoryName = codecommit?.repositoryName ?? existing?.repositoryName;
    const words = { projectId, projectName, repositoryName };
    // Every resource waits for its name, so what belongs elsewhere is refused before any of them is registered.
    const names = pulumi.output(whereabouts(child)).apply((place) => {
      mustBelong(settings, place, where);
      return namesFor(words, place);
    });
    const about = {
      description: `Model build of ${projectName} (${projectId})`,
      tags: { "sagemaker:project-id": projectId, "sagemaker:project-name": projectName },
    };
    const { tags } = about;
    // A bucket without its policy or key is worse than none, so whatever guards data is kept along with it.
    const data = { ...child, retainOnDelete: isProd };
    // AWS takes no second resource of the same name, so a replacement comes after the deletion.
    const named = { ...child, deleteBeforeReplace: true };
    const executionRoleArn = settings.training.executionRoleArn ?? names.executionRoleArn;

    const source = sourceOf(
      `${name}-source`,
      {
        ...about,
        actionName: stages.source.action,
        repositoryName: names.repository,
        source: settings.source,
        starter: "model-build",
        startsRuns: true,
      },
      data,
    );
    const hasPushRule = source.codecommit !== undefined;
    const { bucket, keyArn, logs } = artifactStore(
      name,
      {
        ...about,
        artifacts: settings.artifacts,
        disposable: !isProd,
        executionRoleArn,
        hasDeployment,
        hasFlowLogs: settings.network.created !== undefined,
        logRetentionDays: settings.logs.retentionDays,
        names,
      },
      data,
    );
    const network = networkOf(
      `${name}-network`,
      { ...about, logs, names, network: settings.network },
      child,
    );
    const build = trainingBuild(
      name,
      { ...about, executionRoleArn, keyArn, names, network, settings },
      { data, named },
    );

    const pipeline = delivery(
      `${name}-pipeline`,
      {
        ...about,
        artifactBucketName: bucket.name,
        executionMode: settings.pipeline.executionMode,
        keyArn,
        nameOf: (it) => it,
        names,
        permissionsBoundary,
        policyOf: (it, connection) => runPipeline(it, keyArn, connection),
        ready: [...Object.values(bucket.guard), ...build.ready],
        // The rule has no target before there is a pipeline, so the first commit starts no second run.
        source,
        stages: [
          { name: stages.source.name, actions: [source.action] },
          { name: stages.build.name, actions: [build.action] },
        ],
      },
      named,
    );

    const deadLetters = deadLetterQueue(
      `${name}-undelivered`,
      {
        keyArn,
        policy: names.apply((it) => queuePolicy(it, { hasDeployment, hasPushRule })),
        queueName: names.queue,
        tags,
      },
      named,
    );
    if (source.codecommit !== undefined) {
      const { arn, branch } = source.codecommit;
      pushTrigger(
        name,
        {
          ...about,
          branch,
          deadLetters,
          names,
          permissionsBoundary,
          pipelineArn: pipeline.arn,
          repositoryArn: arn,
        },
        named,
      );
    }

    const told = { ...about, deadLetters, keyArn, names, settings };
    this.notificationTopicArn = notifications(name, told, named);

    this.approverPolicy = pulumi.jsonStringify(
      names.apply((it) => pulumi.output(approveModels(it, keyArn, hasDeployment))),
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
      sourceRepositoryCloneUrl: this.sourceRepositoryCloneUrl,
      sourceRepositoryName: this.sourceRepositoryName,
    });
  }
}
