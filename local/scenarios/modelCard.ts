import { z } from "zod";

const metric = z.object({ name: z.string(), value: z.number() });
const evaluation = z.object({
  name: z.string(),
  metadata: z.record(z.string(), z.string()),
  metric_groups: z.array(z.object({ name: z.string(), metric_data: z.array(metric) })).optional(),
});

/** The part of the starter's model card that the metadata of the version has too. */
const card = z.object({
  evaluation_details: z.array(evaluation),
  additional_information: z.object({ custom_details: z.record(z.string(), z.string()) }),
});

/** Differences between the starter's model card and the metadata: figures and champion; unhashed data. */
export function modelCardProblems(
  content: string | undefined,
  metadata: Readonly<Record<string, string>>,
): string[] {
  if (content === undefined) return ["no model card"];
  const { additional_information: more, evaluation_details: details } = card.parse(
    JSON.parse(content),
  );
  const detail = (name: string) => details.find((one) => one.name === name);
  const metrics = detail("Test set")?.metric_groups?.find(({ name }) => name === "Metrics");
  const found: Readonly<Record<string, number | string | undefined>> = {
    ...Object.fromEntries(metrics?.metric_data.map(({ name, value }) => [name, value]) ?? []),
    ChampionVersion: detail("Champion")?.metadata.Version,
  };
  const problems = ["Accuracy", "F1", "RocAuc", "ChampionVersion"]
    .filter((name) => normal(found[name]) !== normal(metadata[name]))
    .map((name) => `${name} ${String(found[name])}, in the metadata ${String(metadata[name])}`);
  const isHashed = Object.values(more.custom_details).some((text) => /[0-9a-f]{64}/.test(text));
  return isHashed ? problems : [...problems, "no SHA-256 of the data"];
}

/** Python writes 1 as 1.0. */
function normal(value: number | string | undefined): number | string {
  const number = Number(value);
  return Number.isNaN(number) ? String(value) : number;
}
