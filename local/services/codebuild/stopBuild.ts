import { setTimeout as sleep } from "node:timers/promises";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";

const LOOK_EVERY_MS = 500;

/** Does the work of a build; its signal fires on StopBuild. */
export async function untilStopped<T>(
  buildId: string,
  context: AwsContext,
  work: (stopped: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopped = new AbortController();
  let isOver = false;
  const watch = async (): Promise<void> => {
    const codebuild = await ownerClients(context).codebuild();
    while (!isOver && !stopped.signal.aborted) {
      const { builds = [] } = await codebuild.batchGetBuilds({ ids: [buildId] });
      if (builds[0]?.buildStatus === "STOPPED") stopped.abort();
      await sleep(LOOK_EVERY_MS);
    }
  };
  // The emulator is gone if the run is over.
  const watching = watch().catch(() => undefined);
  try {
    return await work(stopped.signal);
  } finally {
    isOver = true;
    await watching;
  }
}

/** Stops the newest build of a project, as an administrator does. */
export async function stopBuild(projectName: string, context: AwsContext): Promise<void> {
  const codebuild = await ownerClients(context).codebuild();
  const { ids = [] } = await codebuild.listBuildsForProject({
    projectName,
    sortOrder: "ASCENDING",
  });
  const id = ids.at(-1);
  if (id === undefined) throw new Error(`the CodeBuild project ${projectName} has no build`);
  await codebuild.stopBuild({ id });
}
