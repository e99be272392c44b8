import { bucket, session } from "../support/court";
import { sagemaker } from "./account";
import { type Call, use } from "./row";

const build = session("build");
const execution = session("execution");
const approved = `${bucket}/churn-dev/executions/a1b2c3/Train/pipelines-a1b2c3-Train-x/output/model.tar.gz`;
const othersJob = `${sagemaker}:training-job/pipelines-payroll-Train-x`;
const othersLog =
  "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:log-stream:pipelines-payroll-Train-x/algo-1";

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
