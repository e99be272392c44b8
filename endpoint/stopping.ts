/** A signal that aborts at SIGINT and SIGTERM, which CodeBuild sends to a build that is stopped. */
export function stopOnSignals(
  build: Pick<NodeJS.EventEmitter, "once">,
  say: (line: string) => void,
): AbortSignal {
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"])
    build.once(name, () => {
      say(`${name}: the update is ended in good order`);
      stopping.abort();
    });
  return stopping.signal;
}
