import type * as pulumi from "@pulumi/pulumi";

import type { StageName } from "../names/deployNames";
import { imageRepositoryArn, type Names } from "../names/names";
import { serviceRole } from "../parts/serviceRole";
import {
  type DeployAccess,
  deployStageRolePolicy,
  servingRolePolicy,
  testStagingRolePolicy,
} from "../policies/deployRoles";
import { queueRolePolicy } from "../policies/queueRole";
import type { Document } from "../policies/statements";
import { buildTrustPolicy, sageMakerTrustPolicy } from "../policies/trust";
import { codeBuildProject } from "../shared/codeBuildProject";
import type { DeploySettings } from "../validation/resolveSettings";
import { deployNetwork, stageEnvironment } from "./deployEnvironment";
import type { StagingExpiry } from "./stagingExpiry";

interface DeployBuildsArgs {
  description: string;
  /** Schedule of the staging endpoint, which the builds create and renew. */
  expiry: StagingExpiry;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  settings: DeploySettings;
  tags: Record<string, string>;
  topicArn: pulumi.Input<string>;
}

interface BuildOpts {
  namedOpts: pulumi.CustomResourceOptions;
  retainedOpts: pulumi.CustomResourceOptions;
}

/** Names of the CodeBuild projects. */
export interface DeployBuilds {
  prod: pulumi.Output<string>;
  queue: pulumi.Output<string>;
  staging: pulumi.Output<string>;
  test: pulumi.Output<string>;
}

/**
 * CodeBuild projects that report waiting deployments, deploy each stage and test staging, each with
 * its role, and a SageMaker model role for each stage.
 */
export function deployBuilds(name: string, args: DeployBuildsArgs, opts: BuildOpts): DeployBuilds {
  const { names, settings } = args;
  const network = deployNetwork(args);
  const common = {
    description: args.description,
    keyArn: args.keyArn,
    machine: settings.build,
    network: settings.network,
    permissionsBoundary: settings.permissionsBoundaryArn,
    retentionDays: settings.logs.retentionDays,
    tags: args.tags,
  };
  const project = (part: ProjectPart, { buildspec, environment, policy, stage }: ProjectArgs) =>
    codeBuildProject(
      `${name}-${projectNames[part]}`,
      {
        ...common,
        buildspec,
        environment: {
          ...network.environment,
          ...stageEnvironment(args, stage),
          ...environment,
        },
        names: names.deploy[part],
        policy: names.apply((it) =>
          policy(it, {
            imageRepositoryArn: imageRepositoryArn(it, settings.build.image),
            network: network.access,
          }),
        ),
        trust: names.apply((it) => buildTrustPolicy(it, it.deploy[part].projectArn)),
      },
      opts,
    );
  const deployment = (stage: StageName) =>
    project(stage, {
      buildspec: "deploy-buildspec.yml",
      environment: {
        MODEL_EXECUTION_ROLE_ARN: servingRole(name, { ...args, stage }, opts.namedOpts),
      },
      policy: (it, access) =>
        deployStageRolePolicy(it, args.keyArn, it.deploy[stage], {
          ...access,
          stagingKind: settings.staging.kind,
        }),
      stage,
    });
  return {
    queue: project("queue", {
      buildspec: "queue-buildspec.yml",
      environment: {
        NOTIFICATION_TOPIC_ARN: args.topicArn,
        PIPELINE_URL: names.apply(
          ({ deploy, region }) => `${deploy.pipelineUrl}/view?region=${region}`,
        ),
      },
      policy: (it, access) => queueRolePolicy(it, args.keyArn, access),
      stage: "staging",
    }),
    staging: deployment("staging"),
    test: project("test", {
      buildspec: "test-buildspec.yml",
      environment: {
        BUILD_CONFIG: "staging-config.json",
        EXPORT_TEST_RESULTS: "test-results.json",
      },
      policy: (it, access) => testStagingRolePolicy(it, args.keyArn, access),
      stage: "staging",
    }),
    prod: deployment("prod"),
  };
}

/** Logical names of the CodeBuild projects, after the name of the component. */
const projectNames = {
  prod: "deploy-prod",
  queue: "deploy-queue",
  staging: "deploy-staging",
  test: "test-staging",
} as const;

type ProjectPart = keyof typeof projectNames;

interface ProjectArgs {
  buildspec: string;
  environment: Record<string, pulumi.Input<string>>;
  policy: (names: Names, access: DeployAccess) => Document;
  /** Stage whose endpoint and config the build works with. */
  stage: StageName;
}

/** SageMaker model role of one stage. Returns its ARN. */
function servingRole(
  name: string,
  { keyArn, names, settings, stage, ...args }: DeployBuildsArgs & { stage: StageName },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const network = deployNetwork({ names, settings }).access;
  const { imageRepositoryArns } = settings;
  return serviceRole(
    `${name}-serve-${stage}-role`,
    {
      description: args.description,
      permissionsBoundary: settings.permissionsBoundaryArn,
      policy: names.apply((it) =>
        servingRolePolicy(it, keyArn, it.deploy[stage], { imageRepositoryArns, network }),
      ),
      roleName: names.deploy[stage].serveRole,
      tags: args.tags,
      trust: names.apply(sageMakerTrustPolicy),
    },
    opts,
  );
}
