import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface NetworkGroupsArgs {
  description: string;
  tags: Record<string, string>;
  vpcId: pulumi.Input<string>;
}

/** Who may talk to whom inside a network. */
export interface NetworkGroups {
  endpoints: aws.ec2.SecurityGroup;
  members: aws.ec2.SecurityGroup;
  /** Without them nobody talks to anybody. */
  rules: pulumi.Resource[];
}

/** A group for builds and jobs, whose members talk to each other and to the other group's endpoints; the VPC's own group lets nothing through. */
export function networkGroups(
  name: string,
  { description, ...args }: NetworkGroupsArgs,
  opts: pulumi.CustomResourceOptions,
): NetworkGroups {
  const group = (part: string, of: string) =>
    new aws.ec2.SecurityGroup(
      `${name}-${part}`,
      { ...args, description: `${description}: ${of}` },
      opts,
    );
  const members = group("members", "builds and jobs");
  const endpoints = group("endpoints", "endpoints of AWS services");
  new aws.ec2.DefaultSecurityGroup(name, args, opts);

  const { tags } = args;
  const [own, theirs] = [{ securityGroupId: members.id }, { securityGroupId: endpoints.id }];
  // Every protocol: instances of one job encrypt their traffic by ESP, which knows no port.
  const anything = { ipProtocol: "-1", referencedSecurityGroupId: members.id };
  const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  const rules = [
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-from-members`,
      { ...own, ...anything, tags },
      opts,
    ),
    new aws.vpc.SecurityGroupEgressRule(`${name}-to-members`, { ...own, ...anything, tags }, opts),
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-to-endpoints`,
      { ...own, ...https, referencedSecurityGroupId: endpoints.id, tags },
      opts,
    ),
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-at-endpoints`,
      { ...theirs, ...https, referencedSecurityGroupId: members.id, tags },
      opts,
    ),
  ];
  return { endpoints, members, rules };
}
