import { isRecord } from "../../cloud/provider/values";
import { valueAt } from "./valueAt";

/** How a target wants its input. */
export interface Transformer {
  readonly inputPaths: Readonly<Record<string, string>>;
  readonly inputTemplate: string;
}

/** What the reserved placeholders tell. */
export interface RuleFacts {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** When EventBridge took the event, as ISO 8601. */
  readonly ingestionTime: string;
}

/**
 * What a target with this transformer receives of an event. Quotes of a text template are part of it.
 * @throws for a template or path that `PutTargets` refuses
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function transformed(
  { inputPaths, inputTemplate }: Transformer,
  event: unknown,
  rule?: RuleFacts,
): string {
  assertTemplate(inputTemplate);
  return filled(inputTemplate, (name, isQuoted) => {
    const path = Object.hasOwn(inputPaths, name) ? inputPaths[name] : undefined;
    const value = path === undefined ? reserved(name, event, rule) : valueAt(path, event);
    if (isQuoted && isRecord(value) && name.startsWith("aws.events."))
      throw new Error(`<${name}> must be the value of a JSON field, without quotes`);
    return isQuoted ? inQuotes(value) : outsideQuotes(value);
  });
}

/**
 * AWS: values are not escaped; an object or array loses its quotes. Seen of AWS: a missing value leaves nothing.
 * AWS does not say what becomes of a quote or line break in a value: here they stand as they are.
 */
function inQuotes(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value).replaceAll('"', "");
}

/** AWS: texts get quotes so that the output is valid JSON. Seen of AWS: a missing value becomes an empty text. */
function outsideQuotes(value: unknown): string {
  return JSON.stringify(value === undefined ? "" : value);
}

function reserved(name: string, event: unknown, rule: RuleFacts | undefined): unknown {
  if (name === "aws.events.event.json") return event;
  if (rule !== undefined && name === "aws.events.rule-arn") return rule.ruleArn;
  if (rule !== undefined && name === "aws.events.rule-name") return rule.ruleName;
  if (rule !== undefined && name === "aws.events.event.ingestion-time") return rule.ingestionTime;
  if (rule !== undefined && name === "aws.events.event" && isRecord(event)) {
    // AWS: without the detail. Seen of AWS: its type is then called detailType, and the time is the ingestion's.
    const { detail: _, "detail-type": detailType, ...rest } = event;
    return { ...rest, detailType, time: rule.ingestionTime };
  }
  throw new Error(`the placeholder <${name}> of the input template has no input path`);
}

/** The template with each `<name>` replaced. */
function filled(template: string, replace: (name: string, isQuoted: boolean) => string): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (token, name: string | undefined) => {
    if (token === '"') isQuoted = !isQuoted;
    return name === undefined ? token : replace(name, isQuoted);
  });
}

/** A template is JSON, or lines of text of which each stands in quotes. */
function assertTemplate(template: string): void {
  const shape = filled(template, (_name, isQuoted) => (isQuoted ? "" : "0"));
  const lines = shape.split("\n").filter((line) => line.trim() !== "");
  if (
    isJson(shape) ||
    (lines.length > 0 && lines.every((line) => /^\s*"/.test(line) && isJson(line)))
  )
    return;
  throw new Error(`an input template must be JSON or lines in quotes; got ${template}`);
}

/** Whether the text is a JSON document. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
