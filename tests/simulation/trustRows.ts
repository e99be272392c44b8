import type { Caller } from "../../local/rehearsal/contract";
import { roleArn } from "../support/court";
import { outsider, service } from "./account";
import { deployed } from "./reach";
import { type Call, type Row, use } from "./row";

type Trust = readonly [
  role: string,
  of: string,
  own: readonly [string, ...string[]],
  others: readonly string[],
];

const deployTrusts: readonly Trust[] = [
  [
    "deploy",
    "codepipeline",
    ["sagemaker-churn-dev-modeldeploy"],
    ["sagemaker-churn-dev-modelbuild", "sagemaker-churn-prod-modeldeploy"],
  ],
  ...["deploy-staging", "deploy-prod", "test-staging"].map((build): Trust => [
    build,
    "codebuild",
    [`project/sagemaker-churn-dev-${build}`],
    ["deploy-staging", "deploy-prod", "test-staging", "modelbuild"]
      .filter((other) => other !== build)
      .map((other) => `project/sagemaker-churn-dev-${other}`),
  ]),
  [
    "approval",
    "events",
    ["rule/sagemaker-churn-dev-approval"],
    ["rule/sagemaker-churn-dev-push", "rule/sagemaker-churn-prod-approval"],
  ],
  [
    "messages",
    "events",
    [
      "rule/sagemaker-churn-dev-deployed",
      "rule/sagemaker-churn-dev-waiting",
      "rule/sagemaker-churn-dev-declined",
      "rule/sagemaker-churn-dev-undeployed",
      "rule/sagemaker-churn-dev-rolledback",
    ],
    ["rule/sagemaker-churn-dev-approval", "rule/sagemaker-churn-prod-deployed"],
  ],
  ["serve-staging", "sagemaker", ["model/churn-dev-staging-7-0a1b2c3d"], []],
  ["serve-prod", "sagemaker", ["model/churn-dev-prod-7-0a1b2c3d"], []],
];

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
  ] satisfies Trust[]
)
  .map((trust) => rowOf(trust))
  .concat(deployTrusts.map((trust) => rowOf(trust, deployed)));

function rowOf([role, of, own, others]: Trust, beside?: string): Row {
  const assume = use("sts:AssumeRole", roleArn(role));
  const region: Caller = {
    service: "sagemaker.amazonaws.com",
    sourceArn: "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/churn-dev",
  };
  return {
    statement: `${role}-role trust AssumeByService`,
    beside,
    may: `${of} assumes the ${role} role for ${own.join(", ")}`,
    calls: own.map((one) => [service(of, one), assume]),
    mayNot:
      "for another account's, nor for another resource; nor does another service, nor anybody",
    neighbours: [
      [service(of, own[0], "210987654321"), assume],
      [service(of, own[0]), { ...assume, context: { "aws:SourceAccount": "210987654321" } }],
      ...(of === "sagemaker" ? [region] : others.map((one) => service(of, one))).map(
        (who): Call => [who, assume],
      ),
      [{ ...service(of, own[0]), service: "lambda.amazonaws.com" }, assume],
      [outsider("anybody"), assume],
    ],
  };
}
