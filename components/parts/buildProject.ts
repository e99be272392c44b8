import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface BuildNetwork {
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  vpcId: pulumi.Input<string>;
}

interface BuildProjectArgs {
  buildspec: string;
  computeType: string;
  description: string;
  /** Plain-text environment variables. */
  environment: Record<string, pulumi.Input<string>>;
  image: string;
  keyArn: pulumi.Input<string>;
  logGroupName: pulumi.Input<string>;
  /** Private network of the builds; without one, builds run in a network of AWS. */
  network: BuildNetwork | undefined;
  projectName: pulumi.Input<string>;
  roleArn: pulumi.Input<string>;
  tags: Record<string, string>;
  timeoutMinutes: number;
}

/** CodeBuild project for CodePipeline: unprivileged, with logs in an existing log group. */
export function buildProject(
  name: string,
  args: BuildProjectArgs,
  opts: pulumi.CustomResourceOptions,
): aws.codebuild.Project {
  return new aws.codebuild.Project(
    name,
    {
      name: args.projectName,
      description: args.description,
      serviceRole: args.roleArn,
      encryptionKey: args.keyArn,
      buildTimeout: args.timeoutMinutes,
      // Minutes that a build may wait for a machine.
      queuedTimeout: 60,
      source: { type: "CODEPIPELINE", buildspec: args.buildspec },
      artifacts: { type: "CODEPIPELINE" },
      environment: {
        type: args.image.includes("aarch64") ? "ARM_CONTAINER" : "LINUX_CONTAINER",
        computeType: args.computeType,
        image: args.image,
        // CodeBuild pulls a private image with the build role, which may read only its repository.
        imagePullCredentialsType: args.image.startsWith("aws/codebuild/")
          ? "CODEBUILD"
          : "SERVICE_ROLE",
        privilegedMode: false,
        environmentVariables: plainText(args.environment),
      },
      logsConfig: {
        cloudwatchLogs: { status: "ENABLED", groupName: args.logGroupName },
        s3Logs: { status: "DISABLED" },
      },
      vpcConfig: args.network && {
        securityGroupIds: args.network.securityGroupIds,
        subnets: args.network.subnetIds,
        vpcId: args.network.vpcId,
      },
      tags: args.tags,
    },
    opts,
  );
}

/** Environment variables in alphabetical order: another order in the config is no change. */
function plainText(environment: Record<string, pulumi.Input<string>>) {
  return Object.entries(environment)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, type: "PLAINTEXT" }));
}
