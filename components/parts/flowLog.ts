import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface FlowLogArgs {
  /** Where in which bucket, as `<bucket's ARN>/<prefix>/`. */
  destination: pulumi.Input<string>;
  tags: Record<string, string>;
  vpcId: pulumi.Input<string>;
}

/** Who talked to whom in a VPC, refused attempts included, kept in a bucket whose policy takes it. */
export function flowLog(
  name: string,
  { destination, ...args }: FlowLogArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.FlowLog {
  return new aws.ec2.FlowLog(
    name,
    { ...args, logDestination: destination, logDestinationType: "s3", trafficType: "ALL" },
    opts,
  );
}
