import { bucket, session } from "../support/court";
import { sagemaker } from "./account";
import { type Call, use } from "./row";

const build = session("build");
const execution = session("execution");
const approved = `${bucket}/churn-dev/executions/a1b2c3/Train/pipelines-a1b2c3-Train-x/output/model.tar.gz`;
const othersJob = `${sagemaker}:training-job/pipelines-payroll-Train-x`;
const othersLog =
  "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:log-stream:pipelines-payroll-Train-x/algo-1";

const othersTarget =
  "arn:aws:application-autoscaling:us-east-1:123456789012:scalable-target/0a1b2c3d4e5f";
const deployments = "arn:aws:codepipeline:us-east-1:123456789012:sagemaker-churn-dev-modeldeploy";

/** What the policies leave within reach, though one would rather not; SECURITY.md tells of it. */
export const reach: readonly (readonly [sentence: string, ...call: Call])[] = [
  ["the build writes a new version over an approved model", build, use("s3:PutObject", approved)],
  [
    "training writes a new version over an approved model",
    execution,
    use("s3:PutObject", approved),
  ],
  ["training stops another pipeline's job", execution, use("sagemaker:StopTrainingJob", othersJob)],
  [
    "training deletes another pipeline's model",
    execution,
    use("sagemaker:DeleteModel", `${sagemaker}:model/pipelines-payroll-x`),
  ],
  [
    "training writes into the log of another pipeline's job",
    execution,
    use("logs:PutLogEvents", othersLog),
  ],
  [
    "training starts a job on the largest instance",
    execution,
    use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/pipelines-a1b2c3-Train-x`, {
      "sagemaker:InstanceTypes": ["ml.p5.48xlarge"],
    }),
  ],
];

/** A statement that a project has which deploys its models. */
export const deployed = "state DenyInsecureTransport";

const staging = session("deploy-staging");
const scaling = "application-autoscaling";

/** What the policies of a deployment leave within reach beside that. */
export const deployReach: readonly (readonly [sentence: string, ...call: Call])[] = [
  // Its build looks at the archive before it deploys it. But a machine that starts later, to scale or to replace
  // another, loads what is there then.
  [
    "training writes over the archive of the model that production runs",
    execution,
    use("s3:PutObject", approved),
  ],
  // Of a target, IAM sees only a number. AWS itself asks whether the caller may change the endpoint.
  [
    "staging's build changes within which limits another endpoint scales",
    staging,
    use(`${scaling}:RegisterScalableTarget`, othersTarget, {
      [`${scaling}:scalable-dimension`]: "sagemaker:variant:DesiredInstanceCount",
      [`${scaling}:service-namespace`]: "sagemaker",
    }),
  ],
  // Else Pulumi could not tell a state that is not there from one that it may not see.
  [
    "staging's build lists what production's state is called",
    staging,
    use("s3:ListBucket", `${bucket}-state`),
  ],
  // Names of models and configurations begin with their endpoint's.
  [
    "staging's build deletes a configuration of a project whose name is that of the endpoint",
    staging,
    use(
      "sagemaker:DeleteEndpointConfig",
      `${sagemaker}:endpoint-config/churn-dev-staging-prod-7-0a1b2c3d`,
    ),
  ],
  [
    "staging's build ends a run that is about another version",
    staging,
    use("codepipeline:StopPipelineExecution", deployments),
  ],
];
