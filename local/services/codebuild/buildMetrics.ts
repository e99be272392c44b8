import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";

/**
 * Metric of a build's end; CodeBuild publishes it in its own name, which needs no permission.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/cloudwatch_metrics-codebuild.html
 */
export async function publishBuild(
  project: string,
  hasSucceeded: boolean,
  context: AwsContext,
): Promise<void> {
  const cloudwatch = await ownerClients(context).cloudwatch();
  await cloudwatch.putMetricData({
    Namespace: "AWS/CodeBuild",
    MetricData: [
      {
        Dimensions: [{ Name: "ProjectName", Value: project }],
        MetricName: hasSucceeded ? "SucceededBuilds" : "FailedBuilds",
        Unit: "Count",
        Value: 1,
      },
    ],
  });
}
