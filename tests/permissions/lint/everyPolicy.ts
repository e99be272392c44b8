import type { awsContext } from "../../support/mocks";
import { everySetting } from "./everySetting";
import { policiesOf } from "./policiesOf";
import type { PolicyDocument } from "./policyDocuments";

/** A policy, and its AWS context. */
export interface Placed {
  readonly policy: PolicyDocument;
  readonly where: typeof awsContext;
}

let rendered: Promise<readonly Placed[]> | undefined;

/** The policies of every setting, rendered once. */
export function everyPolicy(): Promise<readonly Placed[]> {
  rendered ??= render();
  return rendered;
}

async function render(): Promise<readonly Placed[]> {
  const all: Placed[] = [];
  for (const { args, where } of everySetting()) {
    const policies = await policiesOf(args, where);
    all.push(...policies.map((policy) => ({ policy, where })));
  }
  return all;
}
