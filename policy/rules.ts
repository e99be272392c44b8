import type { ResourceRule, StackRule } from "./rule";
import { encryptedBuckets } from "./rules/bucketEncryption";
import { privateBuckets, tlsOnlyBuckets, versionedBuckets } from "./rules/buckets";
import { noPlainSecret, unprivilegedBuild } from "./rules/builds";
import { keptData, protectedData } from "./rules/data";
import {
  encryptedEndpoint,
  guardedEndpoint,
  isolatedModel,
  redundantEndpoint,
} from "./rules/endpoints";
import { deadLetters } from "./rules/events";
import { guardedPassRole, namedActions, noWideManagedPolicy } from "./rules/iam";
import { rotatedKey } from "./rules/keys";
import { retainedLogs } from "./rules/logs";
import { encryptedQueue, encryptedTopic, tlsOnlyQueues, tlsOnlyTopics } from "./rules/messages";
import { noPolling, pipelineV2 } from "./rules/pipelines";
import { pinnedTrust } from "./rules/trust";

/** The rules that judge one resource. */
export const resourceRules: readonly ResourceRule[] = [
  noWideManagedPolicy,
  namedActions,
  guardedPassRole,
  pinnedTrust,
  rotatedKey,
  unprivilegedBuild,
  noPlainSecret,
  retainedLogs,
  pipelineV2,
  noPolling,
  deadLetters,
  encryptedTopic,
  encryptedQueue,
  isolatedModel,
  encryptedEndpoint,
  guardedEndpoint,
  redundantEndpoint,
  protectedData,
];

/** The rules that judge a stack as a whole. */
export const stackRules: readonly StackRule[] = [
  privateBuckets,
  tlsOnlyBuckets,
  encryptedBuckets,
  versionedBuckets,
  tlsOnlyTopics,
  tlsOnlyQueues,
  keptData,
];
