import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { deployMessages } from "../../components/deployMessages";
import type { messages } from "../../components/messages";
import type { ServiceEvent } from "../../local/rehearsal/events/serviceEvent";

/** A message, or what starts one of the two pipelines. */
type Kind = keyof typeof messages | keyof typeof deployMessages | "approval" | "none" | "push";

/**
 * The sample events in `tests/events/`, and which message each of them sends, if it does not start a pipeline. They are
 * of the project `churn` (`dev`) in the mock engine's place, in the form of AWS's documentation, as far as AWS documents
 * one: what an approval says of its end, and the trigger of a run that succeeded, are not in it.
 */
export const sampleEvents: Record<string, Kind> = {
  "alarm-dead-letter": "letter",
  "alarm-dead-letter-over": "none",
  "alarm-other-project": "none",
  "approval-abandoned": "none",
  "approval-expired-without-reason": "declined",
  "approval-other-pipeline-started": "none",
  "approval-rejected": "declined",
  "approval-rejected-for-exit-status-98": "declined",
  "approval-started": "waiting",
  "approval-succeeded": "none",
  "codecommit-branch-created": "push",
  "codecommit-branch-deleted": "none",
  "codecommit-comment-on-commit": "none",
  "codecommit-pull-request-merged": "none",
  "codecommit-push": "push",
  "codecommit-tag-created": "none",
  "codepipeline-build-failed": "failed",
  "codepipeline-build-failed-without-reason": "failed",
  "codepipeline-build-succeeded": "none",
  // Of a build that waits for training, "none".
  "codepipeline-build-told-already": "failed",
  "codepipeline-execution-failed": "none",
  "codepipeline-other-pipeline-failed": "none",
  "codepipeline-source-failed": "failed",
  "codepipeline-stage-failed": "none",
  "deployment-brought-back": "none",
  "deployment-failed": "none",
  "deployment-other-pipeline-failed": "none",
  "deployment-other-pipeline-succeeded": "none",
  "deployment-prod-failed": "undeployed",
  "deployment-prod-failed-by-other-status": "undeployed",
  "deployment-prod-failed-without-reason": "undeployed",
  "deployment-prod-failed-without-status": "undeployed",
  "deployment-prod-rolled-back": "rolledback",
  "deployment-prod-succeeded": "none",
  "deployment-source-failed": "undeployed",
  "deployment-stage-failed": "none",
  "deployment-stage-succeeded": "none",
  "deployment-staging-abandoned": "none",
  "deployment-staging-failed": "undeployed",
  "deployment-staging-rolled-back": "rolledback",
  "deployment-staging-started": "none",
  "deployment-started": "none",
  "deployment-stopped": "none",
  "deployment-stopping": "none",
  "deployment-succeeded": "deployed",
  "deployment-succeeded-by-approval": "deployed",
  "deployment-test-failed": "undeployed",
  // A test goes back to no version, whatever its status.
  "deployment-test-failed-like-rolled-back": "undeployed",
  "execution-failed": "none",
  "execution-other-pipeline-stopped": "none",
  "execution-stopped": "stopped",
  "execution-stopping": "none",
  "execution-succeeded": "none",
  "model-package-approved": "approval",
  "model-package-approved-alone": "approval",
  "model-package-approved-at-birth": "approval",
  "model-package-approved-description-edited": "none",
  "model-package-approved-failed": "none",
  "model-package-approved-in-progress": "none",
  "model-package-approved-life-cycle-edited": "none",
  "model-package-approved-longer-group": "none",
  "model-package-approved-metadata-edited": "none",
  "model-package-approved-other-group": "none",
  "model-package-approved-without-group": "none",
  "model-package-in-progress": "none",
  "model-package-metadata-edited": "none",
  "model-package-other-group": "none",
  "model-package-pending": "pending",
  "model-package-pending-again": "pending",
  "model-package-rejected": "approval",
  "model-package-rejected-metadata-edited": "none",
  "step-failed": "step",
  "step-gate-failed": "step",
  "step-other-pipeline-failed": "none",
  "step-stopped": "none",
  "step-succeeded": "none",
};

const shape = z.strictObject({
  version: z.literal("0"),
  id: z.guid(),
  "detail-type": z.string(),
  source: z.string(),
  account: z.string(),
  time: z.iso.datetime({ precision: 0 }),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

/** One of the sample events, whole, as an AWS service sends it. */
export function sampleEvent(name: string): ServiceEvent {
  const file = join(__dirname, "..", "events", `${name}.json`);
  return shape.parse(JSON.parse(readFileSync(file, "utf8")));
}
