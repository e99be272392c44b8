import { table } from "../../lib/table";

/** What one preview cost, in a process of its own. */
export interface Measured {
  /** From the preview's start to its end. */
  readonly seconds: number;
  /** From the process's start to its end. */
  readonly processSeconds: number;
  /** The most memory that the process had: the SDK, the Automation API and the program live in it. */
  readonly megabytes: number;
}

interface Figures {
  readonly chain: readonly string[];
  readonly empty: readonly Measured[];
  readonly program: readonly Measured[];
  readonly stack: string;
}

/** The figures as lines for people: medians, and the program's against the empty program's. */
export function report({ chain, empty, program, stack }: Figures): string[] {
  const row = (title: string, digits: number, unit: string, of: (one: Measured) => number) => {
    const [small, large] = [median(empty.map(of)), median(program.map(of))];
    const shown = [small, large].map((value) => `${value.toFixed(digits)} ${unit}`);
    return [title, ...shown, (large / small).toFixed(2)];
  };
  const times = empty.length === 1 ? "one run" : `medians of ${empty.length.toString()}`;
  return [
    "",
    `Cold preview on the local cloud, ${times}`,
    ...table([
      ["", "empty", stack, "ratio"],
      row("preview", 2, "s", ({ seconds }) => seconds),
      row("whole process", 2, "s", ({ processSeconds }) => processSeconds),
      row("peak memory", 0, "MB", ({ megabytes }) => megabytes),
    ]),
    "An empty program starts no aws provider; the time of this program includes the start of the provider.",
    "",
    `Longest dependency chain of resources: ${chain.length.toString()}`,
    ...chain.map((name, index) => `  ${(index + 1).toString()}. ${name}`),
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
