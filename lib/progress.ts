/** Tells what the current step is doing right now; cheap enough to call for every line of output. */
export type Report = (detail: string) => void;

interface ProgressOptions {
  /** Without a terminal, the longest silence in seconds. */
  readonly quietSeconds?: number;
}

/** Prints one line on the terminal or log. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs `work` and shows that it is alive: a counter that ticks on a terminal, a line now and then
 * in a log. Ends with a line that has the seconds it took if it took two or more.
 */
export async function withProgress<T>(
  title: string,
  work: (report: Report) => Promise<T>,
  { quietSeconds = 15 }: ProgressOptions = {},
): Promise<T> {
  const started = Date.now();
  const live = process.stdout.isTTY;
  let detail = "";
  let lastSaid = started;

  const tick = setInterval(() => {
    const line = describe(title, detail, started);
    if (live) {
      process.stdout.write(`\r\u001b[K${line.slice(0, process.stdout.columns - 1)}`);
    } else if (Date.now() - lastSaid >= quietSeconds * 1000) {
      lastSaid = Date.now();
      print(line);
    }
  }, 250);

  const end = (word: string): void => {
    clearInterval(tick);
    if (live) process.stdout.write("\r\u001b[K");
    if (word !== "done" || Date.now() - started >= 2000) print(describe(title, word, started));
  };

  try {
    const result = await work((next) => {
      detail = next;
    });
    end("done");
    return result;
  } catch (error) {
    end("stopped");
    throw error;
  }
}

/** Seconds since a moment, for people: "4.2 s". */
export function secondsSince(started: number): string {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

function describe(title: string, detail: string, started: number): string {
  const what = detail === "" ? title : `${title}: ${shortened(detail)}`;
  return `  ${what} (${secondsSince(started)})`;
}

/** pip names every package of an installation in one line. */
function shortened(detail: string): string {
  return detail.length > 90 ? `${detail.slice(0, 89)}…` : detail;
}

/** The engine marks colours in its messages like <{%reset%}>. */
export function withoutColours(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "").trim();
}
