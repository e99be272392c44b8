import { createInterface } from "node:readline/promises";

/** Whether the user answers `yes`; false without a terminal. */
export async function isAnsweredYes(question: string): Promise<boolean> {
  const { stdin: input, stdout: output } = process;
  if (!input.isTTY) return false;
  const terminal = createInterface({ input, output });
  try {
    return (await terminal.question(question)).trim() === "yes";
  } finally {
    terminal.close();
  }
}
