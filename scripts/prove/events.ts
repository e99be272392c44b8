import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { guardNames } from "./guard";
import type { Kit } from "./kit";
import { guardedBy } from "./target";

const SAMPLES = join(__dirname, "..", "..", "tests", "events");

const eventShape = z.looseObject({
  "detail-type": z.string(),
  source: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

/** Body of an EventBridge event. */
export type Event = z.output<typeof eventShape>;

/** Sample events of the tests, which AWS's events must look like. */
export function sampleEvents(): Event[] {
  return readdirSync(SAMPLES).map((file) =>
    eventShape.parse(JSON.parse(readFileSync(join(SAMPLES, file), "utf8"))),
  );
}

/** Sources of the sample events. */
export function sourcesOf(events: readonly Event[]): string[] {
  return [...new Set(events.map(({ source }) => source))].sort();
}

/** Takes the events of the project from the queue of the run; the events of others are dropped. */
export async function receiveEvents({ clients, target }: Kit): Promise<Event[]> {
  const { queue: QueueName } = guardNames(guardedBy(target));
  const { QueueUrl } = await clients.sqs.getQueueUrl({ QueueName });
  const found: Event[] = [];
  for (;;) {
    const { Messages = [] } = await clients.sqs.receiveMessage({
      MaxNumberOfMessages: 10,
      QueueUrl,
      WaitTimeSeconds: 1,
    });
    if (Messages.length === 0) return found;
    for (const { Body = "", ReceiptHandle } of Messages) {
      if (Body.includes(target.stem)) found.push(eventShape.parse(JSON.parse(Body)));
      await clients.sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    }
  }
}

/** Fields whose keys are data. */
const dataKeys = /\.(CustomerMetadataProperties|Environment|outputVariables)\.[^.]+$/;

/** Differences between events and the samples of their kind, each once. */
export interface Differences {
  /** Fields that no sample has, and kinds without a sample. AWS adds fields at any time. */
  readonly further: string[];
  /** Fields with another type, and fields that every sample of the state has and the event has not. */
  readonly wrong: string[];
}

/** Compares the fields of events with those of the samples. */
export function differences(events: readonly Event[], samples: readonly Event[]): Differences {
  const further = new Set<string>();
  const wrong = new Set<string>();
  for (const event of events) {
    const title = `${event["detail-type"]} ${stateOf(event)}`.trim();
    const ofType = samples.filter((it) => it["detail-type"] === event["detail-type"]);
    if (ofType.length === 0) {
      further.add(`${title}: no sample`);
      continue;
    }
    const seen = fieldsOf(event);
    const known = new Map(ofType.flatMap((it) => [...fieldsOf(it)]));
    for (const [path, type] of seen) {
      const expected = known.get(path);
      if (expected === undefined) further.add(`${title}: ${path}, which no sample has`);
      else if (expected !== type)
        wrong.add(`${title}: ${path} is ${type}, in the samples ${expected}`);
    }
    // Fields depend on the state; a sample of a special case can have more of them.
    const alike = ofType.filter((it) => stateOf(it) === stateOf(event)).map(fieldsOf);
    const [first = new Map<string, string>(), ...others] = alike;
    for (const path of first.keys())
      if (others.every((it) => it.has(path)) && !seen.has(path))
        wrong.add(`${title}: ${path} is missing, which every sample has`);
  }
  return { further: [...further].sort(), wrong: [...wrong].sort() };
}

const states = [
  "state",
  "event",
  "ModelApprovalStatus",
  "currentPipelineExecutionStatus",
  "currentStepStatus",
];

/** State that the event is about, for example `FAILED`. */
export function stateOf({ detail }: Event): string {
  for (const name of states) {
    const value = detail[name];
    if (typeof value === "string") return value;
  }
  return "";
}

/** Types of all fields by their path; elements of a list have one path. */
function fieldsOf(event: Event): Map<string, string> {
  const fields = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (dataKeys.test(path)) return;
    if (Array.isArray(value)) for (const one of value) visit(one, `${path}[]`);
    else if (typeof value === "object" && value !== null)
      for (const [key, one] of Object.entries(value)) visit(one, `${path}.${key}`);
    else fields.set(path.slice(1), value === null ? "null" : typeof value);
  };
  visit(event, "");
  return fields;
}
