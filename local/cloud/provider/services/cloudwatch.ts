import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { z } from "zod";

import { lazy } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";
import { dashboardHandler } from "./dashboard";

const alarmInputs = z.strictObject({
  name: z.string(),
  alarmDescription: z.string().optional(),
  actionsEnabled: z.boolean().default(true),
  namespace: z.string(),
  metricName: z.string(),
  dimensions: z.record(z.string(), z.string()).default({}),
  statistic: z.enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]).optional(),
  extendedStatistic: z.string().optional(),
  comparisonOperator: z.enum([
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ]),
  threshold: z.number(),
  period: z.number(),
  evaluationPeriods: z.number(),
  datapointsToAlarm: z.number().optional(),
  evaluateLowSampleCountPercentiles: z.enum(["evaluate", "ignore"]).optional(),
  treatMissingData: z.enum(["missing", "ignore", "breaching", "notBreaching"]).default("missing"),
  alarmActions: z.array(z.string()).default([]),
  okActions: z.array(z.string()).default([]),
  insufficientDataActions: z.array(z.string()).default([]),
  tags: tagsInput,
});

/** CloudWatch alarms on one metric, and dashboards. */
export function cloudwatchHandlers(options: ClientOptions): readonly Handler[] {
  const cloudwatch = lazy(
    async () => new (await import("@aws-sdk/client-cloudwatch")).CloudWatch(options),
  );
  return [alarmHandler(cloudwatch), dashboardHandler(cloudwatch)];
}

function alarmHandler(cloudwatch: () => Promise<CloudWatch>): Handler {
  return defineHandler({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    inputs: alarmInputs,
    replaceOn: ["name"],

    async create(inputs) {
      await (await cloudwatch()).putMetricAlarm({ ...request(inputs), Tags: tagList(inputs.tags) });
      return inputs.name;
    },

    async read(id) {
      const api = await cloudwatch();
      const { MetricAlarms = [] } = await api.describeAlarms({ AlarmNames: [id] });
      const [alarm] = MetricAlarms;
      if (alarm === undefined) return undefined;
      const { Tags } = await api.listTagsForResource({ ResourceARN: alarm.AlarmArn });
      return {
        name: alarm.AlarmName,
        alarmDescription: alarm.AlarmDescription,
        actionsEnabled: alarm.ActionsEnabled,
        namespace: alarm.Namespace,
        metricName: alarm.MetricName,
        dimensions: Object.fromEntries(
          (alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
        ),
        statistic: alarm.Statistic,
        extendedStatistic: alarm.ExtendedStatistic,
        comparisonOperator: alarm.ComparisonOperator,
        threshold: alarm.Threshold,
        period: alarm.Period,
        evaluationPeriods: alarm.EvaluationPeriods,
        datapointsToAlarm: alarm.DatapointsToAlarm,
        evaluateLowSampleCountPercentiles: alarm.EvaluateLowSampleCountPercentile,
        treatMissingData: alarm.TreatMissingData ?? "missing",
        alarmActions: alarm.AlarmActions,
        okActions: alarm.OKActions,
        insufficientDataActions: alarm.InsufficientDataActions,
        tagsAll: tagMap(Tags),
        arn: alarm.AlarmArn,
      };
    },

    async update(_id, news, olds) {
      const api = await cloudwatch();
      // Tags in this call count only for a new alarm.
      await api.putMetricAlarm(request(news));
      const ResourceARN = text(olds, "arn");
      const { removed, set } = tagChanges(olds, news.tags);
      if (removed.length > 0) await api.untagResource({ ResourceARN, TagKeys: removed });
      if (Object.keys(set).length > 0) await api.tagResource({ ResourceARN, Tags: tagList(set) });
    },

    async delete(id) {
      await (await cloudwatch()).deleteAlarms({ AlarmNames: [id] });
    },
  });
}

function request(inputs: z.output<typeof alarmInputs>) {
  return {
    AlarmName: inputs.name,
    AlarmDescription: inputs.alarmDescription,
    ActionsEnabled: inputs.actionsEnabled,
    Namespace: inputs.namespace,
    MetricName: inputs.metricName,
    Dimensions: Object.entries(inputs.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: inputs.statistic,
    ExtendedStatistic: inputs.extendedStatistic,
    ComparisonOperator: inputs.comparisonOperator,
    Threshold: inputs.threshold,
    Period: inputs.period,
    EvaluationPeriods: inputs.evaluationPeriods,
    DatapointsToAlarm: inputs.datapointsToAlarm,
    EvaluateLowSampleCountPercentile: inputs.evaluateLowSampleCountPercentiles,
    TreatMissingData: inputs.treatMissingData,
    AlarmActions: inputs.alarmActions,
    OKActions: inputs.okActions,
    InsufficientDataActions: inputs.insufficientDataActions,
  };
}
