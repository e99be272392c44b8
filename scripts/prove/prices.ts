/** A figure of docs/costs.md, with the words that it has there: a test compares them. */
interface Figure {
  readonly value: number;
  readonly text: string;
}

/** Prices in USD. */
export const prices = {
  codeBuildMinute: { value: 0.005, text: "CodeBuild 0.020 (4 minutes at 0.005)" },
  codePipelineMinute: { value: 0.002, text: "CodePipeline 0.010 (5 minutes at 0.002)" },
  dashboardMonth: { value: 3, text: "and the dashboard 3.00" },
  endpointAlarmsMonth: { value: 0.4, text: "add 0.40" },
  instanceHour: { value: 0.115, text: "on `ml.m5.large`, 0.115 an hour" },
  processingHour: { value: 0.05, text: "on `ml.t3.medium`, 0.05 an hour" },
  stackMonth: { value: 1.15, text: "**1.15 a month**" },
} as const satisfies Readonly<Record<string, Figure>>;

/** Durations in minutes, with the starter. */
export const minutes = {
  build: { value: 4, text: "(4 minutes at 0.005)" },
  deployment: { value: 39, text: "CodeBuild 0.195 for 39 minutes" },
  processing: { value: 5, text: "two processing jobs of 5 minutes" },
  training: { value: 5, text: "and 5 minutes of training" },
} as const satisfies Readonly<Record<string, Figure>>;

/** Minutes after which the run ends, and deletes everything. */
export const DEADLINE_MINUTES = 115;

/** Minutes after which a schedule deletes the endpoints of a killed run. */
export const DELETION_MINUTES = 150;

/** Upper limit of the bill, in USD. */
export const LIMIT_USD = 5;

/** Resources of a run with their highest cost, in USD. */
export function bill(): readonly (readonly [what: string, usd: number])[] {
  const hours = DELETION_MINUTES / 60;
  const { codeBuildMinute, codePipelineMinute, instanceHour, processingHour } = prices;
  const month = prices.stackMonth.value + prices.endpointAlarmsMonth.value;
  return [
    ["staging endpoint, one ml.m5.large", hours * instanceHour.value],
    [
      "production endpoint, two ml.m5.large, twice while traffic shifts",
      hours * 4 * instanceHour.value,
    ],
    [
      "two trainings: four processing jobs and two training jobs, half an hour each",
      2 * processingHour.value + instanceHour.value,
    ],
    ["CodeBuild, all minutes of the run", DELETION_MINUTES * codeBuildMinute.value],
    ["CodePipeline, two at once", 2 * DELETION_MINUTES * codePipelineMinute.value],
    ["key, alarms, dashboard and storage, a day", (month + prices.dashboardMonth.value) / 30],
  ];
}

/** Total of the bill. */
export function billTotal(): number {
  return bill().reduce((sum, [, usd]) => sum + usd, 0);
}

/** Amount in USD, as in a bill. */
export function dollars(usd: number): string {
  return `${usd.toFixed(2)} USD`;
}
