import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Place } from "../../components/names";
import { encryptionKey } from "../../components/parts/encryptionKey";
import { secureBucket } from "../../components/parts/secureBucket";
import { denyAll, document } from "../../components/policies/grammar";
import type { State } from "./policies";

/** Where the stacks' state lies, and how the Pulumi CLI is told of it. */
interface StateStore extends State {
  readonly backendUrl: pulumi.Output<string>;
  readonly secretsProvider: string;
}

/** A bucket for the state under a key of its own, and the key of the stacks' secrets. */
export function stateStore(
  { place, projectName, tags }: { place: Place; projectName: string; tags: Record<string, string> },
  opts: pulumi.CustomResourceOptions,
): StateStore {
  const { accountId, partition, region } = place;
  // The account keeps the name from being anybody else's.
  const bucket = `${projectName}-pulumi-state-${accountId}-${region}`;
  const bucketArn = `arn:${partition}:s3:::${bucket}`;
  const key = (name: string, what: string) =>
    encryptionKey(
      name,
      {
        alias: `alias/${projectName}-pulumi-${name}`,
        deletionWindowInDays: 30,
        description: what,
        policy: JSON.stringify(usedByAccount(place)),
        tags,
      },
      opts,
    );
  const stateKey = key("state", `State of the stacks of ${projectName}`);
  const secretsKey = key("secrets", `Secrets of the stacks of ${projectName}`);
  const store = secureBucket(
    "state",
    { bucket, forceDestroy: false, keyArn: stateKey.arn, policy: tlsOnly(bucketArn), tags },
    opts,
  );
  new aws.s3.BucketLifecycleConfiguration(
    "state",
    { bucket: store.name, rules: [oldVersions] },
    { ...opts, dependsOn: [store.guard.versioning] },
  );
  return {
    backendUrl: pulumi.interpolate`s3://${store.name}?region=${region}`,
    bucketArn,
    keyArn: stateKey.arn,
    secretsKeyArn: secretsKey.arn,
    secretsProvider: `awskms://alias/${projectName}-pulumi-secrets?region=${region}`,
  };
}

// A year of every state that ever was; without an end, the bucket only grows.
const oldVersions = {
  id: "old-versions",
  status: "Enabled",
  filter: { prefix: "" },
  noncurrentVersionExpiration: { noncurrentDays: 365 },
};

/** IAM decides, as for every key whose users are only roles of the account. */
function usedByAccount({ accountId, partition }: Place) {
  return document([
    {
      Sid: "AccountAdministration",
      Effect: "Allow",
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ]);
}

function tlsOnly(bucketArn: string) {
  return document([
    denyAll("DenyInsecureTransport", [bucketArn, `${bucketArn}/*`], "s3:*", {
      Bool: { "aws:SecureTransport": "false" },
    }),
  ]);
}
