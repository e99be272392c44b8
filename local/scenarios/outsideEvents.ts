import { setTimeout as sleep } from "node:timers/promises";

import { ownerClients } from "../iam/clients";
import type { Other } from "../services/beside";
import { pushEvent } from "../services/eventbridge/pushEvent";
import { modelVersionEvent } from "../services/eventbridge/trainingEvents";
import { type TestEnvironment, send } from "../services/runUntilIdle";
import { modelVersion } from "../services/sagemaker/execution";
import { type Branch, headOf } from "./commit";

const LOOK_EVERY_MS = 200;

/**
 * Sends the events of what a user does with the AWS API: a push to the branch, and a decision on a
 * model version of the project.
 */
export function outsideEvents(branch: Branch, testEnvironment: TestEnvironment): Other {
  const { context } = testEnvironment;
  const statuses = new Map<string, string>();
  let head: string | undefined;

  async function lookAtBranch(): Promise<void> {
    const before = head;
    const commitId = await headOf(branch, context);
    head = commitId;
    if (before === undefined || commitId === undefined || commitId === before) return;
    const { branchName, repositoryName } = branch;
    const codecommit = await ownerClients(context).codecommit();
    const { repositoryMetadata } = await codecommit.getRepository({ repositoryName });
    const repositoryId = repositoryMetadata?.repositoryId ?? "";
    const names = { branch: branchName, repositoryId, repositoryName };
    await send(pushEvent({ ...context, ...names, commitId, oldCommitId: before }), testEnvironment);
  }

  async function lookAtVersions(): Promise<void> {
    const sagemaker = await ownerClients(context).sagemaker();
    const { ModelPackageSummaryList: versions = [] } = await sagemaker.listModelPackages({
      ModelPackageGroupName: testEnvironment.project.modelPackageGroupName,
    });
    for (const { ModelApprovalStatus: status = "", ModelPackageArn: arn = "" } of versions) {
      // The training sends the event of a new version. A decision may come before the first look at it.
      const before = statuses.get(arn) ?? "PendingManualApproval";
      statuses.set(arn, status);
      if (before === status) continue;
      const version = await modelVersion(arn, context);
      const changed = ["ModelApprovalStatus", "ApprovalDescription"];
      await send(modelVersionEvent(context, version, changed), testEnvironment);
    }
  }

  return async (isOver) => {
    while (!isOver()) {
      await lookAtBranch();
      await lookAtVersions();
      await sleep(LOOK_EVERY_MS, undefined, { signal: context.signal });
    }
  };
}
