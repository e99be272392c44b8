/** Repository in the table of the page on moving over. */
export interface Row {
  /** Folder of the repository, relative to the page. */
  readonly folder: string;
  readonly name: string;
  /** `passes`, `passes without the step NAME`, or a message in code marks after `fails:`. */
  readonly result: string;
}

/** What the local cloud made of a repository. */
export interface Result {
  /** Why the run failed; left out if it passed. */
  readonly failure?: string;
  /** Names of the steps that were not simulated. */
  readonly skipped: readonly string[];
}

const ROW = /^\| \[([^\]]+)\]\(([^)]+)\) +\| [^|]+ \| ([^|]+?) +\|/;

/** Rows of the page's table: a linked repository, its SDK, the result. */
export function rowsOf(page: string): Row[] {
  return page.split("\n").flatMap((line) => {
    const [, name, folder, result] = ROW.exec(line) ?? [];
    return name === undefined || folder === undefined || result === undefined
      ? []
      : [{ folder, name, result }];
  });
}

/** How the run differs from the page; undefined if it does not. */
export function difference({ result }: Row, { failure, skipped }: Result): string | undefined {
  const [, message] = /^fails: `([^`]+)`$/.exec(result) ?? [];
  if (failure !== undefined) {
    if (message !== undefined && failure.includes(message)) return undefined;
    return `the page says "${result}", the run failed:\n${failure}`;
  }
  const without = skipped.length === 1 ? "step" : "steps";
  const passed =
    skipped.length === 0 ? "passes" : `passes without the ${without} ${skipped.join(", ")}`;
  return result === passed ? undefined : `the page says "${result}", the run says "${passed}"`;
}
