import * as pulumi from "@pulumi/pulumi";

import type { StringInput } from "../validation/fields";
import { artifactFolders } from "../names/deployNames";
import type { Names } from "../names/names";
import { bucketLifecycle } from "../parts/bucketLifecycle";
import { bucketLogging } from "../parts/bucketLogging";
import { encryptionKey } from "../parts/encryptionKey";
import { type SecureBucket, secureBucket } from "../parts/secureBucket";
import { keyPolicy } from "../policies/key";
import { artifactBucketPolicy, logBucketPolicy } from "../policies/resources";
import type { Settings } from "../validation/resolveSettings";

interface ArtifactStoreArgs {
  artifacts: Settings["artifacts"];
  description: string;
  /** Whether a destroy deletes the objects too, and the key after 7 days instead of 30. */
  forceDestroy: boolean;
  executionRoleArn: StringInput;
  /** Whether the project deploys approved models. */
  hasDeployment: boolean;
  /** Whether the notification rules publish with a role. */
  hasExecutionRole: boolean;
  /** Whether the log bucket also stores VPC flow logs. */
  hasFlowLogs: boolean;
  /** Whether builds compare pull requests. */
  hasPullRequests: boolean;
  /** Whether there are trials. */
  hasTrials: boolean;
  /** Retention of access logs in days. */
  logRetentionDays: number;
  names: pulumi.Output<Names>;
  tags: Record<string, string>;
}

/** S3 bucket of the artifacts, log bucket, and KMS key. */
export interface ArtifactStore {
  bucket: SecureBucket;
  /** Bucket of access logs. */
  logs: SecureBucket;
  keyArn: pulumi.Output<string>;
}

/** S3 artifact bucket, bucket of its access logs, and KMS key of the project. */
export function artifactStore(
  name: string,
  { artifacts, forceDestroy, hasFlowLogs, names, tags, ...args }: ArtifactStoreArgs,
  opts: pulumi.CustomResourceOptions,
): ArtifactStore {
  const key = encryptionKey(
    `${name}-key`,
    {
      alias: names.keyAlias,
      deletionWindowInDays: forceDestroy ? 7 : 30,
      description: args.description,
      policy: pulumi.jsonStringify(
        names.apply((it) => pulumi.output(keyPolicy(it, { ...args, ...artifacts }))),
      ),
      tags,
    },
    opts,
  );
  const logs = secureBucket(
    `${name}-access-logs`,
    {
      bucket: names.logBucket,
      forceDestroy,
      policy: names.apply((it) => logBucketPolicy(it, hasFlowLogs)),
      tags,
    },
    opts,
  );
  const bucket = secureBucket(
    `${name}-artifacts`,
    {
      bucket: names.artifactBucket,
      forceDestroy,
      keyArn: key.arn,
      policy: names.apply((it) => artifactBucketPolicy(it, key.arn, { ...args, ...artifacts })),
      tags,
    },
    opts,
  );

  const { expireBuildsAfterDays, noncurrentDays } = artifacts;
  bucketLifecycle(
    `${name}-access-logs`,
    {
      bucket: logs.name,
      lifecycle: { expireAfterDays: args.logRetentionDays, noncurrentDays },
      versioning: logs.guard.versioning,
    },
    opts,
  );
  bucketLifecycle(
    `${name}-artifacts`,
    {
      bucket: bucket.name,
      lifecycle: {
        expireAfterDays: expireBuildsAfterDays,
        noncurrentDays,
        // Not the deployed models: SageMaker loads them again for each new instance.
        ...(args.hasDeployment ? { expiringPrefixes: names.apply(buildFolders) } : {}),
      },
      versioning: bucket.guard.versioning,
    },
    opts,
  );
  bucketLogging(
    `${name}-artifacts`,
    { bucket: bucket.name, logs: { bucket: logs.name, policy: logs.guard.policy } },
    opts,
  );

  return { bucket, logs, keyArn: key.arn };
}

/** Folders of both CodePipelines, of training, trials, captured requests and pull requests. */
function buildFolders({
  deploy,
  modelPackageGroup,
  pipeline,
  pullRequests,
  sagemakerPipeline,
  trial,
}: Names): string[] {
  const folders = [
    ...artifactFolders(pipeline),
    ...artifactFolders(deploy.pipeline),
    sagemakerPipeline,
    trial.folder,
    `${modelPackageGroup}/captured`,
    pullRequests.folder,
  ];
  return [...new Set(folders)].map((folder) => `${folder}/`);
}
