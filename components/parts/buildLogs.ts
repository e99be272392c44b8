import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface BuildLogsArgs {
  keyArn: pulumi.Input<string>;
  logGroupName: pulumi.Input<string>;
  /**
   * One of the values of CloudWatch Logs.
   * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
   */
  retentionInDays: number;
  tags: Record<string, string>;
}

/** CloudWatch log group of a CodeBuild project, encrypted. Builds may not create log groups. */
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
