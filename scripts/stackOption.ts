import { parseArgs } from "node:util";

/** A command that works on one stack. */
interface Command {
  /** As a person types it, for example `npm run seed`. */
  readonly name: string;
  readonly help: string;
  readonly work: (stack: string) => Promise<void>;
}

/** Runs a command that takes `--stack NAME` and nothing else; its exit code is 1 if it fails, 2 if asked wrongly. */
export async function onStack({ help, name, work }: Command): Promise<void> {
  let options: { help?: boolean; stack?: string };
  try {
    const known = { help: { type: "boolean", short: "h" }, stack: { type: "string" } } as const;
    options = parseArgs({ options: known }).values;
    if (options.help !== true && options.stack === undefined) {
      throw new Error('--stack must name a stack, for example "dev"');
    }
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: ${name} -- --help`);
    process.exitCode = 2;
    return;
  }
  try {
    if (options.help || options.stack === undefined) console.log(help);
    else await work(options.stack);
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
