import * as pulumi from "@pulumi/pulumi";

import type { Given } from "./checks/rules";
import type { Names } from "./names";
import { bucketUpkeep } from "./parts/bucketUpkeep";
import { bucketWatch } from "./parts/bucketWatch";
import { encryptionKey } from "./parts/encryptionKey";
import { type SecureBucket, secureBucket } from "./parts/secureBucket";
import { keyPolicy } from "./policies/key";
import { artifactBucketPolicy, logBucketPolicy } from "./policies/resources";
import type { Settings } from "./settings";

interface ArtifactStoreArgs {
  artifacts: Settings["artifacts"];
  description: string;
  /** Whether buckets are emptied and the key goes soon when they are destroyed. */
  disposable: boolean;
  executionRoleArn: Given;
  /** Whether approved models are deployed. */
  hasDeployment: boolean;
  /** Whether the log bucket also takes the flow logs of a network. */
  hasFlowLogs: boolean;
  /** Days that access logs are kept. */
  logRetentionDays: number;
  names: pulumi.Output<Names>;
  tags: Record<string, string>;
}

/** Where every build is kept, and the key without which none can be read. */
export interface ArtifactStore {
  bucket: SecureBucket;
  /** The bucket of access logs. */
  logs: SecureBucket;
  keyArn: pulumi.Output<string>;
}

/** The artifact bucket, the bucket of its access logs, and the key of the whole project. */
export function artifactStore(
  name: string,
  { artifacts, disposable, hasFlowLogs, names, tags, ...args }: ArtifactStoreArgs,
  opts: pulumi.CustomResourceOptions,
): ArtifactStore {
  const key = encryptionKey(
    `${name}-key`,
    {
      alias: names.keyAlias,
      deletionWindowInDays: disposable ? 7 : 30,
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
      forceDestroy: disposable,
      policy: names.apply((it) => logBucketPolicy(it, hasFlowLogs)),
      tags,
    },
    opts,
  );
  const bucket = secureBucket(
    `${name}-artifacts`,
    {
      bucket: names.artifactBucket,
      forceDestroy: disposable,
      keyArn: key.arn,
      policy: names.apply((it) => artifactBucketPolicy(it, key.arn, { ...args, ...artifacts })),
      tags,
    },
    opts,
  );

  const { expireBuildsAfterDays, noncurrentDays, noncurrentVersions } = artifacts;
  const upkeep = (part: string, of: SecureBucket, expireAfterDays?: number) => {
    const lifecycle = { expireAfterDays, noncurrentDays, noncurrentVersions };
    const { versioning } = of.guard;
    bucketUpkeep(`${name}-${part}`, { bucket: of.name, lifecycle, versioning }, opts);
  };
  upkeep("access-logs", logs, args.logRetentionDays);
  upkeep("artifacts", bucket, expireBuildsAfterDays);
  bucketWatch(
    `${name}-artifacts`,
    { bucket: bucket.name, logs: { bucket: logs.name, policy: logs.guard.policy } },
    opts,
  );

  return { bucket, logs, keyArn: key.arn };
}
