import { parseArgs } from "node:util";

import { command } from "./command";

/** A command that works on one stack. */
interface Command {
  /** As a person types it, for example `npm run clear`. */
  readonly name: string;
  readonly help: string;
  readonly work: (stack: string) => Promise<void>;
}

/** How a command line names a stack. */
export const stackOption = { stack: { type: "string" } } as const;

/**
 * The stack that a command line names.
 * @throws an error that asks for it, if it names none
 */
export function stackIn(stack: string | undefined): string {
  if (stack === undefined) throw new Error('--stack must name a stack, for example "dev"');
  return stack;
}

/** Runs a command that takes `--stack NAME` and nothing else; its exit code is 1 if it fails, 2 if asked wrongly. */
export function onStack({ help, name, work }: Command): Promise<void> {
  return command({
    help,
    name,
    read: (args) => stackIn(parseArgs({ args, options: stackOption }).values.stack),
    work: async (stack) => {
      await work(stack);
      return 0;
    },
  });
}
