import type { Names } from "../names/names";
import { type Document, policyDocument } from "./statements";

/**
 * IAM trust policy of a CodePipeline role, for one pipeline.
 * `IfExists`: CodePipeline validates the role at creation, without a pipeline ARN.
 */
export function pipelineTrustPolicy(names: Names, pipelineArn: string): Document {
  return trustPolicy("codepipeline.amazonaws.com", names, {
    ArnLikeIfExists: { "aws:SourceArn": pipelineArn },
  });
}

/** IAM trust policy of a CodeBuild role, for one project. */
export function buildTrustPolicy(names: Names, projectArn: string): Document {
  return trustPolicy("codebuild.amazonaws.com", names, {
    ArnEquals: { "aws:SourceArn": projectArn },
  });
}

/** IAM trust policy of an EventBridge rule role, for these rules. */
export function ruleTrustPolicy(names: Names, ruleArns: string | string[]): Document {
  return trustPolicy("events.amazonaws.com", names, { ArnEquals: { "aws:SourceArn": ruleArns } });
}

/** IAM trust policy of the notifications role, for the notification rules. */
export function notificationsTrustPolicy(names: Names, hasDeployment: boolean): Document {
  const { deploy, notificationRuleArns } = names;
  return ruleTrustPolicy(
    names,
    hasDeployment
      ? [...notificationRuleArns, ...deploy.notificationRuleArns]
      : notificationRuleArns,
  );
}

/**
 * IAM trust policy of the role that deletes the staging endpoint, for the project's schedule group.
 * EventBridge Scheduler passes the ARN of the group as `aws:SourceArn`, not that of the schedule.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export function scheduleTrustPolicy(names: Names): Document {
  return trustPolicy("scheduler.amazonaws.com", names, {
    ArnEquals: { "aws:SourceArn": names.deploy.stagingExpiry.groupArn },
  });
}

/**
 * IAM trust policy of a SageMaker role, for this account and region.
 * Pipelines, training and processing share the role. For models, SageMaker sets no narrower
 * `aws:SourceArn`.
 */
export function sageMakerTrustPolicy(names: Names): Document {
  const anyJob = `arn:${names.partition}:sagemaker:${names.region}:${names.accountId}:*`;
  return trustPolicy("sagemaker.amazonaws.com", names, { ArnLike: { "aws:SourceArn": anyJob } });
}

/**
 * IAM trust policy for one service, restricted to this account and to `caller`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
function trustPolicy(
  service: string,
  names: Names,
  caller: Record<string, Record<string, string | string[]>>,
): Document {
  return policyDocument([
    {
      Sid: "AssumeByService",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": names.accountId }, ...caller },
    },
  ]);
}
