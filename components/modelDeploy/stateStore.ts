import * as pulumi from "@pulumi/pulumi";

import type { StringInput } from "../validation/fields";
import { stageNames } from "../names/deployNames";
import type { Names } from "../names/names";
import { contractVersion } from "../outputs/contract";
import type { ModelBuildOutputsArgs } from "./modelDeployPipelineArgs";
import { bucketLifecycle } from "../parts/bucketLifecycle";
import { sharedDocument } from "../parts/sharedDocument";
import { secureBucket } from "../parts/secureBucket";
import { stateBucketPolicy } from "../policies/resources";

interface StateStoreArgs {
  administratorArns: StringInput[];
  /** Whether a destroy deletes the objects too. */
  forceDestroy: boolean;
  keyArn: pulumi.Input<string>;
  modelBuild: ModelBuildOutputsArgs;
  names: pulumi.Output<Names>;
  tags: Record<string, string>;
}

/** S3 bucket of the Pulumi state, and the resources that must exist before the first deployment. */
export interface StateStore {
  name: pulumi.Output<string>;
  ready: pulumi.Resource[];
}

/** S3 bucket of the Pulumi state of each stage, with the outputs of the model build. */
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
      forceDestroy: args.forceDestroy,
      keyArn,
      policy: names.apply((it) => stateBucketPolicy(it, administratorArns)),
      tags,
    },
    opts,
  );
  bucketLifecycle(
    name,
    {
      bucket: bucket.name,
      lifecycle: { noncurrentDays: 365 },
      versioning: bucket.guard.versioning,
    },
    opts,
  );
  const { artifactBucketName, artifactKeyArn, modelPackageGroupName, notificationTopicArn } =
    modelBuild;
  const document = pulumi.jsonStringify({
    artifactBucketName,
    artifactKeyArn,
    contractVersion,
    modelPackageGroupName,
    notificationTopicArn,
  });
  const guards = Object.values(bucket.guard);
  const documents = stageNames.map((stage) =>
    sharedDocument(
      `${name}-${stage}`,
      { bucket: bucket.name, content: document, key: `${stage}/model-build-outputs.json`, tags },
      // No upload before the bucket has its policy, encryption and versioning.
      { ...opts, dependsOn: guards },
    ),
  );
  return { name: bucket.name, ready: [...guards, ...documents] };
}
