import type { Dimension, MetricDatum } from "@aws-sdk/client-cloudwatch";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";

/** Whose invocations are counted. */
export interface MetricPlace {
  readonly endpoint: string;
  readonly variant: string;
  readonly configName: string;
}

/** Publishes metrics of the invocations of one fleet. */
export interface Metrics {
  readonly take: (invocation: { readonly status: number; readonly milliseconds: number }) => void;
  /** Returns when all of them are published. */
  readonly flush: () => Promise<void>;
}

/**
 * Metrics of a fleet's invocations, by variant, and by variant and endpoint config; SageMaker publishes them in its own
 * name, which needs no permission.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export function openMetrics(place: MetricPlace, context: AwsContext): Metrics {
  const waiting: MetricDatum[] = [];
  let published = Promise.resolve();
  // What came together while a call was in progress goes with the next one.
  const publish = async (): Promise<void> => {
    const MetricData = waiting.splice(0);
    if (MetricData.length === 0) return;
    const cloudwatch = await ownerClients(context).cloudwatch();
    await cloudwatch.putMetricData({ Namespace: "AWS/SageMaker", MetricData });
  };
  return {
    take: ({ milliseconds, status }) => {
      const Timestamp = new Date();
      for (const Dimensions of dimensionsOf(place)) {
        const datum = { Dimensions, Timestamp };
        waiting.push(
          { ...datum, MetricName: "Invocations", Unit: "None", Value: 1 },
          {
            ...datum,
            MetricName: "Invocation5XXErrors",
            Unit: "None",
            Value: status >= 500 ? 1 : 0,
          },
          {
            ...datum,
            MetricName: "ModelLatency",
            Unit: "Microseconds",
            Value: milliseconds * 1000,
          },
        );
      }
      published = published.then(publish);
      // `flush` reports it.
      published.catch(() => undefined);
    },
    flush: () => published,
  };
}

function dimensionsOf({ configName, endpoint, variant }: MetricPlace): readonly Dimension[][] {
  const ofVariant = [
    { Name: "EndpointName", Value: endpoint },
    { Name: "VariantName", Value: variant },
  ];
  return [ofVariant, [...ofVariant, { Name: "EndpointConfigName", Value: configName }]];
}
