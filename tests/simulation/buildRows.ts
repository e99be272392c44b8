import { bucket, key } from "../support/court";
import { buildImage, otherKey } from "./account";
import { each, type OfStatement, use } from "./row";

const artifact = `${bucket}/sagemaker-churn-dev-/Deployment/a1b2c3d`;
const written = `${bucket}/churn-dev/executions/a1b2c3`;
const otherBucket = bucket.replace("churn-dev", "churn-prod");
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const ofOthers = { "aws:ResourceAccount": "210987654321" };

/** What every build of a deployment does. */
export function anyBuild(build: string): OfStatement[] {
  const log = `arn:aws:logs:us-east-1:123456789012:log-group:/aws/codebuild/sagemaker-churn-dev-${build}`;
  return [
    [
      "Logs",
      "writes its log",
      each(["logs:CreateLogStream", "logs:PutLogEvents"], `${log}:log-stream:1`),
      "another build's",
      [use("logs:PutLogEvents", `${log.replace(build, "modelbuild")}:log-stream:1`)],
    ],
    [
      "ArtifactBucketMeta",
      "asks whether the artifact bucket keeps versions",
      [use("s3:GetBucketVersioning", bucket)],
      "of another bucket",
      [use("s3:GetBucketVersioning", otherBucket), use("s3:GetBucketVersioning", bucket, ofOthers)],
    ],
    [
      "ArtifactRead",
      "takes what CodePipeline hands it, and reads models and samples",
      [
        use("s3:GetObject", artifact),
        use("s3:GetObject", `${written}/Train/output/model.tar.gz`),
        use("s3:GetObject", `${written}/Evaluate/sample/request.csv`),
      ],
      "other data, what endpoints were asked, or of another's bucket of the name, nor write a model",
      [
        use("s3:GetObject", `${bucket}/data.csv`),
        ...["prod", "staging"].map((stage) =>
          use("s3:GetObject", `${bucket}/churn-dev/captured/churn-dev-${stage}/AllTraffic/1.jsonl`),
        ),
        use("s3:GetObject", artifact, ofOthers),
        use("s3:PutObject", `${written}/Train/output/model.tar.gz`),
      ],
    ],
    [
      "ArtifactKey",
      "uses the key through S3",
      each(["kms:Decrypt", "kms:GenerateDataKey"], key, throughS3),
      "another key",
      each(["kms:Decrypt", "kms:GenerateDataKey"], otherKey, throughS3),
    ],
    [
      "EcrLogin",
      "logs in to ECR",
      [use("ecr:GetAuthorizationToken", "*")],
      "make a repository there",
      [use("ecr:CreateRepository", buildImage)],
    ],
    [
      "EcrPull",
      "pulls its image",
      each(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        buildImage,
      ),
      "another one, nor push its own",
      [
        use("ecr:BatchGetImage", buildImage.replace("ml/build", "ml/payroll")),
        use("ecr:PutImage", buildImage),
      ],
    ],
  ];
}
