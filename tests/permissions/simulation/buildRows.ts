import { bucket, key } from "../../support/policySet";
import { buildImage, otherKey } from "./account";
import { each, type OfStatement, use } from "./row";

const artifact = `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d`;
/** Builds with an output artifact: they encrypt it. */
const writers = ["deploy-staging", "test-staging"];
const otherBucket = bucket.replace("churn--dev", "churn--prod");
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const ofOthers = { "aws:ResourceAccount": "210987654321" };

/** What every build of a deployment does. */
export function anyBuild(build: string): OfStatement[] {
  const log = `arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/mlops-churn--dev--${build}`;
  const keyActions = ["kms:Decrypt", ...(writers.includes(build) ? ["kms:GenerateDataKey"] : [])];
  return [
    [
      "Logs",
      "writes log streams of its build",
      each(["logs:CreateLogStream", "logs:PutLogEvents"], `${log}:log-stream:1`),
      "log streams of another build",
      [use("logs:PutLogEvents", `${log.replace(build, "modelbuild")}:log-stream:1`)],
    ],
    [
      "ArtifactObjects",
      "reads the versioning of the artifact bucket",
      [use("s3:GetBucketVersioning", bucket)],
      "another bucket, reading the bucket policy",
      [
        use("s3:GetBucketVersioning", otherBucket),
        use("s3:GetBucketVersioning", bucket, ofOthers),
        use("s3:GetBucketPolicy", bucket),
      ],
    ],
    [
      "ArtifactObjects",
      "reads pipeline artifacts",
      [use("s3:GetObject", artifact)],
      "other objects, captured requests, a bucket of another account",
      [
        use("s3:GetObject", `${bucket}/data.csv`),
        ...["prod", "staging"].map((stage) =>
          use(
            "s3:GetObject",
            `${bucket}/mlops-churn--dev--models/captured/mlops-churn--dev--${stage}/AllTraffic/1.jsonl`,
          ),
        ),
        use("s3:GetObject", artifact, ofOthers),
      ],
    ],
    [
      "ArtifactKey",
      "uses the KMS key through Amazon S3",
      each(keyActions, key, throughS3),
      "another KMS key",
      each(keyActions, otherKey, throughS3),
    ],
    [
      "EcrLogin",
      "gets an ECR authorization token",
      [use("ecr:GetAuthorizationToken", "*")],
      "creating a repository",
      [use("ecr:CreateRepository", buildImage)],
    ],
    [
      "EcrPull",
      "pulls the build image",
      each(
        [
          "ecr:BatchCheckLayerAvailability",
          "ecr:GetDownloadUrlForLayer",
          // Staging's build reads the manifest of any image by another statement.
          ...(build === "deploy-staging" ? [] : ["ecr:BatchGetImage"]),
        ],
        buildImage,
      ),
      "pulling another repository, pushing images",
      [
        use("ecr:GetDownloadUrlForLayer", buildImage.replace("ml/build", "ml/payroll")),
        use("ecr:PutImage", buildImage),
      ],
    ],
  ];
}
