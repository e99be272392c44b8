import { unknownValue } from "../resource";
import type { ResourceRule } from "../rule";

/**
 * KMS key: automatic rotation, where KMS supports it.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html#kms-4
 */
export const kmsKeyRotation: ResourceRule = {
  name: "kms-key-rotation",
  description: "A symmetric KMS key rotates automatically.",
  controls: ["KMS.4"],
  types: ["aws:kms/key:Key"],
  inputs: ["enableKeyRotation"],
  problems: ({ props }) => {
    const { customerMasterKeySpec: spec, customKeyStoreId, enableKeyRotation } = props;
    // KMS cannot rotate asymmetric keys, HMAC keys and keys in a custom key store.
    const isRotatable = spec === undefined || spec === "SYMMETRIC_DEFAULT";
    if (!isRotatable || customKeyStoreId !== undefined) return [];
    return enableKeyRotation === true || enableKeyRotation === unknownValue
      ? []
      : ["The KMS key does not rotate. Set enableKeyRotation to true."];
  },
};
