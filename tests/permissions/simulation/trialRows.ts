import { bucket, key, roleArn, session } from "../../support/policySet";
import { outsider, otherKey, sagemaker } from "./account";
import { inside, connectsJob } from "./networkRows";
import { each, type Never, ofRole, type OfStatement, type Row, use } from "./row";
import { dataReadRows, jobLogRows, volumeKeyRows } from "./trainingRows";

const folder = `${bucket}/mlops-churn--dev--trial`;
const pipeline = `${sagemaker}:pipeline/mlops-churn--dev--trial`;
const training = pipeline.replace("trial", "training");
const version = `${sagemaker}:model-package/mlops-churn--dev--models/7`;
const production = `${bucket}/mlops-churn--dev--training/executions/abc/Train/model.tar.gz`;
const report = production.replace("Train/model.tar.gz", "Evaluate/report/evaluation.json");
const captured = `${bucket}/mlops-churn--dev--models/captured/prod/1.jsonl`;
const throughS3 = { "kms:ViaService": "s3.us-east-1.amazonaws.com" };

const output = `${folder}/executions/abc/Evaluate/report/evaluation.json`;
const result = `${folder}/results/4f2a9c1b.json`;
const script = `${folder}/code/abc/train.py`;
const keyRow: OfStatement = [
  "TrialKey",
  "uses the KMS key through Amazon S3",
  each(["kms:Decrypt", "kms:GenerateDataKey"], key, throughS3),
  "another KMS key",
  each(["kms:Decrypt", "kms:GenerateDataKey"], otherKey.replace("9876", "5555"), throughS3),
];

const starterRows = ofRole("trial", [
  [
    "TrialPipeline",
    "creates, updates and starts the SageMaker pipeline of trials",
    ["AddTags", "CreatePipeline", "DescribePipeline", "StartPipelineExecution"]
      .concat("UpdatePipeline")
      .map((call) => use(`sagemaker:${call}`, pipeline)),
    "the pipeline of training, deleting the pipeline",
    [
      ...each(["sagemaker:UpdatePipeline", "sagemaker:StartPipelineExecution"], training),
      use("sagemaker:DeletePipeline", pipeline),
    ],
  ],
  [
    "TrialExecution",
    "watches and stops trials",
    ["DescribePipelineExecution", "ListPipelineExecutionSteps", "StopPipelineExecution"].map(
      (call) => use(`sagemaker:${call}`, `${pipeline}/execution/abc`),
    ),
    "executions of training",
    [use("sagemaker:StopPipelineExecution", `${training}/execution/abc`)],
  ],
  [
    "TrialObjects",
    "reads and writes the folder of the trials",
    [use("s3:GetObject", output), use("s3:PutObject", script)],
    "reports of training, captured requests, deleting objects",
    [
      ...each(["s3:GetObject", "s3:PutObject"], report),
      use("s3:GetObject", captured),
      use("s3:DeleteObject", output),
    ],
  ],
  keyRow,
  [
    "RegistryRead",
    "finds the newest approved model version",
    [
      use("sagemaker:ListModelPackages", version.replace("/7", "/*")),
      use("sagemaker:DescribeModelPackage", version),
    ],
    "versions of another group",
    [use("sagemaker:DescribeModelPackage", version.replace("dev", "prod"))],
  ],
  [
    "PassTrialPipelineRole",
    "passes the role of the trial pipeline to SageMaker",
    [passed("trial-pipeline", "sagemaker")],
    "the execution role, the role of the jobs, another service",
    [
      passed("execution", "sagemaker"),
      passed("trial-job", "sagemaker"),
      passed("trial-pipeline", "codebuild"),
    ],
  ],
]);

const limits = {
  "sagemaker:InstanceTypes": ["ml.m5.large"],
  "sagemaker:MaxRuntimeInSeconds": "10800",
};
const jobs = (circumstances: Readonly<Record<string, string | readonly string[]>>) =>
  ["Processing", "Training"].map((kind) =>
    use(
      `sagemaker:Create${kind}Job`,
      `${sagemaker}:${kind.toLowerCase()}-job/pipelines-abc-step-def`,
      circumstances,
    ),
  );
