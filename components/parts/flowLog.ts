import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface FlowLogArgs {
  /** ARN of the bucket and prefix: `<bucket ARN>/<prefix>/`. */
  destination: pulumi.Input<string>;
  tags: Record<string, string>;
  vpcId: pulumi.Input<string>;
}

/** VPC flow log to S3, all traffic: accepted and rejected. */
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
