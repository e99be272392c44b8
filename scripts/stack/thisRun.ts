/** Where a report comes from: the commit and the workflow's run, or this machine. */
export function thisRun(env: NodeJS.ProcessEnv): string {
  const { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_SERVER_URL, PREVIEWED_COMMIT } = env;
  const of = PREVIEWED_COMMIT === undefined ? "" : `Commit ${PREVIEWED_COMMIT}, `;
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return `${of}no workflow's run`;
  return `${of}[run](${GITHUB_SERVER_URL ?? "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID})`;
}
