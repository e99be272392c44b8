import { ModelBuildPipeline } from "../../components/modelBuildPipeline";
import { type place, record } from "../support/mocks";
import { everySetting } from "./everySetting";
import { type PolicyDocument, policyDocuments } from "./policyDocuments";

/** A policy, and the place that it was made for. */
export interface Placed {
  readonly policy: PolicyDocument;
  readonly where: typeof place;
}

let rendered: Promise<readonly Placed[]> | undefined;

/** The policies of every setting; rendered once, whoever asks. */
export function everyPolicy(): Promise<readonly Placed[]> {
  rendered ??= render();
  return rendered;
}

async function render(): Promise<readonly Placed[]> {
  const all: Placed[] = [];
  for (const { args, where } of everySetting()) {
    const recording = await record(() => new ModelBuildPipeline("build", args), { where });
    all.push(...policyDocuments(recording, where).map((policy) => ({ policy, where })));
  }
  return all;
}
