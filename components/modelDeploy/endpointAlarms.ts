import * as pulumi from "@pulumi/pulumi";

import { type StageName, stageNames } from "../names/deployNames";
import type { Names } from "../names/names";
import { metricAlarm } from "../parts/metricAlarm";
import type { DeploySettings } from "../validation/resolveSettings";

interface EndpointAlarmsArgs {
  names: pulumi.Output<Names>;
  settings: Pick<DeploySettings, "alarms">;
  tags: Record<string, string>;
  /** Project name and ID, for example `churn (dev)`. */
  title: string;
  /** ARN of the notification topic, after its policy: without it, an action fails. */
  topicArn: pulumi.Input<string>;
}

/**
 * CloudWatch alarms of the endpoints: errors, latency and traffic of production notify the topic; an
 * alarm for the canary of each stage, without actions, rolls an update back.
 */
export function endpointAlarms(
  name: string,
  args: EndpointAlarmsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  productionAlarms(name, args, opts);
  for (const stage of stageNames) canaryAlarm(`${name}-${stage}`, { ...args, stage }, opts);
}

/**
 * Alarms of the production endpoint in daily use. Errors and latency: 3 of 5 minutes, so that a
 * canary that SageMaker rolls back within two minutes is one event, with one notification.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
function productionAlarms(
  name: string,
  { names, settings, tags, title, topicArn }: EndpointAlarmsArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const { alarms, endpoint } = names.deploy.prod;
  const { maximumErrors, maximumLatencyMilliseconds, noInvocationsMinutes } = settings.alarms;
  const common = {
    dimensions: { EndpointName: endpoint, VariantName: "AllTraffic" },
    namespace: "AWS/SageMaker",
    tags,
    topicArn,
  };
  const inThreeOfFiveMinutes = {
    ...common,
    datapointsToAlarm: 3,
    evaluationPeriods: 5,
    period: 60,
    // SageMaker publishes no datapoint for a minute without requests.
    treatMissingData: "notBreaching",
  };
  const subject = pulumi.interpolate`Production endpoint ${endpoint} of ${title}`;

  metricAlarm(
    `${name}-prod-errors`,
    {
      ...inThreeOfFiveMinutes,
      alarmName: alarms.errors,
      description: pulumi.interpolate`${subject} returns server errors: more than ${maximumErrors} in a minute, in 3 of 5 minutes. Next: read the log group /aws/sagemaker/Endpoints/${endpoint}; if the model version is the cause, roll back production: npm run endpoints -- rollback.`,
      metricName: "Invocation5XXErrors",
      statistic: "Sum",
      threshold: maximumErrors,
    },
    opts,
  );
  metricAlarm(
    `${name}-prod-latency`,
    {
      ...inThreeOfFiveMinutes,
      alarmName: alarms.latency,
      description: pulumi.interpolate`${subject} is slow: mean model latency above ${maximumLatencyMilliseconds} ms in 3 of 5 minutes. Next: compare latency and invocations on the dashboard ${names.deploy.dashboard}; add instances in prod-config.json, or roll back production: npm run endpoints -- rollback.`,
      metricName: "ModelLatency",
      statistic: "Average",
      // Microseconds.
      threshold: maximumLatencyMilliseconds * 1000,
    },
    opts,
  );
  if (noInvocationsMinutes === 0) return;
  metricAlarm(
    `${name}-prod-no-invocations`,
    {
      ...common,
      alarmName: alarms.invocations,
      comparisonOperator: "LessThanThreshold",
      description: pulumi.interpolate`${subject} has no invocations: none in ${noInvocationsMinutes} minutes. Next: check that the endpoint is InService (npm run endpoints -- status), and that its clients run.`,
      metricName: "Invocations",
      period: noInvocationsMinutes * 60,
      statistic: "Sum",
      threshold: 1,
      treatMissingData: "breaching",
    },
    opts,
  );
}

/**
 * Alarm of a canary. The deployment build sends its verdict while the traffic shifts: 0, or 1 to roll
 * back. Missing data is breaching: the death of the build rolls back too, and the alarm is in ALARM
 * between deployments. It has no actions: the pipeline notifies about a rollback.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
function canaryAlarm(
  name: string,
  { names, stage, tags, title }: EndpointAlarmsArgs & { stage: StageName },
  opts: pulumi.CustomResourceOptions,
): void {
  const { endpoint, metricNamespace, verdictAlarm } = names.deploy[stage];
  metricAlarm(
    `${name}-canary-verdict`,
    {
      alarmName: verdictAlarm,
      description: pulumi.interpolate`Canary of the endpoint ${endpoint} of ${title}: SageMaker rolls back an update while this alarm is in ALARM. Between deployments it is in ALARM, which is normal: no data. Next: after a rollback, read the reason in the build log.`,
      metricName: "CanaryVerdict",
      namespace: metricNamespace,
      period: 60,
      statistic: "Maximum",
      tags,
      threshold: 0,
      treatMissingData: "breaching",
    },
    opts,
  );
}
