import { clientOptions } from "./clients";
import type { Handler } from "./handler";
import { cloudwatchHandlers } from "./services/cloudwatch";
import { codebuildHandlers } from "./services/codebuild";
import { codecommitHandlers } from "./services/codecommit";
import { codepipelineHandlers } from "./services/codepipeline";
import { eventbridgeHandlers } from "./services/eventbridge";
import { iamHandlers } from "./services/iam";
import { iamOidcHandlers } from "./services/iamOidc";
import { iamAttachmentHandlers } from "./services/iamAttachment";
import { iamPolicyHandlers } from "./services/iamPolicy";
import { kmsHandlers } from "./services/kms";
import { logsHandlers } from "./services/logs";
import { s3BucketHandlers } from "./services/s3Bucket";
import { s3BucketRuleHandlers } from "./services/s3BucketRules";
import { sagemakerHandlers } from "./services/sagemaker";
import { schedulerHandlers } from "./services/scheduler";
import { snsHandlers } from "./services/sns";
import { snsSubscriptionHandlers } from "./services/snsSubscription";
import { sqsHandlers } from "./services/sqs";

/** Every resource type that the local cloud knows, by type token; throws off loopback. */
export function handlersFor(endpoint: string, region: string): ReadonlyMap<string, Handler> {
  const options = clientOptions(endpoint, region);
  const handlers = [
    ...cloudwatchHandlers(options),
    ...codebuildHandlers(options),
    ...codecommitHandlers(options),
    ...codepipelineHandlers(options),
    ...eventbridgeHandlers(options),
    ...iamHandlers(options),
    ...iamOidcHandlers(options),
    ...iamAttachmentHandlers(options),
    ...iamPolicyHandlers(options),
    ...kmsHandlers(options),
    ...logsHandlers(options),
    ...s3BucketHandlers(options),
    ...s3BucketRuleHandlers(options),
    ...sagemakerHandlers(options),
    ...schedulerHandlers(options),
    ...snsHandlers(options),
    ...snsSubscriptionHandlers(options),
    ...sqsHandlers(options),
  ];
  return new Map(handlers.map((handler) => [handler.type, handler]));
}

/** @throws for a resource type that the local cloud does not support */
export function handlerOf(handlers: ReadonlyMap<string, Handler>, type: string): Handler {
  const handler = handlers.get(type);
  if (handler === undefined) throw new Error(unsupported(type));
  return handler;
}

/** Error text for a resource type without a handler. */
export function unsupported(type: string): string {
  return `the local aws provider does not support type ${type}`;
}
