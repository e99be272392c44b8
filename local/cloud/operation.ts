import type { DiagnosticEvent, EngineEvent } from "@pulumi/pulumi/automation";

import { type Change, changeOf, realChange, sentence } from "./change";
import { collectPolicyResults } from "./policyResults";
import { print, withProgress, withoutColours } from "../../lib/progress";

// That provider and policy host come from PATH is how the local cloud works.
const OURS = /^(warning: )?using pulumi-\S+ from \$PATH/;

type OnEvent = (event: EngineEvent) => void;

/**
 * Runs an engine operation and shows each resource as it is done. Returns what really changed; a
 * failure is reported in the engine's own words.
 */
export async function operation<T>(
  title: string,
  start: (onEvent: OnEvent) => Promise<T>,
): Promise<{ result: T; changes: Change[] }> {
  const changes: Change[] = [];
  // A set: the engine tells some errors twice.
  const errors = new Set<string>();
  const policies = collectPolicyResults();
  const work = async (report: (detail: string) => void): Promise<T> => {
    try {
      return await start((event) => {
        policies.collect(event);
        const begun = event.resourcePreEvent?.metadata;
        const done = event.resOutputsEvent;
        if (begun) report(`${doing(changes.length)}${sentence(changeOf(begun))}`);
        const next = done && done.planning !== true ? realChange(done.metadata) : undefined;
        if (next) {
          changes.push(next);
          report(`${changes.length.toString()} done`);
          // A terminal shows these in its live line.
          if (!process.stdout.isTTY) print(`    ${sentence(next)}`);
        }
        const diagnostic = event.diagnosticEvent;
        if (diagnostic?.severity === "error") {
          errors.add(textOf(diagnostic));
        }
        if (diagnostic?.severity === "info") print(`    ${textOf(diagnostic)}`);
        if (diagnostic?.severity === "warning" && !OURS.test(textOf(diagnostic))) {
          print(`    ${textOf(diagnostic)}`);
        }
      });
    } catch (error) {
      const raw = error instanceof Error ? error.message : String(error);
      const reasons = [...errors, ...policies.violations()];
      const message = reasons.length > 0 ? reasons.join("\n") : lastLines(raw, 20);
      throw new Error(`the Pulumi engine failed:\n${message}`, { cause: error });
    }
  };
  const result = await withProgress(title, work, { quietSeconds: 2 });
  policies.print();
  return { result, changes };
}

function doing(done: number): string {
  return done === 0 ? "" : `${done.toString()} done, `;
}

function textOf({ prefix, message }: DiagnosticEvent): string {
  return withoutColours(`${prefix ?? ""}${message}`);
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}
