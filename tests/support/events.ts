import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { messages } from "../../components/messages";
import type { ServiceEvent } from "../../local/rehearsal/events/serviceEvent";

/**
 * The sample events in `tests/events/`, and which message each of them sends, if it is no push. They are of the project
 * `churn` (`dev`) in the mock engine's place, in the form of AWS's documentation, as far as AWS documents one.
 */
export const sampleEvents: Record<string, keyof typeof messages | "none" | "push"> = {
  "alarm-dead-letter": "letter",
  "alarm-dead-letter-over": "none",
  "alarm-other-project": "none",
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
  "execution-failed": "none",
  "execution-other-pipeline-stopped": "none",
  "execution-stopped": "stopped",
  "execution-stopping": "none",
  "execution-succeeded": "none",
  "model-package-approved": "none",
  "model-package-in-progress": "none",
  "model-package-metadata-edited": "none",
  "model-package-other-group": "none",
  "model-package-pending": "pending",
  "model-package-pending-again": "pending",
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
