import type { EngineEvent } from "@pulumi/pulumi/automation";

import { z } from "zod";

import { print, withoutColours } from "../../lib/progress";
import { nameOf } from "../../lib/state";

// The engine event has the key PolicyPacks; the type of the SDK has policyPacks.
const summaryShape = z.object({ PolicyPacks: z.record(z.string(), z.string()).default({}) });

/** Results of the policy packs in one engine operation. */
export interface PolicyResults {
  readonly collect: (event: EngineEvent) => void;
  /** Violations: rule, resource and fix. */
  readonly violations: () => string[];
  /** Prints the names of the packs and the number of unchecked values. */
  readonly print: () => void;
}

/** Collects the results of the policy packs from engine events. Without packs, prints nothing. */
export function collectPolicyResults(): PolicyResults {
  const violations: string[] = [];
  let uncheckedCount = 0;
  let packs: string[] = [];
  return {
    collect: ({ policyEvent, summaryEvent }) => {
      if (summaryEvent) {
        const { PolicyPacks } = summaryShape.parse(summaryEvent);
        // The name of a local pack ends in "|" and its path.
        packs = Object.keys(PolicyPacks).map((name) => name.split("|")[0] ?? name);
      }
      if (policyEvent?.enforcementLevel === "mandatory") {
        const { message, policyName, resourceUrn = "" } = policyEvent;
        violations.push(`${policyName}: ${nameOf(resourceUrn)}: ${withoutColours(message)}`);
      } else if (policyEvent) uncheckedCount += 1;
    },
    violations: () => violations,
    print: () => {
      if (packs.length === 0) return;
      const unchecked =
        uncheckedCount === 0
          ? ""
          : `; the update checks ${uncheckedCount.toString()} unknown values`;
      print(`    policy pack ${packs.join(", ")}: no violations${unchecked}`);
    },
  };
}
