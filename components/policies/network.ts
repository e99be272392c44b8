import type * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names";
import { allow, type Statement } from "./grammar";

/** Where builds and jobs run, as policies name it. */
export interface NetworkAccess {
  isolateJobs: boolean;
  securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  subnetArns: pulumi.Input<pulumi.Input<string>[]>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

const describeNetwork = [
  "ec2:DescribeDhcpOptions",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcs",
];

/** What CodeBuild does with the build's role to connect a build. */
export function connectBuild(names: Names, network: NetworkAccess | undefined): Statement[] {
  if (network === undefined) return [];
  const { accountId, partition, region } = names;
  return [
    allow("NetworkInterfaces", "*", [
      "ec2:CreateNetworkInterface",
      "ec2:DeleteNetworkInterface",
      ...describeNetwork,
    ]),
    // An interface is of no use without it, so whatever is made serves CodeBuild alone, in these subnets alone.
    allow(
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

/** What SageMaker does with the execution role to connect a job; it refuses a job whose role limits any of these. */
export function connectJobs(network: NetworkAccess | undefined): Statement[] {
  if (network === undefined) return [];
  return [
    allow("NetworkInterfaces", "*", [
      "ec2:CreateNetworkInterface",
      "ec2:CreateNetworkInterfacePermission",
      "ec2:DeleteNetworkInterface",
      "ec2:DeleteNetworkInterfacePermission",
      ...describeNetwork,
    ]),
  ];
}

/**
 * What a pipeline's steps make, inside the network alone, so that no commit leaves it. A transform job runs in the network
 * of its model.
 */
export function makeInside(
  arnOf: (kind: string) => string,
  network: NetworkAccess | undefined,
): Statement[] {
  if (network === undefined) return [];
  return [
    allow(
      "JobsInNetwork",
      [arnOf("processing-job"), arnOf("training-job")],
      ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"],
      inside(network, { "sagemaker:InterContainerTrafficEncryption": "true" }),
    ),
    allow("ModelInNetwork", arnOf("model"), ["sagemaker:CreateModel"], inside(network, {})),
  ];
}

/** The condition that something is made in exactly this network, with these switches on. */
export function inside(
  { isolateJobs, securityGroupIds, subnetIds }: NetworkAccess,
  encryption: Record<string, string>,
): Statement["Condition"] {
  const isolation = isolateJobs ? { "sagemaker:NetworkIsolation": "true" } : {};
  const switches = { ...encryption, ...isolation };
  return {
    "ForAllValues:StringEquals": {
      "sagemaker:VpcSecurityGroupIds": securityGroupIds,
      "sagemaker:VpcSubnets": subnetIds,
    },
    // Of nothing, all values are equal to anything.
    Null: { "sagemaker:VpcSecurityGroupIds": "false", "sagemaker:VpcSubnets": "false" },
    ...(Object.keys(switches).length === 0 ? {} : { Bool: switches }),
  };
}
