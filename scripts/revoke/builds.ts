import type { Activity } from "./activity";
import type { RevokeClients } from "./clients";

/** Builds of a CodeBuild project in progress, also queued ones. */
export async function buildsOf(
  projectName: string,
  codebuild: RevokeClients["codebuild"],
): Promise<Activity[]> {
  const found: Activity[] = [];
  let nextToken: string | undefined;
  do {
    const page = await codebuild.listBuildsForProject({
      nextToken,
      projectName,
      sortOrder: "DESCENDING",
    });
    nextToken = page.nextToken;
    const { ids = [] } = page;
    if (ids.length === 0) continue;
    const { builds = [] } = await codebuild.batchGetBuilds({ ids });
    for (const { buildStatus, id = "" } of builds)
      if (buildStatus === "IN_PROGRESS")
        found.push({
          isStopping: false,
          resource: `build ${id}`,
          stop: () => codebuild.stopBuild({ id }),
        });
    if (builds.some(({ startTime }) => isOver(startTime))) break;
  } while (nextToken !== undefined);
  return found;
}

/**
 * Whether a build that started then is over, and so are all earlier ones.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html 36 hours, 8 in the queue
 */
function isOver(startTime: Date | undefined): boolean {
  return startTime !== undefined && Date.now() - startTime.getTime() > 48 * 3600 * 1000;
}
