import { messageOf } from "../lib/errors";

/** A command of `npm run`. */
interface Command<T> {
  /** As typed, for example `npm run preview`. */
  readonly name: string;
  readonly help: string;
  /** Parses the arguments. @throws if they are invalid */
  readonly read: (args: string[]) => T;
  /** Runs the command and returns its exit code. */
  readonly work: (input: T) => Promise<number>;
}

/** Runs a command. Exit code: that of `work`, 1 if `work` throws, 2 for invalid arguments. */
export async function command<T>({ help, name, read, work }: Command<T>): Promise<void> {
  const args = process.argv.slice(2);
  if (args.some((arg) => ["-h", "--help"].includes(arg))) {
    console.log(help);
    return;
  }
  let input: T;
  try {
    input = read(args);
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: ${name} -- --help`);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await work(input);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

/** Rejects arguments of a command that takes none. */
export function noArguments(args: string[]): void {
  if (args.length > 0) throw new Error(`the command takes no arguments, got "${args.join(" ")}"`);
}
