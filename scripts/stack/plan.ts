import { join } from "node:path";

import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";

import { messageOf } from "../../lib/errors";

const policyPacks = [join(__dirname, "..", "..", "policy")];

/** Planned operation on a resource. */
export interface Step {
  /** Operation of the Pulumi engine: create, update, replace, delete, import, read ... */
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  /** Inputs whose changes require the replacement. */
  readonly replaceKeys: readonly string[];
}

/** Result of a preview of a stack. */
export interface Plan {
  readonly stackName: string;
  readonly steps: readonly Step[];
  /** Number of unchanged resources. */
  readonly unchanged: number;
  /** Output of the engine, with the diff. */
  readonly diff: string;
  /** Violations of mandatory policies: rule, resource and remedy. */
  readonly violations: readonly string[];
  /** Error that stopped the preview. */
  readonly error?: string;
}

/** Previews an update with the policy pack. Errors of the program are in the plan, not thrown. */
export async function planOf(
  stack: Pick<Stack, "name" | "preview">,
  show: (text: string) => void,
): Promise<Plan> {
  // By operation and URN: the SDK reads the engine's log while it grows, and may report a line twice.
  const steps = new Map<string, Step>();
  const violations = new Set<string>();
  const errors = new Set<string>();
  const printed: string[] = [];
  const onEvent = ({ diagnosticEvent, policyEvent, resourcePreEvent }: EngineEvent): void => {
    const metadata = resourcePreEvent?.metadata;
    if (metadata !== undefined && !ignored.includes(metadata.op))
      steps.set(`${metadata.op} ${metadata.urn}`, stepOf(metadata));
    if (policyEvent?.enforcementLevel === "mandatory") {
      const { message, policyName, resourceUrn = "" } = policyEvent;
      violations.add(`${policyName}: ${nameOf(resourceUrn)}: ${plain(message)}`);
    }
    if (diagnosticEvent?.severity !== "error") return;
    const message = plain(diagnosticEvent.message);
    // After a policy violation; it adds nothing to the violation.
    if (message !== "preview failed") errors.add(message);
  };
  const onOutput = (text: string): void => {
    printed.push(text);
    show(text);
  };
  const planWith = (error?: string): Plan => ({
    stackName: stack.name,
    steps: [...steps.values()].filter(({ operation }) => operation !== "same"),
    unchanged: [...steps.values()].filter(({ operation }) => operation === "same").length,
    diff: printed.join("").trimEnd(),
    violations: [...violations],
    ...(error === undefined ? {} : { error }),
  });
  try {
    await stack.preview({ color: "never", diff: true, onEvent, onOutput, policyPacks });
    return planWith();
  } catch (error) {
    // The engine's errors first; policy violations are reported separately.
    if (errors.size > 0) return planWith([...errors].join("\n"));
    return planWith(violations.size > 0 ? undefined : messageOf(error));
  }
}

/** Whether the preview failed, or the policy pack found a violation. */
export function isRejected({ error, violations }: Plan): boolean {
  return error !== undefined || violations.length > 0;
}

// Parts of a replacement, which has a step of its own; and operations that only read.
const ignored = ["create-replacement", "delete-replaced", "refresh", "read"];

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

function stepOf({ keys, op, type, urn }: Metadata): Step {
  const replaceKeys = op === "replace" ? (keys ?? []) : [];
  return { operation: op, type, name: nameOf(urn), replaceKeys };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Removes the engine's colour marks, for example <{%reset%}>. */
function plain(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "").trim();
}