const unlimited: readonly Readonly<Record<string, string | readonly string[]>>[] = [
  { ...limits, "sagemaker:MaxRuntimeInSeconds": "10801" },
  { "sagemaker:InstanceTypes": ["ml.m5.large"] },
  { ...limits, "sagemaker:InstanceTypes": ["ml.p5.48xlarge"] },
  { ...limits, "sagemaker:InstanceTypes": ["ml.m5.large", "ml.p5.48xlarge"] },
  { "sagemaker:MaxRuntimeInSeconds": "10800" },
];
const pipelineRows = ofRole("trial-pipeline", [
  [
    "TrialJobs",
    "creates jobs within the limits of runtime and instance types",
    // With a network, the condition asks for it too.
    jobs({ ...inside, ...limits }),
    "a longer or unlimited runtime, other or unknown instance types, other job names and kinds",
    [
      ...unlimited.flatMap((one) => jobs({ ...inside, ...one })),
      use("sagemaker:CreateTrainingJob", `${sagemaker}:training-job/payroll`, limits),
      use("sagemaker:CreateTransformJob", `${sagemaker}:transform-job/pipelines-abc`),
    ],
  ],
  [
    "TrialJobActions",
    "describes, stops and tags its jobs",
    ["processing", "training"].flatMap((kind) => {
      const arn = `${sagemaker}:${kind}-job/pipelines-abc-step-def`;
      const name = kind === "training" ? "Training" : "Processing";
      return each(
        ["sagemaker:AddTags", `sagemaker:Describe${name}Job`, `sagemaker:Stop${name}Job`],
        arn,
      );
    }),
    "jobs of another name",
    [use("sagemaker:StopTrainingJob", `${sagemaker}:training-job/payroll`)],
  ],
  ...volumeKeyRows,
  [
    "PassTrialJobRole",
    "passes the role of the jobs to SageMaker",
    [passed("trial-job", "sagemaker")],
    "its own role, the execution role, another service",
    [
      passed("trial-pipeline", "sagemaker"),
      passed("execution", "sagemaker"),
      passed("trial-job", "codebuild"),
    ],
  ],
]);

const jobRows = ofRole("trial-job", [
  [
    "TrialFolders",
    "lists the folders of trials and of training results",
    ["mlops-churn--dev--trial/code/abc", "mlops-churn--dev--training/executions/abc"].map(
      (folder) => use("s3:ListBucket", bucket, { "s3:prefix": folder }),
    ),
    "other folders, the whole bucket",
    [
      use("s3:ListBucket", bucket, { "s3:prefix": "mlops-churn--dev--models/captured" }),
      use("s3:ListBucket", bucket),
    ],
  ],
  [
    "TrialRead",
    "reads the folder of the trials",
    [use("s3:GetObject", script), use("s3:GetObject", output)],
    "reports of training, captured requests",
    [use("s3:GetObject", report), use("s3:GetObject", captured)],
  ],
  [
    "TrialWrite",
    "writes outputs of trials",
    [use("s3:PutObject", output)],
    "writing scripts and results of trials, reports of training, deleting outputs",
    [
      ...[script, result, report].map((object) => use("s3:PutObject", object)),
      use("s3:DeleteObject", output),
    ],
  ],
  [
    "ChampionArchive",
    "reads trained models",
    [use("s3:GetObject", production)],
    "writing them, reports of training",
    [use("s3:PutObject", production), use("s3:GetObject", report)],
  ],
  keyRow,
  ...volumeKeyRows,
  ...dataReadRows,
  ...jobLogRows,
  connectsJob,
]);

const commentRows = ofRole("comment", [
  [
    "TrialResultsRead",
    "reads the results of trials",
    [use("s3:GetObject", result)],
    "writing results, outputs of trials",
    [use("s3:PutObject", result), use("s3:GetObject", output)],
  ],
]);

/** Rows of trials. */
export const trialRows: readonly Row[] = [
  ...commentRows,
  ...starterRows,
  ...pipelineRows,
  ...jobRows,
  {
    statement: "trial-role trust AssumeByStarter",
    allows: "a role of trial.starterRoleArns assumes the role",
    calls: [[outsider("github-trial"), use("sts:AssumeRole", roleArn("trial"))]],
    denies: "another role of the account",
    neighbours: [[outsider("anybody"), use("sts:AssumeRole", roleArn("trial"))]],
  },
];

const registers = use("sagemaker:CreateModelPackage", version, {
  "sagemaker:ModelApprovalStatus": "PendingManualApproval",
});
const approves = use("sagemaker:UpdateModelPackage", version, {
  "sagemaker:ModelApprovalStatus": "Approved",
});
const trainingJob = `${sagemaker}:training-job/pipelines-abc-train-def`;

/** Calls of trials that several statements deny. */
export const trialNever: readonly Never[] = [
  ...["trial", "trial-pipeline", "trial-job"].flatMap((role): Never[] => [
    [`the ${role} role registers model versions`, session(role), registers],
    [`the ${role} role approves model versions`, session(role), approves],
  ]),
  [
    "the trial-job role creates training jobs",
    session("trial-job"),
    use("sagemaker:CreateTrainingJob", trainingJob, limits),
  ],
  [
    "the trial-job role updates the SageMaker pipeline of trials",
    session("trial-job"),
    use("sagemaker:UpdatePipeline", pipeline),
  ],
  [
    "the trial-job role reads captured requests of production",
    session("trial-job"),
    use("s3:GetObject", captured),
  ],
  [
    "the trial role starts the SageMaker pipeline of training",
    session("trial"),
    use("sagemaker:StartPipelineExecution", training),
  ],
  [
    "the trial role reads the training data buckets",
    session("trial"),
    use("s3:GetObject", "arn:aws:s3:::churn-data/data.csv"),
  ],
];

function passed(role: string, service: string) {
  return use("iam:PassRole", roleArn(role), { "iam:PassedToService": `${service}.amazonaws.com` });
}
