import type { Caller } from "../../../local/iam/contract";
import { roleArn } from "../../support/policySet";
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
    ["mlops-churn--dev--modeldeploy"],
    ["mlops-churn--dev--modelbuild", "mlops-churn--prod--modeldeploy"],
  ],
  ...["deploy-queue", "deploy-staging", "deploy-prod", "test-staging"].map((build): Trust => [
    build,
    "codebuild",
    [`project/mlops-churn--dev--${build}`],
    ["deploy-queue", "deploy-staging", "deploy-prod", "test-staging", "modelbuild"]
      .filter((other) => other !== build)
      .map((other) => `project/mlops-churn--dev--${other}`),
  ]),
  [
    "approval-rule",
    "events",
    ["rule/mlops-churn--dev--approval", "rule/mlops-churn--dev--staging-failed"],
    ["rule/mlops-churn--dev--push", "rule/mlops-churn--prod--approval"],
  ],
  [
    "expire-staging",
    "scheduler",
    ["schedule-group/mlops-churn--dev--staging"],
    [
      "schedule-group/mlops-churn--prod--staging",
      "schedule-group/default",
      "schedule/mlops-churn--dev--staging/delete-endpoint",
    ],
  ],
  [
    "notifications",
    "events",
    [
      "rule/mlops-churn--dev--deployment-succeeded",
      "rule/mlops-churn--dev--deployment-pending",
      "rule/mlops-churn--dev--deployment-rejected",
      "rule/mlops-churn--dev--deployment-failed",
      "rule/mlops-churn--dev--deployment-rolled-back",
    ],
    ["rule/mlops-churn--dev--approval", "rule/mlops-churn--prod--deployment-succeeded"],
  ],
  ["serve-staging", "sagemaker", ["model/mlops-churn--dev--staging-7-0a1b2c3d"], []],
  ["serve-prod", "sagemaker", ["model/mlops-churn--dev--prod-7-0a1b2c3d"], []],
];

/** Rows of who assumes which role, and who comes near to it. */
export const trustRows: readonly Row[] = (
  [
    [
      "pipeline",
      "codepipeline",
      ["mlops-churn--dev--modelbuild"],
      ["mlops-churn--prod--modelbuild"],
    ],
    [
      "build",
      "codebuild",
      ["project/mlops-churn--dev--modelbuild"],
      ["project/mlops-churn--prod--modelbuild"],
    ],
    ["push-rule", "events", ["rule/mlops-churn--dev--push"], ["rule/mlops-churn--prod--push"]],
    [
      "notifications",
      "events",
      [
        "rule/mlops-churn--dev--build-failed",
        "rule/mlops-churn--dev--model-pending",
        "rule/mlops-churn--dev--training-failed",
        "rule/mlops-churn--dev--training-stopped",
      ],
      ["rule/mlops-churn--dev--push", "rule/mlops-churn--prod--build-failed"],
    ],
    ...["comment", "compare"].map((build): Trust => [
      build,
      "codebuild",
      [`project/mlops-churn--dev--${build}`],
      ["modelbuild", build === "comment" ? "compare" : "comment"].map(
        (other) => `project/mlops-churn--dev--${other}`,
      ),
    ]),
    [
      "pull-request",
      "events",
      ["rule/mlops-churn--dev--pull-request", "rule/mlops-churn--dev--compared"],
      ["rule/mlops-churn--dev--push", "rule/mlops-churn--prod--compared"],
    ],
    ["execution", "sagemaker", ["pipeline/mlops-churn--dev--training/execution/a1b2c3"], []],
    ["trial-pipeline", "sagemaker", ["pipeline/mlops-churn--dev--trial/execution/a1b2c3"], []],
    ["trial-job", "sagemaker", ["pipeline/mlops-churn--dev--trial/execution/a1b2c3"], []],
  ] satisfies Trust[]
)
  .map((trust) => rowOf(trust))
  .concat(deployTrusts.map((trust) => rowOf(trust, deployed)));

function rowOf([role, of, own, others]: Trust, beside?: string): Row {
  const assume = use("sts:AssumeRole", roleArn(role));
  const region: Caller = {
    service: "sagemaker.amazonaws.com",
    sourceArn: "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/mlops-churn--dev--training",
  };
  return {
    statement: `${role}-role trust AssumeByService`,
    beside,
    allows: `${of} assumes the role for ${own.join(", ")}`,
    calls: own.map((one) => [service(of, one), assume]),
    denies: "another account, another resource, another service, an IAM role",
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
