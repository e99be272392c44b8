/** Origin of a report: the commit and the workflow run, if any. */
export function reportSource(env: NodeJS.ProcessEnv): string {
  const { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SERVER_URL, PREVIEWED_COMMIT } = env;
  const commit = PREVIEWED_COMMIT === undefined ? "" : `Commit ${PREVIEWED_COMMIT}, `;
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return `${commit}not run by a workflow`;
  return `${commit}[run](${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID})`;
}
