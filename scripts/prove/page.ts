import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { format } from "prettier";

import type { Mask } from "./mask";
import { billTotal, DEADLINE_MINUTES, dollars } from "./prices";
import type { Evidence } from "./run";
import { stateOf } from "./events";
import { onlyAws, type StepResult } from "./steps";

/** Facts about a run. */
export interface Facts {
  /** AWS, or the endpoint of an emulator. */
  readonly cloud: string;
  readonly isAws: boolean;
  readonly region: string;
  readonly stackName: string;
  readonly started: Date;
}

/**
 * Writes the page and the JSON file of a run; returns their paths. Neither contains the number of
 * the account, names of people, or secrets.
 */
export async function writeEvidence(
  evidence: Evidence,
  facts: Facts,
  { folder, mask }: { readonly folder: string; readonly mask: Mask },
): Promise<string[]> {
  const { events, steps } = evidence;
  // One of each kind.
  const kinds = new Map(
    events.map((event) => [`${event["detail-type"]} ${stateOf(event)}`, event]),
  );
  const page = mask(pageOf(evidence, facts));
  const json = mask(JSON.stringify({ ...facts, steps, events: [...kinds.values()] }));
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `prove-${facts.stackName}`);
  const style = { printWidth: 100, proseWrap: "always" } as const;
  writeFileSync(`${file}.md`, await format(page, { ...style, parser: "markdown" }));
  writeFileSync(`${file}.json`, await format(json, { ...style, parser: "json" }));
  return [`${file}.md`, `${file}.json`];
}

/** Markdown page of a run. */
function pageOf({ events, steps }: Evidence, facts: Facts): string {
  const { cloud, isAws, region, stackName, started } = facts;
  const count = (result: StepResult["result"]) => steps.filter((it) => it.result === result).length;
  const counts = (["passed", "failed", "not checked", "not reached"] as const)
    .map((result) => `${String(count(result))} ${result}`)
    .join(", ");
  const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
  return [
    `# npm run prove: ${counts}`,
    `Stack \`${stackName}\` in ${region} on ${cloud}, ${started.toISOString().slice(0, 16)} UTC, ` +
      `${(seconds / 60).toFixed(0)} minutes. Upper limit: ${dollars(billTotal())}, ` +
      `${String(DEADLINE_MINUTES)} minutes. ${String(events.length)} events.`,
    ...(isAws
      ? []
      : [
          "**This run did not reach AWS.** A passed step shows that the command works. It does not " +
            "show what the last column names: not checked here: only AWS.",
        ]),
    "| step | result | seconds | only AWS shows |\n| --- | --- | --- | --- |",
    ...steps.map(
      ({ result, seconds, step }) =>
        `| ${step} | ${result} | ${String(seconds)} | ${onlyAws[step]} |`,
    ),
    ...steps.flatMap(({ details, step }) =>
      details.length === 0
        ? []
        : [`## ${step}`, details.map((it) => `- \`${inLine(it)}\``).join("\n")],
    ),
  ]
    .join("\n\n")
    .replaceAll("|\n\n|", "|\n|");
}

/** Text that fits in a code span of one line. */
function inLine(text: string): string {
  return text.replaceAll("`", "'").replaceAll(/\s+/g, " ");
}
