import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Destination: a prefix list of AWS, or an IPv4 range. */
type Destination = { cidrIpv4: string } | { prefixListId: pulumi.Input<string> };

interface EgressRuleArgs {
  destination: Destination;
  port: number;
  securityGroupId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** Security group rule: TCP egress to one port of a destination. */
export function egressRule(
  name: string,
  { destination, port, ...args }: EgressRuleArgs,
  opts: pulumi.CustomResourceOptions,
): aws.vpc.SecurityGroupEgressRule {
  return new aws.vpc.SecurityGroupEgressRule(
    name,
    { ...args, ...destination, ipProtocol: "tcp", fromPort: port, toPort: port },
    opts,
  );
}
