import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import {
  jobLogStatements,
  readDataStatements,
  type TrainingAccess,
  volumeKeyStatements,
} from "./buildRoles";
import { inNetworkCondition, jobNetworkStatements, type NetworkAccess } from "./network";
import {
  allowStatement,
  type Document,
  passRoleStatement,
  policyDocument,
  pullImageStatements,
  sameAccountCondition,
  unwrapSingle,
  viaS3Condition,
} from "./statements";

/** Limits of the jobs of a trial. */
export interface TrialLimits {
  instanceTypes: string[];
  maxInstanceMinutes: number;
}

/**
 * IAM trust policy of the role that starts trials: named roles, whose own policies must allow it too.
 * A role as principal would have to exist first, and would lose its access when it is recreated.
 */
export function trialTrustPolicy(
  { accountRootArn }: Names,
  starterRoleArns: StringInput[],
): Document {
  return policyDocument([
    {
      Sid: "AssumeByStarter",
      Effect: "Allow",
      Principal: { AWS: accountRootArn },
      Action: "sts:AssumeRole",
      Condition: { ArnEquals: { "aws:PrincipalArn": unwrapSingle(starterRoleArns) } },
    },
  ]);
}

/**
 * IAM policy of the role that starts trials: one SageMaker pipeline, objects in its folder. It runs
 * no job itself, and passes only the role of that pipeline.
 */
export function trialRolePolicy(names: Names, keyArn: StringInput): Document {
  const { objectsArn, pipelineArn, pipelineRole } = names.trial;
  return policyDocument([
    allowStatement("TrialPipeline", pipelineArn, [
      "sagemaker:AddTags",
      "sagemaker:CreatePipeline",
      "sagemaker:DescribePipeline",
      "sagemaker:StartPipelineExecution",
      "sagemaker:UpdatePipeline",
    ]),
    allowStatement("TrialExecution", `${pipelineArn}/execution/*`, [
      "sagemaker:DescribePipelineExecution",
      "sagemaker:ListPipelineExecutionSteps",
      "sagemaker:StopPipelineExecution",
    ]),
    allowStatement(
      "TrialObjects",
      objectsArn,
      ["s3:GetObject", "s3:PutObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "TrialKey",
      keyArn,
      ["kms:Decrypt", "kms:GenerateDataKey"],
      viaS3Condition(names),
    ),
    // Champion: the newest approved version.
    allowStatement("RegistryRead", names.modelPackageArns, [
      "sagemaker:DescribeModelPackage",
      "sagemaker:ListModelPackages",
    ]),
    passRoleStatement("PassTrialPipelineRole", pipelineRole.arn),
  ]);
}

/**
 * IAM policy of the role of the trial pipeline: create processing and training jobs, each within the
 * limits, as the role of the jobs. No condition key limits the number of jobs and instances: the
 * command that starts the trial does.
 */
export function trialPipelineRolePolicy(
  names: Names,
  keyArn: StringInput,
  { instanceTypes, maxInstanceMinutes }: TrialLimits,
  network: NetworkAccess | undefined,
): Document {
  const jobs = jobArns(names);
  const inNetwork =
    network && inNetworkCondition(network, { "sagemaker:InterContainerTrafficEncryption": "true" });
  return policyDocument([
    allowStatement(
      "TrialJobs",
      jobs,
      ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"],
      {
        ...inNetwork,
        "ForAllValues:StringEquals": {
          ...inNetwork?.["ForAllValues:StringEquals"],
          "sagemaker:InstanceTypes": instanceTypes,
        },
        // ForAllValues also matches a request without values.
        Null: { ...inNetwork?.Null, "sagemaker:InstanceTypes": "false" },
        // Does not match a request without a limit, whose job could run for days.
        NumericLessThanEquals: { "sagemaker:MaxRuntimeInSeconds": String(60 * maxInstanceMinutes) },
      },
    ),
    allowStatement("TrialJobActions", jobs, [
      "sagemaker:AddTags",
      ...["Processing", "Training"].flatMap((kind) => [
        `sagemaker:Describe${kind}Job`,
        `sagemaker:Stop${kind}Job`,
      ]),
    ]),
    ...volumeKeyStatements(names, keyArn),
    passRoleStatement("PassTrialJobRole", names.trial.job.arn),
  ]);
}

/**
 * IAM policy of the role of the jobs, which run the code of a pull request: read the data and trained
 * models, write outputs. It creates no job and no model version.
 */
export function trialJobRolePolicy(
  names: Names,
  keyArn: StringInput,
  access: TrainingAccess,
): Document {
  return policyDocument([
    allowStatement("TrialFolders", names.artifactBucketArn, ["s3:ListBucket"], {
      StringEquals: { "aws:ResourceAccount": names.accountId },
      StringLike: { "s3:prefix": [`${names.trial.folder}/*`, `${names.trainingResults}/*`] },
    }),
    allowStatement(
      "TrialRead",
      names.trial.objectsArn,
      ["s3:GetObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "TrialWrite",
      names.trial.outputsArn,
      ["s3:PutObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "ChampionArchive",
      names.trainingResultsArn.replace(/\*$/, "*/model.tar.gz"),
      ["s3:GetObject"],
      sameAccountCondition(names),
    ),
    allowStatement(
      "TrialKey",
      keyArn,
      ["kms:Decrypt", "kms:GenerateDataKey"],
      viaS3Condition(names),
    ),
    ...volumeKeyStatements(names, keyArn),
    ...readDataStatements(names, access),
    ...(access.imageRepositoryArns.length === 0
      ? []
      : pullImageStatements(access.imageRepositoryArns)),
    ...jobLogStatements(names),
    ...jobNetworkStatements(access.network),
  ]);
}

function jobArns({ accountId, partition, region }: Names): string[] {
  return ["processing-job", "training-job"].map(
    (kind) => `arn:${partition}:sagemaker:${region}:${accountId}:${kind}/pipelines-*`,
  );
}
