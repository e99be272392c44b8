import type { S3, ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { z } from "zod";

import type { Handler } from "../handler";
import { bucketRule } from "./bucketRule";

const bucket = z.string();
const flag = z.boolean().default(false);

/** What protects the objects in an S3 bucket: encryption, public access, ownership, policy. */
export function protectionHandlers(s3: () => Promise<S3>): readonly Handler[] {
  return [
    bucketRule(s3, {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      inputs: z.strictObject({
        bucket,
        rules: z
          .array(
            z.strictObject({
              applyServerSideEncryptionByDefault: z
                .strictObject({
                  sseAlgorithm: z.enum(["AES256", "aws:kms", "aws:kms:dsse"]),
                  kmsMasterKeyId: z.string().optional(),
                })
                .optional(),
              bucketKeyEnabled: flag,
              blockedEncryptionTypes: z.array(z.enum(["NONE", "SSE-C"])).optional(),
            }),
          )
          .min(1),
      }),
      absent: /^ServerSideEncryptionConfigurationNotFoundError/,
      put: (api, { bucket: Bucket, rules }) =>
        api.putBucketEncryption({
          Bucket,
          ServerSideEncryptionConfiguration: {
            Rules: rules.map((rule) => ({
              ApplyServerSideEncryptionByDefault: rule.applyServerSideEncryptionByDefault && {
                SSEAlgorithm: rule.applyServerSideEncryptionByDefault.sseAlgorithm,
                KMSMasterKeyID: rule.applyServerSideEncryptionByDefault.kmsMasterKeyId,
              },
              BucketKeyEnabled: rule.bucketKeyEnabled,
              BlockedEncryptionTypes: rule.blockedEncryptionTypes && {
                EncryptionType: rule.blockedEncryptionTypes,
              },
            })),
          },
        }),
      read: async (api, Bucket) => {
        const found = await api.getBucketEncryption({ Bucket });
        return { rules: found.ServerSideEncryptionConfiguration?.Rules?.map(encryptionRule) };
      },
      remove: (api, Bucket) => api.deleteBucketEncryption({ Bucket }),
    }),

    bucketRule(s3, {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      inputs: z.strictObject({
        bucket,
        blockPublicAcls: flag,
        blockPublicPolicy: flag,
        ignorePublicAcls: flag,
        restrictPublicBuckets: flag,
      }),
      absent: /^NoSuchPublicAccessBlockConfiguration/,
      put: (api, inputs) =>
        api.putPublicAccessBlock({
          Bucket: inputs.bucket,
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: inputs.blockPublicAcls,
            BlockPublicPolicy: inputs.blockPublicPolicy,
            IgnorePublicAcls: inputs.ignorePublicAcls,
            RestrictPublicBuckets: inputs.restrictPublicBuckets,
          },
        }),
      read: async (api, Bucket) => {
        const found = await api.getPublicAccessBlock({ Bucket });
        return {
          blockPublicAcls: found.PublicAccessBlockConfiguration?.BlockPublicAcls,
          blockPublicPolicy: found.PublicAccessBlockConfiguration?.BlockPublicPolicy,
          ignorePublicAcls: found.PublicAccessBlockConfiguration?.IgnorePublicAcls,
          restrictPublicBuckets: found.PublicAccessBlockConfiguration?.RestrictPublicBuckets,
        };
      },
      remove: (api, Bucket) => api.deletePublicAccessBlock({ Bucket }),
    }),

    bucketRule(s3, {
      type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
      inputs: z.strictObject({
        bucket,
        rule: z.strictObject({
          objectOwnership: z.enum(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]),
        }),
      }),
      absent: /^OwnershipControlsNotFoundError/,
      put: (api, { bucket: Bucket, rule: { objectOwnership } }) =>
        api.putBucketOwnershipControls({
          Bucket,
          OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] },
        }),
      read: async (api, Bucket) => {
        const { OwnershipControls } = await api.getBucketOwnershipControls({ Bucket });
        return { rule: { objectOwnership: OwnershipControls?.Rules?.[0]?.ObjectOwnership } };
      },
      remove: (api, Bucket) => api.deleteBucketOwnershipControls({ Bucket }),
    }),

    bucketRule(s3, {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      inputs: z.strictObject({ bucket, policy: z.string() }),
      policies: ["policy"],
      absent: /^NoSuchBucketPolicy/,
      put: (api, { bucket: Bucket, policy }) => api.putBucketPolicy({ Bucket, Policy: policy }),
      read: async (api, Bucket) => ({ policy: (await api.getBucketPolicy({ Bucket })).Policy }),
      remove: (api, Bucket) => api.deleteBucketPolicy({ Bucket }),
    }),
  ];
}

function encryptionRule(rule: ServerSideEncryptionRule) {
  const standard = rule.ApplyServerSideEncryptionByDefault;
  return {
    applyServerSideEncryptionByDefault: standard && {
      sseAlgorithm: standard.SSEAlgorithm,
      kmsMasterKeyId: standard.KMSMasterKeyID,
    },
    bucketKeyEnabled: rule.BucketKeyEnabled,
    blockedEncryptionTypes: rule.BlockedEncryptionTypes?.EncryptionType,
  };
}
