import type { EngineEvent, Stack } from "@pulumi/pulumi/automation";

import { messageOf } from "../command";
import { policyPacks } from "./openStack";

/** One thing that an update would do to a resource. */
export interface Step {
  /** The engine's word: create, update, replace, delete, import, read ... */
  readonly operation: string;
  readonly type: string;
  readonly name: string;
  /** The inputs for which it is replaced. */
  readonly because: readonly string[];
}

/** What an update of a stack would do, as the engine previews it. */
export interface Plan {
  readonly stackName: string;
  readonly steps: readonly Step[];
  /** How many resources stay as they are. */
  readonly unchanged: number;
  /** Everything that the engine printed, the diff in it. */
  readonly diff: string;
  /** What the policy pack refuses: rule, resource, and what to do. */
  readonly refused: readonly string[];
  /** Why the preview did not come to its end, if it did not. */
  readonly error?: string;
}

/** Previews an update under the policy pack; never throws for what the program or the pack say. */
export async function planOf(
  stack: Stack,
  { refresh, show }: { readonly refresh: boolean; readonly show: (text: string) => void },
): Promise<Plan> {
  const steps: Step[] = [];
  const refused = new Set<string>();
  const errors = new Set<string>();
  const printed: string[] = [];
  let unchanged = 0;
  const onEvent = ({ diagnosticEvent, policyEvent, resourcePreEvent }: EngineEvent): void => {
    const step = resourcePreEvent && stepOf(resourcePreEvent.metadata);
    if (step?.operation === "same") unchanged += 1;
    else if (step && !silent.includes(step.operation)) steps.push(step);
    if (policyEvent?.enforcementLevel === "mandatory") {
      const { message, policyName, resourceUrn = "" } = policyEvent;
      refused.add(`${policyName}: ${nameOf(resourceUrn)}: ${plain(message)}`);
    }
    if (diagnosticEvent?.severity === "error") errors.add(plain(diagnosticEvent.message));
  };
  const onOutput = (text: string): void => {
    printed.push(text);
    show(text);
  };
  const seen = (error?: string): Plan => ({
    stackName: stack.name,
    steps,
    unchanged,
    diff: printed.join("").trimEnd(),
    refused: [...refused],
    ...(error === undefined ? {} : { error }),
  });
  try {
    await stack.preview({ color: "never", diff: true, onEvent, onOutput, policyPacks, refresh });
    return seen();
  } catch (error) {
    // The engine's own words, where it has any; what the pack refused is told apart.
    if (errors.size > 0) return seen([...errors].join("\n"));
    return seen(refused.size > 0 ? undefined : messageOf(error));
  }
}

/** Whether there is anything in a plan that would change something, or that kept it from being made. */
export function isClean({ error, refused, steps }: Plan): boolean {
  return error === undefined && refused.length === 0 && steps.length === 0;
}

// Parts of a replacement, which the engine tells as a whole too; and what it only looks at.
const silent = ["create-replacement", "delete-replaced", "refresh", "read"];

type Metadata = NonNullable<EngineEvent["resourcePreEvent"]>["metadata"];

function stepOf({ keys, op, type, urn }: Metadata): Step {
  return { operation: op, type, name: nameOf(urn), because: op === "replace" ? (keys ?? []) : [] };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The engine marks colours in its messages like <{%reset%}>. */
function plain(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "").trim();
}
