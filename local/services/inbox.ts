import { ownerClients } from "../iam/clients";
import type { AwsContext } from "../iam/contract";

/** A queue that has subscribed to the project's topic and reads its notifications. */
export interface Inbox {
  /** Messages since the last look, oldest first. */
  readonly collect: () => Promise<string[]>;
  /** Ends the subscription and removes the queue. */
  readonly close: () => Promise<void>;
}

/** Subscribes a queue of the account's owner to the topic; `onMessage` gets each message as well. */
export async function openInbox(
  topicArn: string,
  context: AwsContext,
  onMessage: (message: string) => void = () => undefined,
): Promise<Inbox> {
  const { sns: makeSns, sqs: makeSqs } = ownerClients(context);
  const [sns, sqs] = await Promise.all([makeSns(), makeSqs()]);
  const { QueueUrl } = await sqs.createQueue({ QueueName: "e2e-inbox" });
  if (QueueUrl === undefined) throw new Error("SQS returned no queue URL");
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ["QueueArn"] });
  const { SubscriptionArn } = await sns.subscribe({
    TopicArn: topicArn,
    Protocol: "sqs",
    Endpoint: Attributes?.QueueArn,
    Attributes: { RawMessageDelivery: "true" },
    ReturnSubscriptionArn: true,
  });

  return {
    collect: async () => {
      const found: string[] = [];
      for (;;) {
        const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
        if (Messages.length === 0) return found;
        for (const { Body = "", ReceiptHandle } of Messages) {
          found.push(Body);
          onMessage(Body);
          await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
        }
      }
    },
    close: async () => {
      await sns.unsubscribe({ SubscriptionArn });
      await sqs.deleteQueue({ QueueUrl });
    },
  };
}
