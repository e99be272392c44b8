import { notYet } from "../resource";
import type { ResourceRule } from "../rule";

/** A key that KMS can rotate is rotated. */
export const rotatedKey: ResourceRule = {
  name: "keys-rotate",
  description: "A symmetric key of KMS's own making rotates.",
  types: ["aws:kms/key:Key"],
  reads: ["enableKeyRotation"],
  problems: ({ props }) => {
    const { customerMasterKeySpec: spec, customKeyStoreId, enableKeyRotation } = props;
    // KMS rotates neither asymmetric nor HMAC keys, nor those in a key store of one's own.
    const rotatable = spec === undefined || spec === "SYMMETRIC_DEFAULT";
    if (!rotatable || customKeyStoreId !== undefined) return [];
    return enableKeyRotation === true || enableKeyRotation === notYet
      ? []
      : ["The key does not rotate. Set enableKeyRotation to true."];
  },
};
