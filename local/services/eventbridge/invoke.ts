import { z } from "zod";

import { authorizedClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";
import { sendToQueue } from "./queue";
import type { Target } from "./rules";

// Of source revisions AWS documents that this target takes them; that it takes variables too, as the same request of
// the API does, AWS says nowhere.
const startInput = z.strictObject({
  sourceRevisions: z
    .array(
      z.strictObject({
        actionName: z.string(),
        revisionType: z.enum([
          "COMMIT_ID",
          "IMAGE_DIGEST",
          "S3_OBJECT_VERSION_ID",
          "S3_OBJECT_KEY",
        ]),
        revisionValue: z.string(),
      }),
    )
    .optional(),
  variables: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
});

/** Hands the input to the target as EventBridge would, under these credentials; returns the id of what it caused. */
export async function invoke(
  target: Target,
  input: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<string> {
  const kind = target.Arn.split(":")[2];
  if (kind === "codepipeline") return startPipeline(target, input, credentials, context);
  if (kind === "codebuild") return startBuild(target, input, credentials, context);
  if (kind === "sqs") return sendToQueue(target.Arn, { body: input }, credentials, context);
  if (kind === "sns") return publish(target, input, credentials, context);
  throw new Error(
    `the local cloud simulates targets of CodeBuild, CodePipeline, SNS and SQS, got ${target.Arn}`,
  );
}

// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html
const buildInput = z.strictObject({
  environmentVariablesOverride: z
    .array(z.strictObject({ name: z.string(), type: z.literal("PLAINTEXT"), value: z.string() }))
    .optional(),
  sourceVersion: z.string().optional(),
});

async function startBuild(
  { Arn }: Target,
  input: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<string> {
  const codebuild = await authorizedClients(context, credentials).codebuild();
  const request = { projectName: Arn.split("/").pop(), ...buildInput.parse(JSON.parse(input)) };
  const { build } = await codebuild.startBuild(request, { abortSignal: context.signal });
  return build?.id ?? "";
}

async function publish(
  { Arn }: Target,
  Message: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<string> {
  const sns = await authorizedClients(context, credentials).sns();
  const request = { TopicArn: Arn, Message };
  const { MessageId = "" } = await sns.publish(request, { abortSignal: context.signal });
  return MessageId;
}

async function startPipeline(
  { Arn, Input, InputTransformer }: Target,
  input: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<string> {
  // Unless the target says otherwise its input is the event, from which CodePipeline takes nothing.
  const isEvent = Input === undefined && InputTransformer === undefined;
  const pinned = isEvent ? {} : startInput.parse(JSON.parse(input));
  const api = await authorizedClients(context, credentials).codepipeline();
  const request = { name: Arn.split(":").pop(), ...pinned };
  const started = await api.startPipelineExecution(request, { abortSignal: context.signal });
  return started.pipelineExecutionId ?? "";
}
