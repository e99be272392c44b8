import type { MessageAttributeValue } from "@aws-sdk/client-sqs";

import { authorizedClients, ownerClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";

interface Message {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Sends a message to the queue under these credentials, with authorization, and returns its id. */
export async function sendToQueue(
  queueArn: string,
  { body, attributes = {} }: Message,
  credentials: Credentials,
  context: AwsContext,
): Promise<string> {
  const { signal: abortSignal } = context;
  const QueueName = queueArn.split(":").pop();
  const owner = await ownerClients(context).sqs();
  // EventBridge knows the URL without asking: the lookup is not authorized.
  const { QueueUrl } = await owner.getQueueUrl({ QueueName }, { abortSignal });
  const sqs = await authorizedClients(context, credentials).sqs();
  const request = { QueueUrl, MessageBody: body, MessageAttributes: texts(attributes) };
  const { MessageId = "" } = await sqs.sendMessage(request, { abortSignal });
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
