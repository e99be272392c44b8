import type * as pulumi from "@pulumi/pulumi";

import { imageRepositoryArn, type Names } from "./names";
import { buildLogs } from "./parts/buildLogs";
import { buildProject } from "./parts/buildProject";
import type { Action } from "./parts/deliveryPipeline";
import { serviceRole } from "./parts/serviceRole";
import type { Document } from "./policies/grammar";
import { trustBuild } from "./policies/trust";

/** A private network as a build is connected to it. */
interface BuildNetwork {
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  vpcId: pulumi.Input<string>;
}

/** Names of one build. */
interface BuildNames {
  logGroup: string;
  project: string;
  projectArn: string;
  role: string;
}

interface RoledBuildArgs {
  buildspec: string;
  description: string;
  environment: Record<string, pulumi.Input<string>>;
  keyArn: pulumi.Input<string>;
  /** Folders, named by the buildspec, that a machine may keep for the project's next build. @default - none */
  keepsFolders?: boolean;
  machine: {
    computeType: string;
    image: string;
    queuedTimeoutMinutes: number;
    timeoutMinutes: number;
  };
  /** The build's own names among the project's. */
  nameOf: (names: Names) => BuildNames;
  names: pulumi.Output<Names>;
  network: BuildNetwork | undefined;
  permissionsBoundary: pulumi.Input<string> | undefined;
  /** What its role may do, given the repository of the build's image if it is a private one. */
  policyOf: (names: Names, imageRepositoryArn: string | undefined) => Document;
  retentionDays: number;
  tags: Record<string, string>;
}

/** A CodeBuild project with its log group and a role of its own; its name. */
export function roledBuild(
  name: string,
  { machine, nameOf, names, permissionsBoundary, policyOf, ...args }: RoledBuildArgs,
  opts: { data: pulumi.CustomResourceOptions; named: pulumi.CustomResourceOptions },
): pulumi.Output<string> {
  const { keyArn, tags } = args;
  const its = names.apply(nameOf);
  const logGroup = buildLogs(
    `${name}-logs`,
    { keyArn, logGroupName: its.logGroup, retentionInDays: args.retentionDays, tags },
    opts.data,
  );
  const role = serviceRole(
    `${name}-role`,
    {
      description: args.description,
      permissionsBoundary,
      policy: names.apply((it) => policyOf(it, imageRepositoryArn(it, machine.image))),
      roleName: its.role,
      tags,
      trust: names.apply((it) => trustBuild(it, nameOf(it).projectArn)),
    },
    opts.named,
  );
  return buildProject(
    name,
    {
      ...machine,
      ...args,
      logGroupName: logGroup.name,
      projectName: its.project,
      roleArn: role.arn,
    },
    // CodeBuild tries the role when a project is made; a role without its policy fails there, in a network above all.
    { ...opts.named, dependsOn: [role.policy] },
  ).name;
}

interface BuildActionArgs extends Pick<Action, "namespace" | "outputArtifacts"> {
  category: "Build" | "Test";
  /** The first has the buildspec. */
  inputArtifacts: [primary: string, ...others: string[]];
  projectName: pulumi.Input<string>;
  /** Plain-text variables beside the ID of the pipeline's run. */
  variables?: Record<string, string>;
}

/** How a CodePipeline runs a build: with the ID of its own run, which is known only then. */
export function buildAction(
  name: string,
  { projectName, variables = {}, ...args }: BuildActionArgs,
): Action {
  const told = { ...variables, CODEPIPELINE_EXECUTION_ID: "#{codepipeline.PipelineExecutionId}" };
  const [primary, ...others] = args.inputArtifacts;
  return {
    ...args,
    name,
    provider: "CodeBuild",
    configuration: {
      ProjectName: projectName,
      EnvironmentVariables: JSON.stringify(
        Object.entries(told).map(([name, value]) => ({ name, value, type: "PLAINTEXT" })),
      ),
      // Of several inputs, CodeBuild must be told whose buildspec it is.
      ...(others.length > 0 ? { PrimarySource: primary } : {}),
    },
  };
}
