import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type AwsContext, contextHash } from "../components/names/names";
import { encryptionKey } from "../components/parts/encryptionKey";
import { secureBucket } from "../components/parts/secureBucket";
import { type State, stateBucketPolicy, stateKeyPolicy } from "./statePolicies";

/** S3 backend of the stacks, and its settings for the Pulumi CLI. */
interface StateStore extends State {
  readonly backendUrl: pulumi.Output<string>;
  /** Secrets provider of a stack. Only its roles decrypt with the name of the stack. */
  readonly secretsProviderOf: (stack: string) => string;
}

interface StateStoreArgs {
  context: AwsContext;
  projectName: string;
  /** Start of every physical name of the project. */
  projectStem: string;
  tags: Record<string, string>;
  /** ARNs of the roles that use the keys; an ARN may contain `*`. */
  userArns: string[];
}

/** S3 bucket of the Pulumi state with its KMS key, and KMS key of the stacks' secrets. */
export function stateStore(
  { context, projectName, projectStem, tags, userArns }: StateStoreArgs,
  opts: pulumi.CustomResourceOptions,
): StateStore {
  const { partition, region } = context;
  const bucket = `${projectStem}--state-${contextHash(context)}`;
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const createKey = (name: string, description: string) =>
    encryptionKey(
      name,
      {
        alias: `alias/${projectStem}--${name}`,
        deletionWindowInDays: 30,
        description,
        policy: JSON.stringify(stateKeyPolicy(context, userArns)),
        tags,
      },
      opts,
    );
  const stateKey = createKey("state", `State of the stacks of ${projectName}`);
  const secretsKey = createKey("secrets", `Secrets of the stacks of ${projectName}`);
  const store = secureBucket(
    "state",
    {
      bucket,
      forceDestroy: false,
      keyArn: stateKey.arn,
      policy: stateKey.arn.apply((arn) => stateBucketPolicy(bucketArn, arn)),
      tags,
    },
    opts,
  );
  new aws.s3.BucketLifecycleConfiguration(
    "state",
    { bucket: store.name, rules: [oldStatesRule] },
    { ...opts, dependsOn: [store.guard.versioning] },
  );
  return {
    backendUrl: pulumi.interpolate`s3://${store.name}?region=${region}`,
    bucketArn,
    keyArn: stateKey.arn,
    secretsKeyArn: secretsKey.arn,
    secretsProviderOf: (stack) =>
      `awskms://alias/${projectStem}--secrets?region=${region}&context_stack=${stack}`,
  };
}

// Old states for one year: without expiration, the bucket grows without limit. An upload that was
// begun is an old object once it is completed.
const oldStatesRule = {
  id: "old-versions",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
  noncurrentVersionExpiration: { noncurrentDays: 365 },
};
