import { parseArgs } from "node:util";

import { command } from "./command";

/** A command that works on one stack. */
interface Command {
  /** As a person types it, for example `npm run seed`. */
  readonly name: string;
  readonly help: string;
  readonly work: (stack: string) => Promise<void>;
}

/** Runs a command that takes `--stack NAME` and nothing else; its exit code is 1 if it fails, 2 if asked wrongly. */
export function onStack({ help, name, work }: Command): Promise<void> {
  return command({
    help,
    name,
    read: (args) => {
      const { stack } = parseArgs({ args, options: { stack: { type: "string" } } }).values;
      if (stack === undefined) throw new Error('--stack must name a stack, for example "dev"');
      return stack;
    },
    work: async (stack) => {
      await work(stack);
      return 0;
    },
  });
}
