import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface EncryptionKeyArgs {
  alias: pulumi.Input<string>;
  /** Days until a scheduled deletion is final, 7 to 30. */
  deletionWindowInDays: number;
  description: string;
  policy: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** A customer-managed key that rotates yearly, with an alias for people; policies name the key itself. */
export function encryptionKey(
  name: string,
  { alias, ...args }: EncryptionKeyArgs,
  opts: pulumi.CustomResourceOptions,
): aws.kms.Key {
  const key = new aws.kms.Key(name, { ...args, enableKeyRotation: true }, opts);
  new aws.kms.Alias(name, { name: alias, targetKeyId: key.keyId }, opts);

  return key;
}
