import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { messages } from "../../components/messages";

/**
 * The sample events in `tests/events/`, and which message each of them sends. They are of the project `churn` (`dev`) in
 * the mock engine's place, in the form of AWS's documentation, as far as AWS documents one.
 */
export const sampleEvents: Record<string, keyof typeof messages | "none"> = {
  "alarm-dead-letter": "letter",
  "alarm-dead-letter-over": "none",
  "alarm-other-project": "none",
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

/** One of the sample events. */
export function sampleEvent(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, "..", "events", `${name}.json`), "utf8"));
}
