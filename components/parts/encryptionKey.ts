import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface EncryptionKeyArgs {
  alias: pulumi.Input<string>;
  /**
   * Waiting period of a key deletion in days, 7 to 30.
   * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
   */
  deletionWindowInDays: number;
  description: string;
  policy: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** Customer managed KMS key with yearly rotation and an alias. Policies use the key ARN. */
export function encryptionKey(
  name: string,
  { alias, ...args }: EncryptionKeyArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const key = new aws.kms.Key(name, { ...args, enableKeyRotation: true }, opts);
  new aws.kms.Alias(name, { name: alias, targetKeyId: key.keyId }, opts);

  return key;
}
