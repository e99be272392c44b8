/** Runs until `isOver` says that the work beside it has ended. */
export type Other = (isOver: () => boolean) => Promise<void>;

/** Several that go on at once. */
export function together(...others: readonly Other[]): Other {
  return async (isOver) => {
    await Promise.all(others.map((other) => other(isOver)));
  };
}

/** Does the work while others go on; if one of them fails, the work is ended, and that failure is what came of it. */
export async function beside<T>(
  work: (signal: AbortSignal) => Promise<T>,
  others: readonly Other[],
  signal: AbortSignal,
): Promise<T> {
  const broken = new AbortController();
  let isOver = false;
  const watched = others.map((other) =>
    other(() => isOver).catch((error: unknown) => {
      broken.abort(error);
      throw error;
    }),
  );
  const done = work(AbortSignal.any([signal, broken.signal])).finally(() => {
    isOver = true;
  });
  await Promise.allSettled([done, ...watched]);
  await Promise.all(watched);
  return done;
}
