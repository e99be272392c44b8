import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { deployNotifications } from "../../components/modelDeploy/deployNotifications";
import type { buildNotifications } from "../../components/modelBuild/buildNotifications";
import type { ServiceEvent } from "../../local/services/eventbridge/serviceEvent";

/** A notification, or the trigger of one of the two pipelines. */
type Kind =
  | keyof typeof buildNotifications
  | keyof typeof deployNotifications
  | "approval"
  | "none"
  | "push"
  | "staging-failed";

/**
 * The sample events in `tests/events/`, and the notification or pipeline that each of them
 * triggers. Project `churn` (`dev`) in the mock engine's AWS context. The format is that of AWS's
 * documentation. AWS does not document the result of an approval, nor the trigger of an execution
 * that succeeded.
 */
export const sampleEvents: Record<string, Kind> = {
  // CloudWatch notifies the topic itself: a rule would send a second notification.
  "alarm-undelivered-events": "none",
  "approval-abandoned": "none",
  "approval-expired-without-reason": "deployment-rejected",
  "approval-other-pipeline-started": "none",
  "approval-rejected": "deployment-rejected",
  "approval-rejected-for-exit-status-98": "deployment-rejected",
  "approval-started": "deployment-pending",
  "approval-succeeded": "none",
  // Only with build.comparePullRequests.
  "codebuild-compare-succeeded": "none",
  "codecommit-branch-created": "push",
  "codecommit-branch-deleted": "none",
  "codecommit-comment-on-commit": "none",
  "codecommit-pull-request-created": "none",
  "codecommit-pull-request-merged": "none",
  "codecommit-push": "push",
  "codecommit-tag-created": "none",
  "codepipeline-build-failed": "build-failed",
  "codepipeline-build-failed-without-reason": "build-failed",
  "codepipeline-build-succeeded": "none",
  // "none" if the build waits for training.
  "codepipeline-build-failure-reported": "build-failed",
  "codepipeline-execution-failed": "none",
  "codepipeline-other-pipeline-failed": "none",
  "codepipeline-source-failed": "build-failed",
  "codepipeline-stage-failed": "none",
  "deployment-succeeded-by-rollback": "none",
  "deployment-failed": "none",
  "deployment-other-pipeline-failed": "none",
  "deployment-other-pipeline-succeeded": "none",
  "deployment-prod-failed": "deployment-failed",
  "deployment-prod-failed-by-other-status": "deployment-failed",
  "deployment-prod-failed-without-reason": "deployment-failed",
  "deployment-prod-failed-without-status": "deployment-failed",
  "deployment-prod-rolled-back": "deployment-rolled-back",
  "deployment-prod-succeeded": "none",
  "deployment-source-failed": "deployment-failed",
  "deployment-queue-abandoned": "none",
  "deployment-queue-failed": "deployment-failed",
  "deployment-queue-stage-failed": "none",
  "deployment-stage-failed": "none",
  "deployment-stage-succeeded": "none",
  "deployment-staging-abandoned": "none",
  "deployment-staging-failed": "deployment-failed",
  "deployment-staging-rolled-back": "deployment-rolled-back",
  "deployment-staging-stage-failed": "staging-failed",
  "deployment-staging-stage-other-pipeline-failed": "none",
  "deployment-staging-stage-stopped": "none",
  "deployment-staging-stage-succeeded": "none",
  "deployment-staging-started": "none",
  "deployment-started": "none",
  "deployment-stopped": "none",
  "deployment-stopping": "none",
  "deployment-succeeded": "deployment-succeeded",
  "deployment-succeeded-by-approval": "deployment-succeeded",
  "deployment-test-failed": "deployment-failed",
  // A test has no rollback, with any exit status.
  "deployment-test-failed-like-rolled-back": "deployment-failed",
  "execution-failed": "none",
  "execution-other-pipeline-stopped": "none",
  "execution-stopped": "training-stopped",
  "execution-stopping": "none",
  "execution-succeeded": "none",
  "model-package-approved": "approval",
  "model-package-approved-without-description": "approval",
  "model-package-created-approved": "approval",
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
  "model-package-pending": "model-pending",
  "model-package-pending-again": "model-pending",
  "model-package-rejected": "approval",
  "model-package-rejected-metadata-edited": "none",
  "step-failed": "training-failed",
  "step-gate-failed": "training-failed",
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

/** The complete sample event `name`, as the AWS service sends it. */
export function sampleEvent(name: string): ServiceEvent {
  const file = join(__dirname, "..", "events", `${name}.json`);
  return shape.parse(JSON.parse(readFileSync(file, "utf8")));
}
