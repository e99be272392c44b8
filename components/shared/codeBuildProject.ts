import type * as pulumi from "@pulumi/pulumi";

import { buildLogs } from "../parts/buildLogs";
import { type BuildReferences, buildProject } from "../parts/buildProject";
import type { Action } from "../parts/pipeline";
import { serviceRole } from "../parts/serviceRole";
import type { Document } from "../policies/statements";
import { buildSource, type Checkout } from "./buildSource";

/** Private network of a build. */
interface BuildNetwork {
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  vpcId: pulumi.Input<string>;
}

/** Names of one CodeBuild project. */
interface BuildNames {
  logGroup: pulumi.Input<string>;
  project: pulumi.Input<string>;
  role: pulumi.Input<string>;
}

interface CodeBuildProjectArgs {
  buildspec: string;
  /** Source of builds that no CodePipeline starts. */
  checkout?: Checkout;
  description: string;
  environment: Record<string, pulumi.Input<string>>;
  keyArn: pulumi.Input<string>;
  machine: {
    computeType: string;
    image: string;
    timeoutMinutes: number;
  };
  names: BuildNames;
  network: BuildNetwork | undefined;
  permissionsBoundary: pulumi.Input<string> | undefined;
  /** IAM policy of the build role. */
  policy: pulumi.Input<Document>;
  /** IAM policy of the policy statements of the settings. */
  policyStatements?: pulumi.Input<Document> | undefined;
  references?: BuildReferences;
  retentionDays: number;
  tags: Record<string, string>;
  /** IAM trust policy of the build role. */
  trust: pulumi.Input<Document>;
}

/** CodeBuild project with its log group and role. Returns the name of the project. */
export function codeBuildProject(
  name: string,
  {
    buildspec,
    checkout,
    machine,
    names,
    permissionsBoundary,
    policy,
    policyStatements,
    trust,
    ...args
  }: CodeBuildProjectArgs,
  opts: { namedOpts: pulumi.CustomResourceOptions; retainedOpts: pulumi.CustomResourceOptions },
): pulumi.Output<string> {
  const { keyArn, tags } = args;
  const logGroup = buildLogs(
    `${name}-logs`,
    { keyArn, logGroupName: names.logGroup, retentionInDays: args.retentionDays, tags },
    opts.retainedOpts,
  );
  const roleArn = serviceRole(
    `${name}-role`,
    {
      description: args.description,
      permissionsBoundary,
      policy,
      policyStatements,
      roleName: names.role,
      tags,
      trust,
    },
    opts.namedOpts,
  );
  return buildProject(
    name,
    {
      ...machine,
      ...args,
      logGroupName: logGroup.name,
      projectName: names.project,
      source: buildSource(buildspec, checkout),
      // CodeBuild tests the role at creation: in a VPC, it fails without the policy of the role.
      roleArn,
    },
    opts.namedOpts,
  ).name;
}

interface BuildActionArgs extends Pick<Action, "namespace" | "outputArtifacts"> {
  category: "Build" | "Test";
  /** The first artifact contains the buildspec. */
  inputArtifacts: [primary: string, ...others: string[]];
  projectName: pulumi.Input<string>;
}

/**
 * CodePipeline action that runs a CodeBuild project and passes the pipeline execution ID.
 * It passes no pipeline variable: CodePipeline inserts the value into this JSON without escaping,
 * so a user who may start executions could add environment variables to the build.
 */
export function buildAction(name: string, { projectName, ...args }: BuildActionArgs): Action {
  const [primary, ...others] = args.inputArtifacts;
  return {
    ...args,
    name,
    provider: "CodeBuild",
    configuration: {
      ProjectName: projectName,
      EnvironmentVariables: JSON.stringify([
        {
          name: "CODEPIPELINE_EXECUTION_ID",
          value: "#{codepipeline.PipelineExecutionId}",
          type: "PLAINTEXT",
        },
      ]),
      // With several inputs, CodeBuild needs to know which one contains the buildspec.
      // https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
      ...(others.length > 0 ? { PrimarySource: primary } : {}),
    },
  };
}
