import type { Caller } from "../../local/rehearsal/contract";
import { roleArn } from "../support/court";
import { outsider, service } from "./account";
import { type Call, type Row, use } from "./row";

/** The sentences about who assumes which role, and who comes near to it. */
export const trustRows: readonly Row[] = (
  [
    [
      "pipeline",
      "codepipeline",
      ["sagemaker-churn-dev-modelbuild"],
      ["sagemaker-churn-prod-modelbuild"],
    ],
    [
      "build",
      "codebuild",
      ["project/sagemaker-churn-dev-modelbuild"],
      ["project/sagemaker-churn-prod-modelbuild"],
    ],
    ["trigger", "events", ["rule/sagemaker-churn-dev-push"], ["rule/sagemaker-churn-prod-push"]],
    [
      "messages",
      "events",
      [
        "rule/sagemaker-churn-dev-failed",
        "rule/sagemaker-churn-dev-letter",
        "rule/sagemaker-churn-dev-pending",
        "rule/sagemaker-churn-dev-step",
        "rule/sagemaker-churn-dev-stopped",
      ],
      ["rule/sagemaker-churn-dev-push", "rule/sagemaker-churn-prod-failed"],
    ],
    ["execution", "sagemaker", ["pipeline/churn-dev/execution/a1b2c3"], []],
  ] as const
).map(([role, of, own, others]): Row => {
  const assume = use("sts:AssumeRole", roleArn(role));
  const region: Caller = {
    service: "sagemaker.amazonaws.com",
    sourceArn: "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn-dev",
  };
  return {
    statement: `${role}-role trust AssumeByService`,
    may: `${of} assumes the ${role} role for ${own.join(", ")}`,
    calls: own.map((one) => [service(of, one), assume]),
    mayNot:
      "for another account's, nor for another resource; nor does another service, nor anybody",
    neighbours: [
      [service(of, own[0], "210987654321"), assume],
      [service(of, own[0]), { ...assume, context: { "aws:SourceAccount": "210987654321" } }],
      ...(role === "execution" ? [region] : others.map((one) => service(of, one))).map(
        (who): Call => [who, assume],
      ),
      [{ ...service(of, own[0]), service: "lambda.amazonaws.com" }, assume],
      [outsider("anybody"), assume],
    ],
  };
});
