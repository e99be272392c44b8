import { bucket, roleArn, session } from "../../support/policySet";
import { sagemaker } from "./account";
import { type Call, use } from "./row";

const build = session("build");
const execution = session("execution");
const approved = `${bucket}/mlops-churn--dev--training/executions/a1b2c3/Train/pipelines-a1b2c3-Train-x/output/model.tar.gz`;
const othersJob = `${sagemaker}:training-job/pipelines-payroll-Train-x`;
const othersLog =
  "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:log-stream:pipelines-payroll-Train-x/algo-1";

const othersTarget =
  "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0a1b2c3d4e5f";
const deployments = "arn:aws:codepipeline:us-east-1:123456789012:mlops-churn--dev--modeldeploy";

/** Unwanted calls that the policies allow; SECURITY.md lists each. */
export const reach: readonly (readonly [sentence: string, ...call: Call])[] = [
  [
    "the build role overwrites approved model archives with new object versions",
    build,
    use("s3:PutObject", approved),
  ],
  [
    "the execution role overwrites approved model archives with new object versions",
    execution,
    use("s3:PutObject", approved),
  ],
  [
    "the execution role stops training jobs of other pipelines",
    execution,
    use("sagemaker:StopTrainingJob", othersJob),
  ],
  [
    "the execution role deletes models of other pipelines",
    execution,
    use("sagemaker:DeleteModel", `${sagemaker}:model/pipelines-payroll-x`),
  ],
  [
    "the execution role writes to log streams of jobs of other pipelines",
    execution,
    use("logs:PutLogEvents", othersLog),
  ],
  [
    "the execution role starts training jobs on any instance type",
    execution,
    use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/pipelines-a1b2c3-Train-x`, {
      "sagemaker:InstanceTypes": ["ml.p5.48xlarge"],
    }),
  ],
  // Both calls together: a job starts its successor.
  [
    "the execution role starts a training job outside the SageMaker pipeline",
    execution,
    use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/pipelines-successor`),
  ],
  [
    "the execution role passes its own role to a training job",
    execution,
    use("iam:PassRole", roleArn("execution"), {
      "iam:PassedToService": "sagemaker.amazonaws.com",
    }),
  ],
];

/** Statement that only projects with deployment have. */
export const deployed = "artifacts DenyDeployedModelDeletion";

const staging = session("deploy-staging");
const scaling = "application-autoscaling";

/** Further unwanted calls that the policies allow in projects with deployment. */
export const deployReach: readonly (readonly [sentence: string, ...call: Call])[] = [
  // The ARN of a scalable target holds only an id. Application Auto Scaling checks the caller's
  // permissions on the endpoint.
  [
    "the deploy-staging role changes the scaling limits of other endpoints",
    staging,
    use(`${scaling}:RegisterScalableTarget`, othersTarget, {
      [`${scaling}:scalable-dimension`]: "sagemaker:variant:DesiredInstanceCount",
      [`${scaling}:service-namespace`]: "sagemaker",
    }),
  ],
  // Names of models and endpoint configurations start with the endpoint name.
  [
    "the deploy-staging role deletes endpoint configurations of a project whose name starts with the staging endpoint name",
    staging,
    use(
      "sagemaker:DeleteEndpointConfig",
      `${sagemaker}:endpoint-config/mlops-churn--dev--staging-prod-7-0a1b2c3d`,
    ),
  ],
  [
    "the deploy-staging role stops pipeline executions of other versions",
    staging,
    use("codepipeline:StopPipelineExecution", deployments),
  ],
  // AWS has no condition key for the other fields of UpdateModelPackage.
  [
    "the test-staging role changes the container of a model version together with its life-cycle stage",
    session("test-staging"),
    use("sagemaker:UpdateModelPackage", `${sagemaker}:model-package/mlops-churn--dev--models/7`, {
      "sagemaker:ModelLifeCycle:Stage": "Archived",
    }),
  ],
];
