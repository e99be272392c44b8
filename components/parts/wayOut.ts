import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Where to: a prefix list of AWS, or a range of addresses. */
type Destination = { cidrIpv4: string } | { prefixListId: pulumi.Input<string> };

interface WayOutArgs {
  destination: Destination;
  port: number;
  securityGroupId: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** Lets members of a security group open connections to one port of a destination. */
export function wayOut(
  name: string,
  { destination, port, ...args }: WayOutArgs,
  opts: pulumi.CustomResourceOptions,
): aws.vpc.SecurityGroupEgressRule {
  return new aws.vpc.SecurityGroupEgressRule(
    name,
    { ...args, ...destination, ipProtocol: "tcp", fromPort: port, toPort: port },
    opts,
  );
}
