import { parseArgs } from "node:util";

import { command } from "./command";

/** A command for one stack. */
interface StackCommand {
  /** As typed, for example `npm run clear`. */
  readonly name: string;
  readonly help: string;
  /** Runs the command and returns its exit code. */
  readonly work: (stack: string) => Promise<number>;
}

/** Option `--stack`, for `parseArgs`. */
export const stackOption = { stack: { type: "string" } } as const;

/**
 * Stack of a command line.
 * @throws if there is none
 */
export function stackIn(stack: string | undefined): string {
  if (stack === undefined) throw new Error('--stack must name a stack, for example "dev"');
  return stack;
}

/** Runs a command that takes only `--stack NAME`. */
export function onStack({ help, name, work }: StackCommand): Promise<void> {
  return command({
    help,
    name,
    read: (args) => stackIn(parseArgs({ args, options: stackOption }).values.stack),
    work,
  });
}
