import type { Entry, GitHub } from "./github";

/** What a sync did with a comment or an issue. */
export type SyncResult = "created" | "updated" | "closed" | "none";

/** Creates one comment per key on a pull request, or updates it. */
export async function syncComment(
  github: GitHub,
  { body, key, pullRequest }: { body: string; key: string; pullRequest: number },
): Promise<SyncResult> {
  const marked = withMark(key, body);
  const existing = find(await github.comments(pullRequest), key);
  if (existing === undefined) await github.createComment(pullRequest, marked);
  else await github.updateComment(existing.id, marked);
  return existing === undefined ? "created" : "updated";
}

/** Opens one issue per key, or updates the open issue; without a body, closes it. */
export async function syncIssue(
  github: GitHub,
  { body, key, title }: { body: string | undefined; key: string; title: string },
): Promise<SyncResult> {
  const existing = find(await github.issues(), key);
  if (body === undefined) {
    if (existing === undefined) return "none";
    await github.createComment(existing.id, "Resolved.");
    await github.updateIssue(existing.id, { state: "closed" });
    return "closed";
  }
  const marked = withMark(key, body);
  if (existing === undefined) await github.createIssue({ title, body: marked });
  else await github.updateIssue(existing.id, { body: marked });
  return existing === undefined ? "created" : "updated";
}

/** Adds the invisible mark by which a later run finds its comment or issue. */
function withMark(key: string, body: string): string {
  return `${markOf(key)}\n${body}`;
}

function find(entries: readonly Entry[], key: string): Entry | undefined {
  return entries.find(({ body }) => body.startsWith(markOf(key)));
}

function markOf(key: string): string {
  return `<!-- model-build-pipeline: ${key} -->`;
}
