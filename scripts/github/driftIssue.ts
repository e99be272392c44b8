import { LIMIT, diffDetails } from "./markdown";

/** Text of the drift issue of a stack, with the output of `pulumi preview --refresh --diff`. */
export function driftIssue(diff: string, source: string): string {
  const text =
    "Resources in AWS differ from the main branch. " +
    "Possible causes: a manual change, or an incomplete deployment. " +
    "The diff shows what the next deployment changes. " +
    "Next: re-run the latest Deploy workflow, or commit the change to the main branch. " +
    "This issue is updated every night and closed when no drift is left.";
  return [text, diffDetails(diff.trimEnd(), LIMIT - 2000), `<sub>${source}</sub>`].join("\n\n");
}
