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

type Limits = Statement["Condition"];

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

/** What a job must say of its network to be made; nothing without a network. */
export function jobLimits(network: NetworkAccess | undefined): Limits {
  return network && inside(network, { "sagemaker:InterContainerTrafficEncryption": "true" });
}

/** Like {@link jobLimits}, for a model: a transform job runs in the network of its model. */
export function modelLimits(network: NetworkAccess | undefined): Limits {
  return network && inside(network, {});
}

/** These actions; with limits, the first of them, which makes something, stands apart and within them alone. */
export function makeWithin(
  limits: Limits,
  Sid: string,
  Resource: string,
  [make = "", ...others]: string[],
): Statement[] {
  if (limits === undefined) return [allow(Sid, Resource, [make, ...others])];
  return [allow(Sid, Resource, others), allow(`${Sid}InNetwork`, Resource, [make], limits)];
}

function inside(
  { isolateJobs, securityGroupIds, subnetIds }: NetworkAccess,
  encryption: Record<string, string>,
): Limits {
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
