import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface BuildLogsArgs {
  keyArn: pulumi.Input<string>;
  logGroupName: pulumi.Input<string>;
  /** One of CloudWatch's values. */
  retentionInDays: number;
  tags: Record<string, string>;
}

/** The log group of the builds: encrypted, and kept no longer than said. A build may not make one itself. */
export function buildLogs(
  name: string,
  { keyArn, logGroupName, retentionInDays, tags }: BuildLogsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    name,
    { name: logGroupName, kmsKeyId: keyArn, retentionInDays, tags },
    opts,
  );
}
