import { bucket, key, projectTopic, roleArn, session } from "../../support/policySet";
import { logGroup, outsider, sagemaker } from "./account";
import { type Never, use } from "./row";

const build = session("build");
const execution = session("execution");
const delivery = "us-east-1:123456789012:mlops-churn--dev--modelbuild";
const repository = `arn:aws:codecommit:${delivery}`;
const pipeline = `arn:aws:codepipeline:${delivery}`;
const project = `arn:aws:codebuild:${delivery.replace("12:", "12:project/")}`;
const training = `${sagemaker}:pipeline/mlops-churn--dev--training`;
const trainingData = "arn:aws:s3:::churn-data/data.csv";
const buildLog = `${logGroup}:log-stream:1`;
const artifact = `${bucket}/model.tar.gz`;
const publish = use("sns:Publish", projectTopic);
const approval = { "sagemaker:ModelApprovalStatus": "Approved" };
const version = `${sagemaker}:model-package/mlops-churn--dev--models/7`;

/** Calls that several statements deny, each with its test title. */
export const never: readonly Never[] = [
  [
    "the build role approves model versions",
    build,
    use("sagemaker:UpdateModelPackage", version, approval),
  ],
  [
    "the execution role approves model versions",
    execution,
    use("sagemaker:UpdateModelPackage", version, approval),
  ],
  ["the compare role reads artifacts", session("compare"), use("s3:GetObject", artifact)],
  ["the compare role writes model archives", session("compare"), use("s3:PutObject", artifact)],
  [
    "the compare role comments on pull requests",
    session("compare"),
    use("codecommit:PostCommentForPullRequest", repository),
  ],
  [
    "the compare role pushes to the CodeCommit repository",
    session("compare"),
    use("codecommit:GitPush", repository),
  ],
  ["the compare role starts builds", session("compare"), use("codebuild:StartBuild", project)],
  [
    "the comment role pushes to the CodeCommit repository",
    session("comment"),
    use("codecommit:GitPush", repository),
  ],
  [
    "the comment role approves pull requests",
    session("comment"),
    use("codecommit:UpdatePullRequestApprovalState", repository),
  ],
  [
    "the build role registers model versions",
    build,
    use("sagemaker:CreateModelPackage", version, approval),
  ],
  [
    "the build role creates training jobs",
    build,
    use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/pipelines-abc-train-def`),
  ],
  ["the build role decrypts with the KMS key outside Amazon S3", build, use("kms:Decrypt", key)],
  [
    "the execution role decrypts with the KMS key outside Amazon S3",
    session("execution"),
    use("kms:Decrypt", key),
  ],
  [
    "the pipeline role deletes object versions of artifacts",
    session("pipeline"),
    use("s3:DeleteObjectVersion", artifact),
  ],
  [
    "the build role changes the versioning of the artifact bucket",
    build,
    use("s3:PutBucketVersioning", bucket),
  ],
  ["the build role reads access logs", build, use("s3:GetObject", `${bucket}-logs/2026-11-24`)],
  ["the build role changes its own role policy", build, use("iam:PutRolePolicy", roleArn("build"))],
  ["the build role assumes the execution role", build, use("sts:AssumeRole", roleArn("execution"))],
  [
    "the notifications role decrypts with the KMS key outside Amazon SNS",
    session("notifications"),
    use("kms:Decrypt", key),
  ],
  [
    "a role of another account publishes to the SNS topic",
    outsider("stranger", "210987654321"),
    publish,
  ],
  ["the push-rule role reads artifacts", session("push-rule"), use("s3:GetObject", artifact)],
  [
    "the build role pushes to the CodeCommit repository",
    build,
    use("codecommit:GitPush", repository),
  ],
  [
    "the execution role pushes to the CodeCommit repository",
    execution,
    use("codecommit:GitPush", repository),
  ],
  [
    "the build role starts the CodePipeline pipeline",
    build,
    use("codepipeline:StartPipelineExecution", pipeline),
  ],
  ["the execution role starts CodeBuild builds", execution, use("codebuild:StartBuild", project)],
  ["the build role updates the CodeBuild project", build, use("codebuild:UpdateProject", project)],
  [
    "the execution role updates the SageMaker pipeline",
    execution,
    use("sagemaker:UpdatePipeline", training),
  ],
  [
    "the execution role starts the SageMaker pipeline",
    execution,
    use("sagemaker:StartPipelineExecution", training),
  ],
  ["the build role deletes model versions", build, use("sagemaker:DeleteModelPackage", version)],
  [
    "the execution role deletes model versions",
    execution,
    use("sagemaker:DeleteModelPackage", version),
  ],
  [
    "the execution role updates model versions",
    execution,
    use("sagemaker:UpdateModelPackage", version),
  ],
  [
    "the execution role creates SageMaker endpoints",
    execution,
    use("sagemaker:CreateEndpoint", `${sagemaker}:endpoint/churn-dev`),
  ],
  [
    "the build role creates notebook instances",
    build,
    use("sagemaker:CreateNotebookInstance", `${sagemaker}:notebook-instance/pipelines-x`),
  ],
  [
    "the execution role creates notebook instances",
    execution,
    use("sagemaker:CreateNotebookInstance", `${sagemaker}:notebook-instance/pipelines-x`),
  ],
  [
    "the build role passes the execution role to CodeBuild",
    build,
    use("iam:PassRole", roleArn("execution"), { "iam:PassedToService": "codebuild.amazonaws.com" }),
  ],
  ["the build role reads the training data buckets", build, use("s3:GetObject", trainingData)],
  [
    "the execution role reads access logs",
    execution,
    use("s3:GetObject", `${bucket}-logs/2026-11-24`),
  ],
  [
    "the execution role deletes object versions of artifacts",
    execution,
    use("s3:DeleteObjectVersion", artifact),
  ],
  [
    "the execution role changes the artifact bucket policy",
    execution,
    use("s3:PutBucketPolicy", bucket),
  ],
  ["the build role changes the KMS key policy", build, use("kms:PutKeyPolicy", key)],
  [
    "the execution role schedules the deletion of the KMS key",
    execution,
    use("kms:ScheduleKeyDeletion", key),
  ],
  [
    "the execution role changes its own role policy",
    execution,
    use("iam:PutRolePolicy", roleArn("execution")),
  ],
  ["the execution role assumes the build role", execution, use("sts:AssumeRole", roleArn("build"))],
  ["the build role publishes to the SNS topic", build, publish],
  ["the execution role publishes to the SNS topic", execution, publish],
  [
    "the execution role writes to the log group of the build",
    execution,
    use("logs:PutLogEvents", buildLog),
  ],
  ["the build role deletes log streams", build, use("logs:DeleteLogStream", buildLog)],
  [
    "the build role of another project decrypts artifacts, even with an identity policy that allows all actions",
    outsider("mlops-churn--prod--build-use1"),
    use("kms:Decrypt", key, { "kms:ViaService": "s3.us-east-1.amazonaws.com" }),
  ],
  [
    "the build role of another project assumes the execution role, even with an identity policy that allows all actions",
    outsider("mlops-churn--prod--build-use1"),
    use("sts:AssumeRole", roleArn("execution")),
  ],
];
