import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import type { Decision } from "../iam/contract";
import type { Review } from "../iam/review";
import { settingOf } from "./settingOf";
import { type Reasons, listedName } from "./unusedActions";
import { usesByPrincipal } from "./decisions";
import { type Markup, markup, secondsText, tableOf } from "./markup";
import type { StepRecord } from "./record";
import { style } from "./style";
import { eventAnchor, stepAnchor, timelineOf } from "./timelinePicture";

const ROOT = join(__dirname, "..", "..");

/** Content of the page. */
export interface E2eResult {
  /** Names and values of `factsOf`. */
  readonly facts: readonly (readonly [string, string])[];
  readonly stepRecords: readonly StepRecord[];
  readonly decisions: readonly Decision[];
  /** Left out if the end-to-end run ended before the policy review. */
  readonly review?: Review | undefined;
  /** Reasons for unused actions. */
  readonly reasons: Reasons;
  /** Parts that the end-to-end run does not cover. */
  readonly notExercised: readonly string[];
}

/** Writes the page to `.local`; returns its path, relative to the current folder. */
export function writeReport(result: E2eResult, name: string, root = ROOT): string {
  const folder = join(root, ".local");
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  // Moving is atomic: runs beside this one may write theirs.
  const unfinished = `${file}.${process.pid.toString()}`;
  writeFileSync(unfinished, pageOf(result));
  renameSync(unfinished, file);
  return relative(process.cwd(), file);
}

/** HTML page that loads nothing, works without JavaScript and can be printed. */
export function pageOf(result: E2eResult): string {
  const { facts, stepRecords } = result;
  const failed = stepRecords.filter(({ failure }) => failure !== undefined).length;
  const held = (stepRecords.length - failed).toString();
  const sum =
    failed === 0
      ? markup`<span class="passed">all ${held} steps passed</span>`
      : markup`<span class="failed">${held} steps passed, ${failed} failed</span>`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>End-to-end run: ${failed === 0 ? "all steps passed" : "a step failed"}</title>
<style>${{ html: style }}</style>
</head>
<body>
<h1>End-to-end run</h1>
<p>${sum}</p>
<nav>${sections.map(({ id, title }) => markup`<a href="#${id}">${title}</a> `)}</nav>
${tableOf(["Fact", "Value"], facts)}
${sections.map((one) => sectionOf(one, result))}
</body>
</html>
`.html;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly show: (result: E2eResult) => Markup | readonly Markup[];
}

const sections: readonly Section[] = [
  { id: "timeline", title: "Timeline", show: ({ stepRecords }) => timelineOf(stepRecords) },
  { id: "steps", title: "Steps", show: ({ stepRecords }) => stepRecords.map(stepOf) },
  { id: "roles", title: "IAM actions of each role", show: rolesOf },
  { id: "needed", title: "Necessary actions", show: neededOf },
  { id: "unused", title: "Unused actions", show: unusedOf },
  { id: "not-covered", title: "Not covered", show: limitsOf },
];

function sectionOf({ id, show, title }: Section, result: E2eResult): Markup {
  return markup`<h2 id="${id}">${title}</h2>\n${show(result)}\n`;
}

const notSoFar = markup`<p class="quiet">The run ended before this check.</p>`;

/** Step with its failure, events and notifications; open if it failed. */
function stepOf({ entries, failure, messages, seconds, title }: StepRecord, step: number): Markup {
  const rows = entries.map(({ seconds: at, what, who }) => [secondsText(at), who, what]);
  const texts = messages.map((message) => markup`<pre>${message}</pre>\n`);
  const parts = [
    ...(failure === undefined ? [] : [markup`<pre>${failure}</pre>\n`]),
    ...(rows.length === 0
      ? [markup`<p class="quiet">No events.</p>\n`]
      : [tableOf(["Time", "Actor", "Event"], rows, (event) => eventAnchor(step, event))]),
    ...(texts.length === 0 ? [] : [markup`<h3>Notifications</h3>\n${texts}`]),
  ];
  const open = failure === undefined ? "" : " open";
  const result = failure === undefined ? good("passed") : bad("failed");
  return markup`<details id="${stepAnchor(step)}"${open}><summary><span class="quiet">${step + 1}</span> ${result} <span>${title}</span> <span class="quiet">${secondsText(seconds)}</span></summary>
${parts}</details>
`;
}

function rolesOf({ decisions }: E2eResult): readonly Markup[] {
  return usesByPrincipal(decisions).map(({ principal, uses }) => {
    const rows = uses.map(({ action, allowed, count, on }) => [
      allowed ? good("allowed") : bad("denied"),
      action,
      on,
      count.toString(),
    ]);
    const heads = ["Decision", "Action", "Resource", "Calls"];
    return markup`<h3>${principal}</h3>\n${tableOf(heads, rows)}\n`;
  });
}

function neededOf({ review }: E2eResult): Markup {
  if (review === undefined) return notSoFar;
  const rows = review.needed.map((one) => {
    const { action, firstDenied, role, statement } = one;
    const setting = settingOf(one);
    return [
      role,
      action,
      setting ?? statement,
      firstDenied?.call ?? (setting === undefined ? bad("no call is denied") : "no call is denied"),
      firstDenied?.resource ?? "",
    ];
  });
  return markup`<p>Policies are evaluated again without one used action at a time. IAM then denies this call.</p>
${tableOf(["Role", "Removed action", "Statement", "First denied call", "Resource"], rows)}`;
}

function unusedOf({ reasons, review }: E2eResult): Markup {
  if (review === undefined) return notSoFar;
  const rows = review.unused.map((one) => [
    one.role,
    one.action,
    settingOf(one) ?? one.statement,
    settingOf(one) === undefined ? (reasons.get(listedName(one)) ?? "") : ofSettings,
  ]);
  return tableOf(["Role", "Action", "Statement", "Reason"], rows);
}

const ofSettings = "A policy statement of the stack config grants it.";

function limitsOf({ notExercised }: E2eResult): Markup {
  return markup`<ul>${notExercised.map((line) => markup`<li>${line}</li>\n`)}</ul>`;
}

function good(word: string): Markup {
  return markup`<span class="passed">${word}</span>`;
}

function bad(word: string): Markup {
  return markup`<span class="failed">${word}</span>`;
}
