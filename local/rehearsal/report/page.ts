import type { Verdict } from "../contract";
import type { Review } from "../judge/review";
import { type Reasons, listedName } from "../justified";
import { usesByPrincipal } from "../report";
import { type Markup, markup, tableOf } from "./markup";
import type { Story } from "./record";
import { style } from "./style";

/** Everything that a rehearsal leaves to be read. */
export interface Rehearsed {
  /** What was rehearsed, when and how, each under its name. */
  readonly facts: readonly (readonly [string, string])[];
  readonly stories: readonly Story[];
  readonly verdicts: readonly Verdict[];
  /** Left out if the rehearsal did not come so far. */
  readonly review?: Review | undefined;
  /** Why what was not used is granted. */
  readonly reasons: Reasons;
  /** What the rehearsal says nothing about, in sentences. */
  readonly notExercised: readonly string[];
}

/** One page that needs nothing beside itself, and that can be printed. */
export function pageOf(rehearsed: Rehearsed): string {
  const { facts, stories } = rehearsed;
  const failed = stories.filter(({ failure }) => failure !== undefined).length;
  const held = (stories.length - failed).toString();
  const sum =
    failed === 0
      ? markup`<span class="held">all ${held} steps held</span>`
      : markup`<span class="failed">${failed} failed, ${held} steps held</span>`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>The rehearsal: ${failed === 0 ? "every step held" : "a step failed"}</title>
<style>${{ html: style }}</style>
</head>
<body>
<h1>The rehearsal</h1>
<p>${sum}</p>
<nav>${sections.map(({ id, title }) => markup`<a href="#${id}">${title}</a> `)}</nav>
${tableOf(["Fact", "Value"], facts)}
${sections.map((one) => sectionOf(one, rehearsed))}
</body>
</html>
`.html;
}

interface Section {
  readonly id: string;
  readonly title: string;
  readonly show: (rehearsed: Rehearsed) => Markup | readonly Markup[];
}

const sections: readonly Section[] = [
  { id: "steps", title: "Steps", show: stepTable },
  { id: "stories", title: "What happened", show: ({ stories }) => stories.map(storyOf) },
  { id: "messages", title: "What people were told", show: messagesOf },
  { id: "roles", title: "What each role used", show: rolesOf },
  { id: "needed", title: "Without one action", show: neededOf },
  { id: "unused", title: "Granted and not used", show: unusedOf },
  { id: "limits", title: "Not exercised", show: limitsOf },
];

function sectionOf({ id, show, title }: Section, rehearsed: Rehearsed): Markup {
  return markup`<h2 id="${id}">${title}</h2>\n${show(rehearsed)}\n`;
}

const notSoFar = markup`<p class="quiet">The rehearsal did not come so far.</p>`;

function stepTable({ stories }: Rehearsed): Markup {
  const rows = stories.map(({ failure, seconds, title }, index) => [
    (index + 1).toString(),
    failure === undefined ? good("held") : bad("failed"),
    `${seconds.toFixed(1)} s`,
    failure === undefined ? title : markup`${title}<pre>${failure}</pre>`,
  ]);
  return tableOf(["", "Outcome", "Took", "Promise"], rows);
}

function storyOf({ entries, failure, seconds, title }: Story): Markup {
  if (entries.length === 0) return markup``;
  const rows = entries.map(({ seconds: at, what, who }) => [`${at.toFixed(1)} s`, who, what]);
  const open = failure === undefined ? "" : " open";
  const took = `${seconds.toFixed(1)} s`;
  return markup`<details${open}><summary>${title} <span class="quiet">${took}</span></summary>
${tableOf(["At", "Who", "What"], rows)}</details>
`;
}

function messagesOf({ stories }: Rehearsed): Markup | readonly Markup[] {
  const told = stories.filter(({ messages }) => messages.length > 0);
  if (told.length === 0) return markup`<p class="quiet">Nothing.</p>`;
  return told.map(({ messages, title }) => {
    const texts = messages.map((message) => markup`<pre>${message}</pre>\n`);
    return markup`<h3>${title}</h3>\n${texts}`;
  });
}

function rolesOf({ verdicts }: Rehearsed): readonly Markup[] {
  return usesByPrincipal(verdicts).map(({ principal, uses }) => {
    const rows = uses.map(({ action, allowed, count, expected, on }) => [
      allowed ? good("allowed") : bad("denied"),
      action,
      on,
      count.toString(),
      expected === undefined ? "" : `expected: ${expected}`,
    ]);
    const heads = ["Verdict", "Action", "On", "Uses", ""];
    return markup`<h3>${principal}</h3>\n${tableOf(heads, rows)}\n`;
  });
}

function neededOf({ review }: Rehearsed): Markup {
  if (review === undefined) return notSoFar;
  const rows = review.needed.map(({ action, firstDenied, role, statement }) => [
    role,
    action,
    statement,
    firstDenied?.call ?? bad("still goes on"),
    firstDenied?.resource ?? "",
  ]);
  return markup`<p>Each action that was used is taken away in turn; the role then fails at this call.</p>
${tableOf(["Role", "Without", "Statement", "Fails at the call", "On"], rows)}`;
}

function unusedOf({ reasons, review }: Rehearsed): Markup {
  if (review === undefined) return notSoFar;
  const rows = review.unused.map((one) => [
    one.role,
    one.action,
    one.statement,
    reasons.get(listedName(one)) ?? "",
  ]);
  return tableOf(["Role", "Action", "Statement", "Reason"], rows);
}

function limitsOf({ notExercised }: Rehearsed): Markup {
  return markup`<ul>${notExercised.map((line) => markup`<li>${line}</li>\n`)}</ul>`;
}

function good(word: string): Markup {
  return markup`<span class="held">${word}</span>`;
}

function bad(word: string): Markup {
  return markup`<span class="failed">${word}</span>`;
}
