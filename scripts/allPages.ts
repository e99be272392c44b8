/** Entries of all pages of a list. */
export async function allPages<T>(
  list: (token: string | undefined) => Promise<readonly [T[] | undefined, string | undefined]>,
): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const [entries = [], next] = await list(token);
    found.push(...entries);
    token = next;
  } while (token !== undefined);
  return found;
}
