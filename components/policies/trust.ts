import type { Names } from "../names";
import { type Document, document } from "./grammar";

/** CodePipeline may act for this pipeline; `IfExists`, since the role's validation at creation names no pipeline yet. */
export function trustPipeline(names: Names, pipelineArn: string): Document {
  return trust("codepipeline.amazonaws.com", names, {
    ArnLikeIfExists: { "aws:SourceArn": pipelineArn },
  });
}

/** CodeBuild may act for this project. */
export function trustBuild(names: Names, projectArn: string): Document {
  return trust("codebuild.amazonaws.com", names, { ArnEquals: { "aws:SourceArn": projectArn } });
}

/** EventBridge may act for this rule. */
export function trustTrigger(names: Names, ruleArn: string): Document {
  return trust("events.amazonaws.com", names, { ArnEquals: { "aws:SourceArn": ruleArn } });
}

/** EventBridge may act for the rules that tell people. */
export function trustMessages(names: Names, hasDeployment: boolean): Document {
  const { deploy, messageRuleArns } = names;
  return trust("events.amazonaws.com", names, {
    ArnEquals: {
      "aws:SourceArn": hasDeployment
        ? [...messageRuleArns, ...deploy.messageRuleArns]
        : messageRuleArns,
    },
  });
}

/**
 * SageMaker may act for any job of this account and region: pipelines, training and processing share the role, and for
 * models SageMaker names nothing narrower.
 */
export function trustExecution(names: Names): Document {
  const anyJob = `arn:${names.partition}:sagemaker:${names.region}:${names.accountId}:*`;
  return trust("sagemaker.amazonaws.com", names, { ArnLike: { "aws:SourceArn": anyJob } });
}

/** One service, only for its caller: this account, and what acts. */
function trust(
  service: string,
  names: Names,
  caller: Record<string, Record<string, string | string[]>>,
): Document {
  return document([
    {
      Sid: "AssumeByService",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": names.accountId }, ...caller },
    },
  ]);
}
