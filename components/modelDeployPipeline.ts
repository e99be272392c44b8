import * as pulumi from "@pulumi/pulumi";

import { approvalTrigger } from "./approvalTrigger";
import { mustBelong } from "./checks/belonging";
import { delivery } from "./delivery";
import type { ModelDeployPipelineArgs } from "./deployArgs";
import { deployBuilds } from "./deployBuilds";
import { deployMessages } from "./deployMessages";
import { deployStages, modelVariable } from "./deployNames";
import { namesFor } from "./names";
import { messageRule } from "./parts/messageRule";
import { whereabouts } from "./place";
import { runDeployPipeline } from "./policies/deployRoles";
import { settleDeploy } from "./settings";
import { sourceOf } from "./source";
import { stateStore } from "./stateStore";

/** An approved model version reaches production: registry -> EventBridge -> CodePipeline -> staging -> test -> approval -> prod. */
export class ModelDeployPipeline extends pulumi.ComponentResource {
  /** Clone this to push code of deployment and test; not set for a repository outside AWS. */
  public readonly deployRepositoryCloneUrl?: pulumi.Output<string>;
  /** Name of the repository; `owner/repository` for one outside AWS. */
  public readonly deployRepositoryName: pulumi.Output<string>;
  /** The CodePipeline in the AWS console. */
  public readonly deployConsoleUrl: pulumi.Output<string>;
  /** Name of the bucket in which Pulumi keeps the state of the endpoints. */
  public readonly deployStateBucketName: pulumi.Output<string>;
  /** ARN of the CodePipeline. */
  public readonly modelDeployPipelineArn: pulumi.Output<string>;
  /** Name of the CodePipeline. */
  public readonly modelDeployPipelineName: pulumi.Output<string>;
  /** Name of the endpoint of production; there is none before the first deployment. */
  public readonly prodEndpointName: pulumi.Output<string>;
  /** Name of the endpoint of staging; there is none before the first deployment. */
  public readonly stagingEndpointName: pulumi.Output<string>;

