/** A command of `npm run`: how it reads its arguments, and what it does. */
interface Command<T> {
  /** As a person types it, for example `npm run preview`. */
  readonly name: string;
  readonly help: string;
  /** Throws if it is asked wrongly. */
  readonly read: (args: string[]) => T;
  /** Its exit code. */
  readonly work: (asked: T) => Promise<number>;
}

/** Runs a command; its exit code is that of its work, 1 if that throws, 2 if it was asked wrongly. */
export async function command<T>({ help, name, read, work }: Command<T>): Promise<void> {
  const args = process.argv.slice(2);
  if (args.some((arg) => ["-h", "--help"].includes(arg))) {
    console.log(help);
    return;
  }
  let asked: T;
  try {
    asked = read(args);
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: ${name} -- --help`);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await work(asked);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

/** Reads the arguments of a command that takes none. */
export function noArguments(args: string[]): void {
  if (args.length > 0) throw new Error(`it takes no arguments, got "${args.join(" ")}"`);
}

/** What to tell a person about anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
