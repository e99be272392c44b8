import * as pulumi from "@pulumi/pulumi";

import { dashboard } from "./dashboard";
import { codePipeline } from "../shared/codePipeline";
import type { ModelDeployPipelineArgs } from "./modelDeployPipelineArgs";
import { deployBuilds } from "./deployBuilds";
import { deployNotificationsOf } from "./deployNotifications";
import { deployPipelineStages } from "./deployPipelineStages";
import { deployTriggers } from "./deployTriggers";
import { endpointAlarms } from "./endpointAlarms";
import { stagingExpiry } from "./stagingExpiry";
import { deployStages, modelVariable } from "../names/deployNames";
import { notificationRule } from "../shared/notificationRule";
import { protectedOpts } from "../shared/deletionProtection";
import { projectOf } from "../shared/project";
import { deployPipelineRolePolicy } from "../policies/deployRoles";
import { pipelineTrustPolicy } from "../policies/trust";
import { type FieldsOf, modelDeployContract } from "../outputs/contract";
import { resolveDeploySettings } from "../validation/resolveSettings";
import { createSource } from "../shared/source";

const typeToken = "model-build-pipeline:index:ModelDeployPipeline";

/**
 * CI/CD pipeline that deploys an approved model version:
 * model registry -> EventBridge -> CodePipeline -> staging -> test -> approval -> production.
 * A schedule deletes the staging endpoint after the approval.
 */
export class ModelDeployPipeline
  extends pulumi.ComponentResource
  implements FieldsOf<typeof modelDeployContract>
{
  // Declared here for the schema of the package, which Pulumi reads from the class.
  /** HTTPS clone URL of the deployment repository; only for a CodeCommit repository. */
  public readonly deployRepositoryCloneUrl?: pulumi.Output<string>;
  /** Name of the deployment repository; `owner/repository` for a repository outside AWS. */
  public readonly deployRepositoryName!: pulumi.Output<string>;
  /** URL of the deployment CodePipeline in the AWS console. */
  public readonly deployConsoleUrl!: pulumi.Output<string>;
  /** ARN of the deployment CodePipeline. */
  public readonly modelDeployPipelineArn!: pulumi.Output<string>;
  /** Name of the deployment CodePipeline. */
  public readonly modelDeployPipelineName!: pulumi.Output<string>;
  /** Name of the production endpoint, which the first deployment creates. */
  public readonly prodEndpointName!: pulumi.Output<string>;
  /** Name of the staging endpoint, which the first deployment creates. */
  public readonly stagingEndpointName!: pulumi.Output<string>;

  /** @throws RunError with all problems of `args`, before any AWS resource is registered */
  constructor(name: string, args: ModelDeployPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    const where = `the arguments of ModelDeployPipeline "${name}"`;
    const settings = resolveDeploySettings(args, where);
    const inputs = { ...args, modelBuild: settings.modelBuild };
    super(typeToken, name, inputs, protectedOpts(settings, opts));

    const { labels, names, namedOpts, retainedOpts, title } = projectOf(this, {
      kind: "ModelDeployPipeline",
      purpose: "Model deployment",
      settings,
      where,
    });
    const { modelBuild, permissionsBoundaryArn } = settings;
    const keyArn = pulumi.output(modelBuild.artifactKeyArn);
    // Events start pipeline and rules: the policies of key, bucket, topic and queue come first.
    const build = pulumi.Resource.isInstance(args.modelBuild) ? [args.modelBuild] : [];
    const afterBuildOpts = pulumi.mergeOptions(
      { ...namedOpts, dependsOn: build },
      { dependsOn: opts?.dependsOn ?? [] },
    );

    const source = createSource(
      `${name}-source`,
      {
        ...labels,
        actionName: deployStages.source.action,
        defaultRepositoryName: names.deploy.defaultRepository,
        source: settings.source,
        starter: "model-deploy",
        startsRuns: false,
      },
      retainedOpts,
    );
    const expiry = stagingExpiry(
      name,
      { ...labels, keyArn, names, permissionsBoundary: permissionsBoundaryArn },
      namedOpts,
    );
    const builds = deployBuilds(
      name,
      { ...labels, expiry, keyArn, names, settings, topicArn: modelBuild.notificationTopicArn },
      { namedOpts, retainedOpts },
    );
    endpointAlarms(
      name,
      {
        names,
        settings,
        tags: labels.tags,
        title,
        topicArn: modelBuild.notificationTopicArn,
      },
      afterBuildOpts,
    );
    dashboard(name, { names, settings, title }, namedOpts);
    const pipeline = codePipeline(
      `${name}-pipeline`,
      {
        ...labels,
        after: afterBuildOpts.dependsOn,
        artifactBucketName: modelBuild.artifactBucketName,
        // Each approved version in order. SUPERSEDED would skip versions; PARALLEL would update one
        // endpoint concurrently.
        executionMode: "QUEUED",
        keyArn,
        names: names.deploy,
        permissionsBoundary: permissionsBoundaryArn,
        policy: names.apply((it) => deployPipelineRolePolicy(it, keyArn, source.access)),
        source,
        stages: deployPipelineStages({
          builds,
          settings,
          source: source.action,
          studioUrl: names.studioUrl,
        }),
        trust: names.apply((it) => pipelineTrustPolicy(it, it.deploy.pipelineArn)),
        variables: [
          {
            name: modelVariable.name,
            defaultValue: modelVariable.none,
            description: `ARN of the model version that was approved or rejected; or ${modelVariable.expireStaging}`,
          },
        ],
      },
      namedOpts,
    );

    deployTriggers(
      name,
      {
        ...labels,
        expiresStaging: settings.staging.hours > 0,
        names,
        permissionsBoundary: permissionsBoundaryArn,
        pipelineArn: pipeline.arn,
        project: title,
      },
      afterBuildOpts,
    );
    for (const [kind, notificationOf] of deployNotificationsOf(settings)) {
      notificationRule(
        `${name}-${kind}`,
        {
          accountId: names.accountId,
          dlqArn: names.queueArn,
          notification: names.apply((it) => notificationOf({ names: it, project: title })),
          roleArn: settings.notifications.executionRole ? names.notificationsRoleArn : undefined,
          tags: labels.tags,
          topicArn: modelBuild.notificationTopicArn,
        },
        afterBuildOpts,
      );
    }

    const outputs: FieldsOf<typeof modelDeployContract> = {
      deployConsoleUrl: pulumi.interpolate`${names.deploy.pipelineUrl}/view?region=${names.region}`,
      deployRepositoryCloneUrl: source.codecommit?.cloneUrl,
      deployRepositoryName: source.repositoryName,
      modelDeployPipelineArn: pipeline.arn,
      modelDeployPipelineName: pipeline.name,
      prodEndpointName: names.deploy.prod.endpoint,
      stagingEndpointName: names.deploy.staging.endpoint,
    };
    Object.assign(this, outputs);
    this.registerOutputs(outputs);
  }
}