  /** @throws RunError with every problem of `args`, before anything is registered. */
  constructor(name: string, args: ModelDeployPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const where = `the arguments of ModelDeployPipeline "${name}"`;
    const settings = settleDeploy(args, where);
    const isProd = settings.posture === "prod";
    const given = { ...args, modelBuild: settings.modelBuild };
    super("model-build-pipeline:index:ModelDeployPipeline", name, given, {
      // Protecting the component protects every child: protecting a few would let a destroy delete the others first.
      protect: isProd,
      ...opts,
    });

    const child = { parent: this };
    const { modelBuild, permissionsBoundaryArn, projectId, projectName } = settings;
    const { codecommit, existing } = settings.source;
    const deployRepositoryName = codecommit?.repositoryName ?? existing?.repositoryName;
    const words = { deployRepositoryName, projectId, projectName };
    // Every resource waits for its name, so what belongs elsewhere is refused before any of them is registered.
    const names = pulumi.output(whereabouts(child)).apply((place) => {
      mustBelong({ permissionsBoundaryArn, source: settings.source }, place, where);
      return namesFor(words, place);
    });
    const project = `${projectName} (${projectId})`;
    const about = {
      description: `Model deployment of ${project}`,
      tags: { "sagemaker:project-id": projectId, "sagemaker:project-name": projectName },
    };
    const { tags } = about;
    const keyArn = pulumi.output(modelBuild.artifactKeyArn);
    // Without its state nobody knows any more what an endpoint is made of, so it is kept.
    const data = { ...child, retainOnDelete: isProd };
    // AWS takes no second resource of the same name, so a replacement comes after the deletion.
    const named = { ...child, deleteBeforeReplace: true };
    // What goes off by itself waits for the model build, whose policies guard key, bucket, topic and queue.
    const build = pulumi.Resource.isInstance(args.modelBuild) ? [args.modelBuild] : [];
    const late = pulumi.mergeOptions(
      { ...named, dependsOn: build },
      { dependsOn: opts?.dependsOn ?? [] },
    );

    const source = sourceOf(
      `${name}-source`,
      {
        ...about,
        actionName: deployStages.source.action,
        repositoryName: names.deploy.repository,
        source: settings.source,
        starter: "model-deploy",
        startsRuns: false,
      },
      data,
    );
    const { administratorArns } = settings;
    const state = stateStore(
      `${name}-state`,
      { administratorArns, disposable: !isProd, keyArn, modelBuild, names, tags },
      data,
    );
    const builds = deployBuilds(name, { ...about, keyArn, names, settings }, { data, named });
    const pipeline = delivery(
      `${name}-pipeline`,
      {
        ...about,
        after: late.dependsOn,
        artifactBucketName: modelBuild.artifactBucketName,
        // Each approved version in turn: SUPERSEDED would drop one, PARALLEL would have two race for one endpoint.
        executionMode: "QUEUED",
        keyArn,
        nameOf: (it) => it.deploy,
        names,
        permissionsBoundary: permissionsBoundaryArn,
        policyOf: (it, connection) => runDeployPipeline(it, keyArn, connection),
        ready: [...state.ready, ...builds.ready],
        source,
        stages: [
          { name: deployStages.source.name, actions: [source.action] },
          // One stage, so that staging runs what is to be approved until somebody has decided.
          {
            name: deployStages.staging.name,
            actions: [builds.staging, builds.test, approval(names.studioUrl, settings)],
          },
          { name: deployStages.prod.name, actions: [builds.prod], rollsBack: true },
        ],
        variables: [
          {
            name: modelVariable.name,
            defaultValue: modelVariable.none,
            description: "ARN of the model version that was approved or rejected",
          },
        ],
      },
      named,
    );

    approvalTrigger(
      name,
      {
        ...about,
        names,
        permissionsBoundary: permissionsBoundaryArn,
        pipelineArn: pipeline.arn,
        project,
      },
      late,
    );
    for (const [kind, messageOn] of Object.entries(deployMessages)) {
      messageRule(
        `${name}-on-${kind}`,
        {
          after: [],
          deadLetterArn: names.queueArn,
          message: names.apply((it) => messageOn({ names: it, project })),
          roleArn: names.messageRoleArn,
          tags,
          topicArn: modelBuild.notificationTopicArn,
        },
        late,
      );
    }

    this.deployConsoleUrl = pulumi.interpolate`${names.deploy.pipelineUrl}/view?region=${names.region}`;
    this.deployRepositoryCloneUrl = source.codecommit?.cloneUrl;
    this.deployRepositoryName = source.repositoryName;
    this.deployStateBucketName = state.name;
    this.modelDeployPipelineArn = pipeline.arn;
    this.modelDeployPipelineName = pipeline.name;
    this.prodEndpointName = names.deploy.prod.endpoint;
    this.stagingEndpointName = names.deploy.staging.endpoint;
    this.registerOutputs({
      deployConsoleUrl: this.deployConsoleUrl,
      deployRepositoryCloneUrl: this.deployRepositoryCloneUrl,
      deployRepositoryName: this.deployRepositoryName,
      deployStateBucketName: this.deployStateBucketName,
      modelDeployPipelineArn: this.modelDeployPipelineArn,
      modelDeployPipelineName: this.modelDeployPipelineName,
      prodEndpointName: this.prodEndpointName,
      stagingEndpointName: this.stagingEndpointName,
    });
  }
}

/** A person looks at what the test found, and decides. */
function approval(
  studioUrl: pulumi.Input<string>,
  {
    approvalTimeoutMinutes,
    ...words
  }: { approvalTimeoutMinutes: number; projectId: string; projectName: string },
) {
  return {
    category: "Approval" as const,
    name: deployStages.staging.approve,
    provider: "Manual",
    configuration: {
      CustomData: `Shall this run in production of ${words.projectName} (${words.projectId})? #{Test.SUMMARY}`,
      ExternalEntityLink: studioUrl,
    },
    timeoutInMinutes: approvalTimeoutMinutes,
  };
}
