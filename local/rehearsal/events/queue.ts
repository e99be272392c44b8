import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

import { clientOptions } from "../../provider/clients";
import type { Credentials, Stage } from "../contract";

interface Message {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Sends a message to the queue under these credentials, which are judged, and returns its id. */
export async function sendToQueue(
  queueArn: string,
  { body, attributes = {} }: Message,
  credentials: Credentials,
  { gateway, ownerEndpoint, region, signal }: Stage,
): Promise<string> {
  const { SQS } = await import("@aws-sdk/client-sqs");
  const QueueName = queueArn.split(":").pop();
  const owner = new SQS({ ...clientOptions(ownerEndpoint, region), useQueueUrlAsEndpoint: false });
  // EventBridge knows the URL without asking: the question is not judged.
  const { QueueUrl } = await owner.getQueueUrl({ QueueName }, { abortSignal: signal });
  const options = clientOptions(gateway.endpoint, region);
  const sqs = new SQS({ ...options, credentials, useQueueUrlAsEndpoint: false });
  const request = { QueueUrl, MessageBody: body, MessageAttributes: texts(attributes) };
  const { MessageId = "" } = await sqs.sendMessage(request, { abortSignal: signal });
  return MessageId;
}

function texts(
  attributes: Readonly<Record<string, string>>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [
      name,
      { DataType: "String", StringValue },
    ]),
  );
}
