import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface BuildNetwork {
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  vpcId: pulumi.Input<string>;
}

/** References of environment variables, by variable. */
export interface BuildReferences {
  /** Names of parameters in Parameter Store. */
  parameterStore: Record<string, string>;
  /** Secrets in Secrets Manager, as `secret-id:json-key:version-stage:version-id`. */
  secretsManager: Record<string, string>;
}

interface BuildProjectArgs {
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
  /** CodeBuild reads their values with the build role, at the start of each build. */
  references?: BuildReferences;
  roleArn: pulumi.Input<string>;
  /** Source with the buildspec, and artifacts. */
  source: Pick<aws.codebuild.ProjectArgs, "artifacts" | "source" | "sourceVersion">;
  tags: Record<string, string>;
  timeoutMinutes: number;
}

/** CodeBuild project: unprivileged, with logs in an existing log group. */
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
      ...args.source,
      environment: {
        type: args.image.includes("aarch64") ? "ARM_CONTAINER" : "LINUX_CONTAINER",
        computeType: args.computeType,
        image: args.image,
        // CodeBuild pulls a private image with the build role, which may read only its repository.
        imagePullCredentialsType: args.image.startsWith("aws/codebuild/")
          ? "CODEBUILD"
          : "SERVICE_ROLE",
        privilegedMode: false,
        environmentVariables: environmentVariables(args.environment, args.references),
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
function environmentVariables(
  environment: Record<string, pulumi.Input<string>>,
  { parameterStore, secretsManager }: BuildReferences = { parameterStore: {}, secretsManager: {} },
) {
  return [
    ...ofType("PLAINTEXT", environment),
    ...ofType("PARAMETER_STORE", parameterStore),
    ...ofType("SECRETS_MANAGER", secretsManager),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function ofType(type: string, variables: Record<string, pulumi.Input<string>>) {
  return Object.entries(variables).map(([name, value]) => ({ name, value, type }));
}
