import * as pulumi from "@pulumi/pulumi";

import type { Given } from "./checks/rules";
import { stageNames } from "./deployNames";
import type { Names } from "./names";
import { contractVersion } from "./outputs/contract";
import { bucketUpkeep } from "./parts/bucketUpkeep";
import { sharedDocument } from "./parts/sharedDocument";
import { secureBucket } from "./parts/secureBucket";
import { stateBucketPolicy } from "./policies/resources";

interface StateStoreArgs {
  administratorArns: Given[];
  /** Whether the bucket is emptied when it is destroyed. */
  disposable: boolean;
  keyArn: pulumi.Input<string>;
  /** Outputs of the model build. */
  modelBuild: Record<string, pulumi.Input<string>>;
  names: pulumi.Output<Names>;
  tags: Record<string, string>;
}

/** A bucket of state, and what must stand before the first deployment reads it. */
export interface StateStore {
  name: pulumi.Output<string>;
  ready: pulumi.Resource[];
}

/** Where Pulumi keeps the state of each stage's endpoint, and, beside it, what the model build says of itself. */
export function stateStore(
  name: string,
  { administratorArns, modelBuild, names, ...args }: StateStoreArgs,
  opts: pulumi.CustomResourceOptions,
): StateStore {
  const { keyArn, tags } = args;
  const bucket = secureBucket(
    name,
    {
      bucket: names.deploy.stateBucket,
      forceDestroy: args.disposable,
      keyArn,
      policy: names.apply((it) => stateBucketPolicy(it, administratorArns)),
      tags,
    },
    opts,
  );
  bucketUpkeep(
    name,
    {
      bucket: bucket.name,
      // Every state that a deployment left behind, for a year; of each, the last ten whatever their age.
      lifecycle: { noncurrentDays: 365, noncurrentVersions: 10 },
      versioning: bucket.guard.versioning,
    },
    opts,
  );
  const document = pulumi.jsonStringify({ ...modelBuild, contractVersion });
  const guards = Object.values(bucket.guard);
  const documents = stageNames.map((stage) =>
    sharedDocument(
      `${name}-${stage}`,
      { bucket: bucket.name, content: document, key: `${stage}/model-build-outputs.json`, tags },
      { ...opts, dependsOn: guards },
    ),
  );
  return { name: bucket.name, ready: [...guards, ...documents] };
}
