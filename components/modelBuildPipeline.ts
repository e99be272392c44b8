import * as pulumi from "@pulumi/pulumi";

import type { ModelBuildPipelineArgs } from "./args";
import { artifactStore } from "./artifactStore";
import { namesFor, stages } from "./names";
import { commitTrigger } from "./parts/commitTrigger";
import { deadLetterQueue } from "./parts/deadLetterQueue";
import { deliveryPipeline } from "./parts/deliveryPipeline";
import { serviceRole } from "./parts/serviceRole";
import { sourceRepository } from "./parts/sourceRepository";
import { placeOf } from "./place";
import { queuePolicy } from "./policies/resources";
import { runPipeline, startPipeline } from "./policies/roles";
import { trustPipeline, trustTrigger } from "./policies/trust";
import { settle } from "./settings";
import { trainingBuild } from "./trainingBuild";

/** A push to one branch trains a model: repository -> EventBridge -> CodePipeline -> CodeBuild -> SageMaker pipeline. */
export class ModelBuildPipeline extends pulumi.ComponentResource {
  /** ARN of the artifact bucket. */
  public readonly artifactBucketArn: pulumi.Output<string>;
  /** Name of the bucket that keeps every build. */
  public readonly artifactBucketName: pulumi.Output<string>;
  /** ARN of the key that encrypts artifacts, logs and undelivered events. */
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
  /** The CodePipeline in the AWS console. */
  public readonly pipelineConsoleUrl: pulumi.Output<string>;
  /** Clone this to push model code. */
  public readonly sourceRepositoryCloneUrl: pulumi.Output<string>;
  /** Name of the source repository. */
  public readonly sourceRepositoryName: pulumi.Output<string>;

  /** @throws RunError with every problem of `args`, before anything is registered. */
  constructor(name: string, args: ModelBuildPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const settings = settle(args, `the arguments of ModelBuildPipeline "${name}"`);
    const isProd = settings.posture === "prod";
    super("model-build-pipeline:index:ModelBuildPipeline", name, args, {
      // Protecting the component protects every child: protecting a few would let a destroy delete the others first.
      protect: isProd,
      ...opts,
    });

    const { projectId, projectName } = settings;
    const { branch, repositoryName } = settings.source.codecommit;
    const words = { projectId, projectName, repositoryName };
    const names = placeOf(this).apply((place) => namesFor(words, place));
    const about = {
      description: `Model build of ${projectName} (${projectId})`,
      tags: { "sagemaker:project-id": projectId, "sagemaker:project-name": projectName },
    };
    const { tags } = about;
    const child = { parent: this };
    // A bucket without its policy or key is worse than none, so whatever guards data is kept along with it.
    const data = { ...child, retainOnDelete: isProd };
    // AWS takes no second resource of the same name, so a replacement comes after the deletion.
    const named = { ...child, deleteBeforeReplace: true };
    const executionRoleArn = settings.training.executionRoleArn ?? names.executionRoleArn;

    const repository = sourceRepository(
      `${name}-source`,
      { ...about, repositoryName: names.repository },
      data,
    );
    const { bucket, keyArn } = artifactStore(
      name,
      {
        ...about,
        artifacts: settings.artifacts,
        disposable: !isProd,
        executionRoleArn,
        logRetentionDays: settings.logs.retentionDays,
        names,
      },
      data,
    );
    const build = trainingBuild(
      name,
      { ...about, executionRoleArn, keyArn, names, settings },
      { data, named },
    );

    const pipelineRole = serviceRole(
      `${name}-pipeline-role`,
      {
        ...about,
        policy: names.apply((it) => runPipeline(it, keyArn)),
        roleName: names.pipelineRole,
        trust: names.apply(trustPipeline),
      },
      named,
    );
    const pipeline = deliveryPipeline(
      `${name}-pipeline`,
      {
        artifactBucketName: bucket.name,
        build: { ...stages.build, configuration: buildConfiguration(build.projectName) },
        executionMode: settings.pipeline.executionMode,
        keyArn,
        pipelineName: names.pipeline,
        roleArn: pipelineRole.arn,
        source: {
          ...stages.source,
          configuration: sourceConfiguration(repository.repositoryName, branch),
        },
        tags,
      },
      // A pipeline runs as soon as it is made: by then artifacts must be safe, and build and training allowed.
      {
        ...named,
        dependsOn: [...Object.values(bucket.guard), pipelineRole.policy, ...build.ready],
      },
    );

    const triggerRole = serviceRole(
      `${name}-trigger-role`,
      {
        ...about,
        policy: names.apply(startPipeline),
        roleName: names.triggerRole,
        trust: names.apply(trustTrigger),
      },
      named,
    );
    const deadLetters = deadLetterQueue(
      `${name}-undelivered`,
      { keyArn, policy: names.apply(queuePolicy), queueName: names.queue, tags },
      named,
    );
    commitTrigger(
      `${name}-on-push`,
      {
        branch,
        deadLetters,
        pipelineArn: pipeline.arn,
        repositoryArn: repository.arn,
        role: triggerRole,
        ruleName: names.rule,
        sourceAction: stages.source.action,
        tags,
      },
      named,
    );

    this.artifactBucketArn = bucket.arn;
    this.artifactBucketName = bucket.name;
    this.artifactKeyArn = keyArn;
    this.buildProjectName = build.projectName;
    this.executionRoleArn = build.executionRoleArn;
    this.modelBuildPipelineArn = pipeline.arn;
    this.modelBuildPipelineName = pipeline.name;
    this.modelPackageGroupName = build.modelPackageGroupName;
    this.pipelineConsoleUrl = names.consoleUrl;
    this.sourceRepositoryCloneUrl = repository.cloneUrlHttp;
    this.sourceRepositoryName = repository.repositoryName;
    this.registerOutputs({
      artifactBucketArn: this.artifactBucketArn,
      artifactBucketName: this.artifactBucketName,
      artifactKeyArn: this.artifactKeyArn,
      buildProjectName: this.buildProjectName,
      executionRoleArn: this.executionRoleArn,
      modelBuildPipelineArn: this.modelBuildPipelineArn,
      modelBuildPipelineName: this.modelBuildPipelineName,
      modelPackageGroupName: this.modelPackageGroupName,
      pipelineConsoleUrl: this.pipelineConsoleUrl,
      sourceRepositoryCloneUrl: this.sourceRepositoryCloneUrl,
      sourceRepositoryName: this.sourceRepositoryName,
    });
  }
}

function sourceConfiguration(repository: pulumi.Input<string>, branch: string) {
  return {
    RepositoryName: repository,
    BranchName: branch,
    // Left out, CodePipeline polls as well, and every push runs twice.
    PollForSourceChanges: "false",
  };
}

function buildConfiguration(project: pulumi.Input<string>) {
  // Known only while the pipeline runs; the build stamps it on the model version.
  const executionId = {
    name: "CODEPIPELINE_EXECUTION_ID",
    value: "#{codepipeline.PipelineExecutionId}",
    type: "PLAINTEXT",
  };
  return { ProjectName: project, EnvironmentVariables: JSON.stringify([executionId]) };
}
