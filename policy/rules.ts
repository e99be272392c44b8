import type { ResourceRule, StackRule } from "./rule";
import { codebuildNoPlaintextSecrets, codebuildNoPrivilegedMode } from "./rules/codebuild";
import {
  codepipelineNoPolling,
  codepipelineNoVariablesInEnvironment,
  codepipelineTypeV2,
} from "./rules/codepipeline";
import { eventsTargetDeadLetterQueue } from "./rules/events";
import { iamNoBroadManagedPolicy, iamNoWildcardActions, iamPassRoleRestricted } from "./rules/iam";
import { iamTrustPolicyRestricted } from "./rules/iamTrust";
import { kmsKeyRotation } from "./rules/kms";
import { logGroupRetention } from "./rules/logGroups";
import { noDataDeletion, prodDeletionProtection } from "./rules/dataProtection";
import { s3BucketKmsEncryption } from "./rules/s3Encryption";
import { s3BucketPublicAccessBlock, s3BucketTlsOnly, s3BucketVersioning } from "./rules/s3";
import {
  sagemakerEndpointAutoRollback,
  sagemakerEndpointVolumeEncryption,
  sagemakerModelNetworkIsolation,
  sagemakerProdEndpointInstanceCount,
} from "./rules/sagemaker";
import {
  snsTopicEncryption,
  snsTopicTlsOnly,
  sqsQueueEncryption,
  sqsQueueTlsOnly,
} from "./rules/snsAndSqs";

/** Rules for one resource. */
export const resourceRules: readonly ResourceRule[] = [
  iamNoBroadManagedPolicy,
  iamNoWildcardActions,
  iamPassRoleRestricted,
  iamTrustPolicyRestricted,
  kmsKeyRotation,
  codebuildNoPrivilegedMode,
  codebuildNoPlaintextSecrets,
  logGroupRetention,
  codepipelineTypeV2,
  codepipelineNoPolling,
  codepipelineNoVariablesInEnvironment,
  eventsTargetDeadLetterQueue,
  snsTopicEncryption,
  sqsQueueEncryption,
  sagemakerModelNetworkIsolation,
  sagemakerEndpointVolumeEncryption,
  sagemakerEndpointAutoRollback,
  sagemakerProdEndpointInstanceCount,
  prodDeletionProtection,
];

/** Rules for the whole stack. */
export const stackRules: readonly StackRule[] = [
  s3BucketPublicAccessBlock,
  s3BucketTlsOnly,
  s3BucketKmsEncryption,
  s3BucketVersioning,
  snsTopicTlsOnly,
  sqsQueueTlsOnly,
  noDataDeletion,
];
