import type { EngineEvent } from "@pulumi/pulumi/automation";

import { z } from "zod";

import { say, withoutColours } from "../progress";
import { nameOf } from "../state";

// The engine spells it so; the SDK's type does not.
const summaryShape = z.object({ PolicyPacks: z.record(z.string(), z.string()).default({}) });

/** What the policy packs said in one operation. */
export interface Hearing {
  readonly hear: (event: EngineEvent) => void;
  /** What was refused: rule, resource, and what to do. */
  readonly violations: () => string[];
  /** Says that the packs were there, and how much they could not see. */
  readonly tell: () => void;
}

/** Listens to the engine for policy packs; says nothing if there are none. */
export function hearPolicies(): Hearing {
  const violations: string[] = [];
  let advice = 0;
  let packs: string[] = [];
  return {
    hear: ({ policyEvent, summaryEvent }) => {
      if (summaryEvent) {
        const { PolicyPacks } = summaryShape.parse(summaryEvent);
        // A local pack's name is followed by where it lies.
        packs = Object.keys(PolicyPacks).map((name) => name.split("|")[0] ?? name);
      }
      if (policyEvent?.enforcementLevel === "mandatory") {
        const { message, policyName, resourceUrn = "" } = policyEvent;
        violations.push(`${policyName}: ${nameOf(resourceUrn)}: ${withoutColours(message)}`);
      } else if (policyEvent) advice += 1;
    },
    violations: () => violations,
    tell: () => {
      if (packs.length === 0) return;
      const waiting = advice === 0 ? "" : `; ${advice.toString()} values are judged in the update`;
      say(`    policy pack ${packs.join(", ")}: nothing refused${waiting}`);
    },
  };
}
