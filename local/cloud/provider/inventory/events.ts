import type { ClientOptions } from "../clients";
import type { Row } from "../inventory";

/** Every EventBridge rule on the default bus, and every target of one. */
export async function rules(options: ClientOptions): Promise<Row[]> {
  const { EventBridge } = await import("@aws-sdk/client-eventbridge");
  const api = new EventBridge(options);
  const { Rules = [] } = await api.listRules({});
  const rows = await Promise.all(
    Rules.map(async ({ Name = "", State = "", EventPattern = "" }) => {
      const { Targets = [] } = await api.listTargetsByRule({ Rule: Name });
      const targets = Targets.map(({ Id = "", Arn = "", DeadLetterConfig, RetryPolicy }) => ({
        service: "EventBridge",
        kind: "target",
        name: `${Name}/${Id}`,
        detail: [
          `${Arn.includes(":sns:") ? "notifies" : "starts"} ${Arn}`,
          RetryPolicy && `${String(RetryPolicy.MaximumRetryAttempts)} retries`,
          DeadLetterConfig && "DLQ",
        ]
          .filter((fact) => fact !== undefined)
          .join(", "),
      }));
      const detail = `${State.toLowerCase()}, on ${EventPattern}`;
      return [{ service: "EventBridge", kind: "rule", name: Name, detail }, ...targets];
    }),
  );
  return rows.flat();
}

/** Every SQS queue. */
export async function queues(options: ClientOptions): Promise<Row[]> {
  const { SQS } = await import("@aws-sdk/client-sqs");
  const api = new SQS({ ...options, useQueueUrlAsEndpoint: false });
  const { QueueUrls = [] } = await api.listQueues({});
  return Promise.all(
    QueueUrls.map(async (QueueUrl) => {
      const { Attributes } = await api.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
      const detail = [
        Attributes?.KmsMasterKeyId ? "customer managed key" : "no customer managed key",
        Attributes?.Policy ? "with a policy" : "without a policy",
        `${Attributes?.ApproximateNumberOfMessages ?? "0"} messages`,
      ].join(", ");
      return { service: "SQS", kind: "queue", name: QueueUrl.split("/").pop() ?? "", detail };
    }),
  );
}

/** Every CloudWatch log group. */
export async function logGroups(options: ClientOptions): Promise<Row[]> {
  const { CloudWatchLogs, paginateDescribeLogGroups } =
    await import("@aws-sdk/client-cloudwatch-logs");
  const rows: Row[] = [];
  const client = new CloudWatchLogs(options);
  for await (const { logGroups: page = [] } of paginateDescribeLogGroups({ client }, {})) {
    rows.push(
      ...page.map(({ logGroupName = "", retentionInDays, kmsKeyId }) => ({
        service: "CloudWatch Logs",
        kind: "log group",
        name: logGroupName,
        detail:
          (retentionInDays === undefined ? "no expiry" : `${String(retentionInDays)} days`) +
          (kmsKeyId === undefined ? ", no customer managed key" : ", customer managed key"),
      })),
    );
  }
  return rows;
}
