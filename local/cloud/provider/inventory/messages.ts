import type { ClientOptions } from "../clients";
import type { Row } from "../inventory";

/** Every SNS topic, and every subscription to one. */
export async function topics(options: ClientOptions): Promise<Row[]> {
  const { SNS, paginateListSubscriptions, paginateListTopics } =
    await import("@aws-sdk/client-sns");
  const client = new SNS(options);
  const rows: Row[] = [];
  for await (const { Topics = [] } of paginateListTopics({ client }, {})) {
    for (const { TopicArn = "" } of Topics) {
      const { Attributes } = await client.getTopicAttributes({ TopicArn });
      const key = Attributes?.KmsMasterKeyId ? "customer managed key" : "no customer managed key";
      rows.push({ service: "SNS", kind: "topic", name: lastOf(TopicArn), detail: key });
    }
  }
  for await (const { Subscriptions = [] } of paginateListSubscriptions({ client }, {})) {
    rows.push(
      ...Subscriptions.map(({ Endpoint = "", Protocol = "", TopicArn = "" }) => ({
        service: "SNS",
        kind: "subscription",
        name: `${lastOf(TopicArn)}/${Endpoint}`,
        detail: `by ${Protocol}`,
      })),
    );
  }
  return rows;
}

function lastOf(arn: string): string {
  return arn.split(":").pop() ?? "";
}
