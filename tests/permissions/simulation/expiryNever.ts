import { roleArn, session } from "../../support/policySet";
import { sagemaker } from "./account";
import { sendMetric } from "./canaryRows";
import { each, type Never, use } from "./row";
import { passToScheduler, schedule } from "./scheduleRows";

const endpoint = (stage: string) => `${sagemaker}:endpoint/mlops-churn--dev--${stage}`;
const alarm = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:mlops-churn--dev--";

/** Builds that renew the schedule of the staging endpoint. */
const renewing = ["deploy-queue", "deploy-staging", "deploy-prod"];

const expiry: readonly Never[] = [
  ...renewing.flatMap((role) =>
    [role, "deploy", "serve-prod", "execution", "notifications"].map((other): Never => [
      `the ${role} role schedules a call with the ${other} role`,
      session(role),
      passToScheduler(other),
    ]),
  ),
  ...["expire-staging", "test-staging", "serve-staging", "build", "execution"].map(
    (role): Never => [
      `the ${role} role changes the schedule of the staging endpoint`,
      session(role),
      use("scheduler:UpdateSchedule", schedule),
    ],
  ),
  ...renewing.map((role): Never => [
    `the ${role} role assumes the expire-staging role`,
    session(role),
    use("sts:AssumeRole", roleArn("expire-staging")),
  ]),
  ...each(["sagemaker:DeleteEndpoint", "sagemaker:UpdateEndpoint"], endpoint("prod")).map(
    (does): Never => [
      `the expire-staging role calls ${does.action} on the production endpoint`,
      session("expire-staging"),
      does,
    ],
  ),
  [
    "the deploy-queue role deletes the staging endpoint",
    session("deploy-queue"),
    use("sagemaker:DeleteEndpoint", endpoint("staging")),
  ],
];

const canaries: readonly Never[] = (["staging", "prod"] as const).flatMap((stage) => {
  const other = stage === "prod" ? "staging" : "prod";
  const [subject, who] = [`the deploy-${stage} role`, session(`deploy-${stage}`)];
  const verdict = `${alarm}${stage}-canary-verdict`;
  return [
    [`${subject} creates the alarm of its canary`, who, use("cloudwatch:PutMetricAlarm", verdict)],
    [`${subject} deletes the alarm of its canary`, who, use("cloudwatch:DeleteAlarms", verdict)],
    [
      `${subject} sets the state of the alarm of its canary`,
      who,
      use("cloudwatch:SetAlarmState", verdict),
    ],
    [
      `${subject} sends the verdict of the other stage's canary`,
      who,
      sendMetric(`ModelDeploy/mlops-churn--dev--${other}`),
    ],
    [
      `the serve-${stage} role sends the verdict of its own canary`,
      session(`serve-${stage}`),
      sendMetric(`ModelDeploy/mlops-churn--dev--${stage}`),
    ],
  ] satisfies Never[];
});

/** Denied calls of projects with deployment: expiry of staging, canaries. */
export const expiryNever: readonly Never[] = [...expiry, ...canaries];
