import { createInterface } from "node:readline/promises";

/** Whether the user answers `yes`; false without a terminal. */
export async function isAnsweredYes(
  question: string,
  { stdin: input, stdout: output }: Terminal = process,
): Promise<boolean> {
  if (!input.isTTY) return false;
  const terminal = createInterface({ input, output });
  try {
    return (await terminal.question(question)).trim() === "yes";
  } finally {
    terminal.close();
  }
}

interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
}
