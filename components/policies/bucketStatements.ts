import type { StringInput } from "../validation/fields";
import { denyStatement, insecureTransport, type Statement } from "./statements";

/** S3 bucket policy statements that deny requests without TLS 1.2. */
export function bucketTransportStatements(bucketArn: string): Statement[] {
  const all = [bucketArn, `${bucketArn}/*`];
  return [
    denyStatement("DenyInsecureTransport", all, "s3:*", insecureTransport),
    denyStatement("DenyTlsBelow12", all, "s3:*", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
  ];
}

/**
 * S3 bucket policy statements that deny uploads under another key than that of the bucket.
 * An upload without a header is allowed: the bucket's default encryption uses the key. So each
 * statement first tests that the header is present. StringNotEquals without that test would deny
 * these uploads too.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function keyOnlyUploadStatements(bucketArn: string, keyArn: StringInput): Statement[] {
  const algorithm = "s3:x-amz-server-side-encryption";
  const keyId = `${algorithm}-aws-kms-key-id`;
  const deny = (Sid: string, Condition: Statement["Condition"]) =>
    denyStatement(Sid, `${bucketArn}/*`, "s3:PutObject", Condition);
  return [
    deny("DenyNonKmsUploads", {
      Null: { [algorithm]: "false" },
      StringNotEquals: { [algorithm]: "aws:kms" },
    }),
    deny("DenyOtherKmsKey", {
      Null: { [keyId]: "false" },
      StringNotEquals: { [keyId]: keyArn },
    }),
    // KMS without a key ID means the account's AWS managed key aws/s3.
    deny("DenyKmsWithoutKeyId", {
      StringEquals: { [algorithm]: "aws:kms" },
      Null: { [keyId]: "true" },
    }),
    deny("DenySseC", { Null: { [`${algorithm}-customer-algorithm`]: "false" } }),
  ];
}
