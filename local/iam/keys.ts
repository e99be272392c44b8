import { unlessGone } from "../cloud/provider/clients";
import type { Clients } from "./clients";
import { remembered } from "./cached";

/** Under which customer-managed key something is encrypted; undefined if under none. */
export interface Keys {
  /** The key's ARN by its id, alias or ARN. */
  readonly arnOf: (id: string) => Promise<string | undefined>;
  /** What the bucket does with an upload that says nothing. */
  readonly ofBucket: (bucket: string) => Promise<string | undefined>;
  /** Undefined if there is no such object. */
  readonly ofObject: (object: {
    readonly bucket: string;
    readonly key: string;
    readonly versionId?: string | undefined;
  }) => Promise<{ readonly keyArn: string | undefined } | undefined>;
  /** The key of a parameter; undefined if there is no such parameter, or it is plain text. */
  readonly ofParameter: (name: string) => Promise<string | undefined>;
  readonly ofQueue: (queueArn: string) => Promise<string | undefined>;
  /** Secret by its name or ARN; undefined if there is no such secret. */
  readonly ofSecret: (
    id: string,
  ) => Promise<{ readonly arn: string; readonly keyArn: string | undefined } | undefined>;
  readonly ofTopic: (topicArn: string) => Promise<string | undefined>;
}

/** The keys of the deployed account, looked up once each; those of objects at every call. */
export function keysOf(owner: Clients): Keys {
  const arnOf = remembered(async (id: string) => {
    if (/^arn:[^:]+:kms:.*:key\//.test(id)) return id;
    // Encryption under an AWS owned key needs no permission.
    if (/(^|:)alias\/aws\//.test(id)) return undefined;
    const { KeyMetadata } = await (await owner.kms()).describeKey({ KeyId: id });
    return KeyMetadata?.Arn;
  });
  const named = async (id: string | undefined) =>
    id === undefined || id === "" ? undefined : arnOf(id);

  return {
    arnOf,
    ofBucket: remembered(async (Bucket) => {
      const found = await unlessGone(
        (await owner.s3()).getBucketEncryption({ Bucket }),
        /^(NoSuchBucket|ServerSideEncryptionConfigurationNotFoundError):/,
      );
      const [rule] = found?.ServerSideEncryptionConfiguration?.Rules ?? [];
      return named(rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID);
    }),
    async ofObject({ bucket, key, versionId }) {
      const name = { Bucket: bucket, Key: key, VersionId: versionId };
      const found = await unlessGone(
        (await owner.s3()).headObject(name),
        /^(NoSuchBucket|NoSuchKey|NoSuchVersion|NotFound|405):/,
      );
      return found && { keyArn: await named(found.SSEKMSKeyId) };
    },
    ofParameter: async (Name) => {
      const filter = { Key: "Name", Option: "Equals", Values: [Name] };
      const { Parameters = [] } = await (
        await owner.ssm()
      ).describeParameters({ ParameterFilters: [filter] });
      return named(Parameters[0]?.KeyId);
    },
    ofQueue: remembered(async (queueArn) => {
      const api = await owner.sqs();
      const { QueueUrl } = await api.getQueueUrl({ QueueName: nameOf(queueArn) });
      const { Attributes } = await api.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
      return named(Attributes?.KmsMasterKeyId);
    }),
    ofSecret: async (SecretId) => {
      const found = await unlessGone(
        (await owner.secrets()).describeSecret({ SecretId }),
        /^ResourceNotFoundException:/,
      );
      return found?.ARN === undefined
        ? undefined
        : { arn: found.ARN, keyArn: await named(found.KmsKeyId) };
    },
    ofTopic: remembered(async (TopicArn) => {
      const { Attributes } = await (await owner.sns()).getTopicAttributes({ TopicArn });
      return named(Attributes?.KmsMasterKeyId);
    }),
  };
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}
