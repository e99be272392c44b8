import { bucket, key } from "../../support/policySet";
import { buildImage, otherKey } from "./account";
import { each, type OfStatement, ofRole, type Row, use } from "./row";

const place = "us-east-1:123456789012";
const repository = `arn:aws:codecommit:${place}:mlops-churn--dev--modelbuild`;
const otherRepository = repository.replace("churn--dev", "churn--prod");
const projectOf = (name: string) => `arn:aws:codebuild:${place}:project/mlops-churn--dev--${name}`;
const findings = `${bucket}/mlops-churn--dev--pull-requests/1a2b/findings/comparison.json`;
const artifact = `${bucket}/mlops-churn--dev--mo/SourceCode/a1b2c3d`;
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };
const ofOthers = { "aws:ResourceAccount": "210987654321" };

function anyBuild(build: string): OfStatement[] {
  const log = `arn:aws:logs:${place}:log-group:/aws/codebuild/mlops-churn--dev--${build}`;
  return [
    [
      "Logs",
      "writes log streams of its build",
      each(["logs:CreateLogStream", "logs:PutLogEvents"], `${log}:log-stream:1`),
      "log streams of another build",
      [use("logs:PutLogEvents", `${log.replace(build, "modelbuild")}:log-stream:1`)],
    ],
    [
      "RepositoryClone",
      "clones the repository",
      [use("codecommit:GitPull", repository)],
      "another repository, pushing and merging",
      [
        use("codecommit:GitPull", otherRepository),
        use("codecommit:GitPush", repository),
        use("codecommit:MergePullRequestByFastForward", repository),
        use("codecommit:UpdatePullRequestApprovalState", repository),
      ],
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
        ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        buildImage,
      ),
      "pulling another repository, pushing images",
      [
        use("ecr:BatchGetImage", buildImage.replace("ml/build", "ml/payroll")),
        use("ecr:PutImage", buildImage),
      ],
    ],
  ];
}

/** Rows of the builds of pull requests, and of the rules that start them. */
export const pullRequestRows: readonly Row[] = [
  ...ofRole("compare", [
    ...anyBuild("compare"),
    [
      "ArtifactBucketMeta",
      "reads ACL and location of the artifact bucket",
      each(["s3:GetBucketAcl", "s3:GetBucketLocation"], bucket),
      "listing the bucket, another account's bucket",
      [use("s3:ListBucket", bucket), use("s3:GetBucketAcl", bucket, ofOthers)],
    ],
    [
      "FindingsWrite",
      "writes findings",
      [use("s3:PutObject", findings)],
      "another object, reading findings and artifacts",
      [
        use("s3:PutObject", artifact),
        use("s3:PutObject", `${bucket}/mlops-churn--dev--training/executions/1/model.tar.gz`),
        use("s3:GetObject", findings),
        use("s3:GetObject", artifact),
      ],
    ],
    [
      "FindingsKey",
      "encrypts findings through Amazon S3",
      [use("kms:GenerateDataKey", key, throughS3)],
      "another KMS key, decryption",
      [use("kms:GenerateDataKey", otherKey, throughS3), use("kms:Decrypt", key, throughS3)],
    ],
  ]),
  ...ofRole("comment", [
    ...anyBuild("comment"),
    [
      "FindingsRead",
      "reads findings",
      [use("s3:GetObject", findings)],
      "another object, writing findings",
      [use("s3:GetObject", artifact), use("s3:PutObject", findings)],
    ],
    [
      "FindingsKey",
      "decrypts findings through Amazon S3",
      [use("kms:Decrypt", key, throughS3)],
      "another KMS key, encryption",
      [use("kms:Decrypt", otherKey, throughS3), use("kms:GenerateDataKey", key, throughS3)],
    ],
    [
      "CompareBuildRead",
      "reads builds that compare",
      [use("codebuild:BatchGetBuilds", projectOf("compare"))],
      "builds of another project, starting a build",
      [
        use("codebuild:BatchGetBuilds", projectOf("modelbuild")),
        use("codebuild:StartBuild", projectOf("compare")),
      ],
    ],
    [
      "PullRequestComment",
      "comments on pull requests of the repository",
      each(
        [
          "codecommit:GetCommentsForPullRequest",
          "codecommit:GetPullRequest",
          "codecommit:PostCommentForPullRequest",
          "codecommit:UpdateComment",
        ],
        repository,
      ),
      "another repository, approving and deleting",
      [
        use("codecommit:PostCommentForPullRequest", otherRepository),
        use("codecommit:UpdatePullRequestApprovalState", repository),
        use("codecommit:DeleteCommentContent", repository),
      ],
    ],
  ]),
  ...ofRole("pull-request", [
    [
      "StartBuilds",
      "starts both builds",
      ["compare", "comment"].map((build) => use("codebuild:StartBuild", projectOf(build))),
      "another build, stopping a build",
      [
        use("codebuild:StartBuild", projectOf("modelbuild")),
        use("codebuild:StopBuild", projectOf("compare")),
      ],
    ],
  ]),
];
