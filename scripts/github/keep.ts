import type { Entry, GitHub } from "./github";

/** What was done with a comment or an issue. */
export type Kept = "made" | "edited" | "closed" | "none";

/** Keeps one comment per key on a pull request: makes it, or edits the one that is there. */
export async function keepComment(
  github: GitHub,
  { body, key, pullRequest }: { body: string; key: string; pullRequest: number },
): Promise<Kept> {
  const marked = withMark(key, body);
  const mine = found(await github.comments(pullRequest), key);
  if (mine === undefined) await github.createComment(pullRequest, marked);
  else await github.updateComment(mine.id, marked);
  return mine === undefined ? "made" : "edited";
}

/** Keeps one open issue per key as long as there is a body for it; without a body, closes the one that is open. */
export async function keepIssue(
  github: GitHub,
  { body, key, title }: { body: string | undefined; key: string; title: string },
): Promise<Kept> {
  const mine = found(await github.issues(), key);
  if (body === undefined) {
    if (mine === undefined) return "none";
    await github.createComment(mine.id, "Nothing is left of it.");
    await github.updateIssue(mine.id, { state: "closed" });
    return "closed";
  }
  const marked = withMark(key, body);
  if (mine === undefined) await github.createIssue({ title, body: marked });
  else await github.updateIssue(mine.id, { body: marked });
  return mine === undefined ? "made" : "edited";
}

/** Readers do not see it, and the next run finds its own again by it. */
function withMark(key: string, body: string): string {
  return `${markOf(key)}\n${body}`;
}

function found(entries: readonly Entry[], key: string): Entry | undefined {
  return entries.find(({ body }) => body.startsWith(markOf(key)));
}

function markOf(key: string): string {
  return `<!-- model-build-pipeline: ${key} -->`;
}
