import type * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names/names";
import { allowStatement, type Statement } from "./statements";

/** Private network of builds and jobs, as policies name it. */
export interface NetworkAccess {
  isolateJobs: boolean;
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  subnetArns: pulumi.Input<pulumi.Input<string>[]>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

const describeNetworkActions = [
  "ec2:DescribeDhcpOptions",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
];

/**
 * Statements for CodeBuild in a VPC: CodeBuild creates network interfaces with the build role.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html
 */
export function buildNetworkStatements(
  names: Names,
  network: NetworkAccess | undefined,
): Statement[] {
  if (network === undefined) return [];
  const { accountId, partition, region } = names;
  return [
    allowStatement("NetworkInterfaces", "*", [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      ...describeNetworkActions,
    ]),
    // Without this permission an interface is useless: only CodeBuild, only in these subnets.
    allowStatement(
      "NetworkInterfacePermission",
      `arn:${partition}:ec2:${region}:${accountId}:network-interface/*`,
      ["ec2:CreateNetworkInterfacePermission"],
      {
        ArnEquals: { "ec2:Subnet": network.subnetArns },
        StringEquals: { "ec2:AuthorizedService": "codebuild.amazonaws.com" },
      },
    ),
  ];
}

/**
 * Statements for SageMaker in a VPC: SageMaker creates network interfaces with the execution role.
 * It rejects a job whose role restricts any of these actions.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function jobNetworkStatements(network: NetworkAccess | undefined): Statement[] {
  if (network === undefined) return [];
  return [
    allowStatement("NetworkInterfaces", "*", [
      "ec2:CreateNetworkInterface",
      "ec2:CreateNetworkInterfacePermission",
      "ec2:DeleteNetworkInterface",
      "ec2:DeleteNetworkInterfacePermission",
      ...describeNetworkActions,
    ]),
  ];
}

/**
 * Statements to create jobs and models only in the private network: no commit can change that.
 * A transform job runs in the network of its model.
 */
export function createInNetworkStatements(
  arnOf: (kind: string) => string,
  network: NetworkAccess | undefined,
): Statement[] {
  if (network === undefined) return [];
  return [
    allowStatement(
      "JobsInNetwork",
      [arnOf("processing-job"), arnOf("training-job")],
      ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"],
      inNetworkCondition(network, { "sagemaker:InterContainerTrafficEncryption": "true" }),
    ),
    allowStatement(
      "ModelInNetwork",
      arnOf("model"),
      ["sagemaker:CreateModel"],
      inNetworkCondition(network, {}),
    ),
  ];
}

/** Condition of create actions: exactly this network, with these flags set. */
export function inNetworkCondition(
  { isolateJobs, securityGroupIds, subnetIds }: NetworkAccess,
  encryption: Record<string, string>,
) {
  const isolation = isolateJobs ? { "sagemaker:NetworkIsolation": "true" } : {};
  const flags = { ...encryption, ...isolation };
  return {
    "ForAllValues:StringEquals": {
      "sagemaker:VpcSecurityGroupIds": securityGroupIds,
      "sagemaker:VpcSubnets": subnetIds,
    },
    // ForAllValues also matches a request without values.
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    Null: { "sagemaker:VpcSecurityGroupIds": "false", "sagemaker:VpcSubnets": "false" },
    ...(Object.keys(flags).length === 0 ? {} : { Bool: flags }),
  };
}
