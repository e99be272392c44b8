import { bucket, key, projectTopic, roleArn, rule, session } from "../support/court";
import { logGroup, outsider, sagemaker } from "./account";
import { type Never, use } from "./row";

const build = session("build");
const execution = session("execution");
const delivery = "us-east-1:123456789012:sagemaker-churn-dev-modelbuild";
const repository = `arn:aws:codecommit:${delivery}`;
const pipeline = `arn:aws:codepipeline:${delivery}`;
const project = `arn:aws:codebuild:${delivery.replace("12:", "12:project/")}`;
const training = `${sagemaker}:pipeline/churn-dev`;
const trainingData = "arn:aws:s3:::churn-data/data.csv";
const buildLog = `${logGroup}:log-stream:1`;
const artifact = `${bucket}/model.tar.gz`;
const publish = use("sns:Publish", projectTopic);
const approval = { "sagemaker:ModelApprovalStatus": "Approved" };
const version = `${sagemaker}:model-package/churn-dev/7`;

/** What nobody may do, for more than one reason. */
export const never: readonly Never[] = [
  [
    "the build approves its own model",
    build,
    use("sagemaker:UpdateModelPackage", version, approval),
  ],
  [
    "training approves its own model",
    execution,
    use("sagemaker:UpdateModelPackage", version, approval),
  ],
  [
    "the build registers a model itself",
    build,
    use("sagemaker:CreateModelPackage", version, approval),
  ],
  [
    "the build starts a training job by hand",
    build,
    use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/pipelines-abc-train-def`),
  ],
  ["the build decrypts with the key directly", build, use("kms:Decrypt", key)],
  ["training decrypts with the key directly", session("execution"), use("kms:Decrypt", key)],
  ["CodePipeline deletes a version", session("pipeline"), use("s3:DeleteObjectVersion", artifact)],
  ["the build stops the bucket's versions", build, use("s3:PutBucketVersioning", bucket)],
  ["the build reads the access log", build, use("s3:GetObject", `${bucket}-logs/2026-11-24`)],
  ["the build changes its own policy", build, use("iam:PutRolePolicy", roleArn("build"))],
  ["the build assumes the execution role", build, use("sts:AssumeRole", roleArn("execution"))],
  [
    "the messages' role decrypts with the key directly",
    session("messages"),
    use("kms:Decrypt", key),
  ],
  ["EventBridge publishes in its own name", rule("sagemaker-churn-dev-failed"), publish],
  ["another account's role publishes", outsider("stranger", "210987654321"), publish],
  ["the push rule's role reads artifacts", session("trigger"), use("s3:GetObject", artifact)],
  ["the build pushes code", build, use("codecommit:GitPush", repository)],
  ["training pushes code", execution, use("codecommit:GitPush", repository)],
  ["the build starts CodePipeline", build, use("codepipeline:StartPipelineExecution", pipeline)],
  ["training starts a build", execution, use("codebuild:StartBuild", project)],
  ["the build changes what a build runs", build, use("codebuild:UpdateProject", project)],
  ["training rewrites its pipeline", execution, use("sagemaker:UpdatePipeline", training)],
  ["training starts its pipeline", execution, use("sagemaker:StartPipelineExecution", training)],
  ["the build deletes a registered version", build, use("sagemaker:DeleteModelPackage", version)],
  [
    "training deletes a registered version",
    execution,
    use("sagemaker:DeleteModelPackage", version),
  ],
  [
    "training changes a registered version",
    execution,
    use("sagemaker:UpdateModelPackage", version),
  ],
  [
    "training puts a model into service",
    execution,
    use("sagemaker:CreateEndpoint", `${sagemaker}:endpoint/churn-dev`),
  ],
  [
    "the build opens a notebook with the execution role",
    build,
    use("sagemaker:CreateNotebookInstance", `${sagemaker}:notebook-instance/pipelines-x`),
  ],
  [
    "training opens a notebook with its own role",
    execution,
    use("sagemaker:CreateNotebookInstance", `${sagemaker}:notebook-instance/pipelines-x`),
  ],
  [
    "the build hands the execution role to CodeBuild",
    build,
    use("iam:PassRole", roleArn("execution"), { "iam:PassedToService": "codebuild.amazonaws.com" }),
  ],
  ["the build reads the data that training may", build, use("s3:GetObject", trainingData)],
  ["training reads the access log", execution, use("s3:GetObject", `${bucket}-logs/2026-11-24`)],
  ["training deletes a version", execution, use("s3:DeleteObjectVersion", artifact)],
  ["training changes the bucket's policy", execution, use("s3:PutBucketPolicy", bucket)],
  ["the build changes the key's policy", build, use("kms:PutKeyPolicy", key)],
  ["training has the key deleted", execution, use("kms:ScheduleKeyDeletion", key)],
  ["training changes its own policy", execution, use("iam:PutRolePolicy", roleArn("execution"))],
  ["training assumes the build's role", execution, use("sts:AssumeRole", roleArn("build"))],
  ["the build publishes a message", build, publish],
  ["training publishes a message", execution, publish],
  ["training writes the build's log", execution, use("logs:PutLogEvents", buildLog)],
  ["the build deletes its log", build, use("logs:DeleteLogStream", buildLog)],
  [
    "another project's build decrypts artifacts, whatever its own policies say",
    outsider("sagemaker-churn-prod-build"),
    use("kms:Decrypt", key, { "kms:ViaService": "s3.us-east-1.amazonaws.com" }),
  ],
  [
    "another project's build assumes this project's execution role, whatever its own policies say",
    outsider("sagemaker-churn-prod-build"),
    use("sts:AssumeRole", roleArn("execution")),
  ],
];
