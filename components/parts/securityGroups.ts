import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface SecurityGroupsArgs {
  description: string;
  tags: Record<string, string>;
  vpcId: pulumi.Input<string>;
}

/** Security groups of a private network. */
export interface SecurityGroups {
  endpoints: aws.ec2.SecurityGroup;
  members: aws.ec2.SecurityGroup;
  /** Without these rules, the groups allow no traffic. */
  rules: pulumi.Resource[];
}

/**
 * Security groups of builds and jobs (`members`) and of the VPC endpoints (`endpoints`).
 * Members reach each other, and the endpoints over HTTPS.
 * The default group of the VPC allows no traffic.
 */
export function securityGroups(
  name: string,
  { description, ...args }: SecurityGroupsArgs,
  opts: pulumi.CustomResourceOptions,
): SecurityGroups {
  const createGroup = (part: string, purpose: string) =>
    new aws.ec2.SecurityGroup(
      `${name}-${part}`,
      { ...args, description: `${description}: ${purpose}` },
      opts,
    );
  const members = createGroup("members", "builds and jobs");
  const endpoints = createGroup("endpoints", "endpoints of AWS services");
  new aws.ec2.DefaultSecurityGroup(name, args, opts);

  const { tags } = args;
  const ofMembers = { securityGroupId: members.id };
  const ofEndpoints = { securityGroupId: endpoints.id };
  // Every protocol: instances of one job encrypt their traffic with ESP, which has no ports.
  // https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html
  const allTraffic = { ipProtocol: "-1", referencedSecurityGroupId: members.id };
  const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  const rules = [
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-ingress-members`,
      { ...ofMembers, ...allTraffic, tags },
      opts,
    ),
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-egress-members`,
      { ...ofMembers, ...allTraffic, tags },
      opts,
    ),
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-egress-endpoints`,
      { ...ofMembers, ...https, referencedSecurityGroupId: endpoints.id, tags },
      opts,
    ),
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-ingress-endpoints`,
      { ...ofEndpoints, ...https, referencedSecurityGroupId: members.id, tags },
      opts,
    ),
  ];
  return { endpoints, members, rules };
}
