import { mock } from "node:test";

/** The lines that `work` prints; stdout shows none of them. */
export function printed(work: () => void): string[] {
  const texts: string[] = [];
  const write = mock.method(process.stdout, "write", (text: string) => texts.push(text) > 0);
  try {
    work();
  } finally {
    write.mock.restore();
  }
  return texts.join("").trimEnd().split("\n");
}

/** The result of `work`; stdout shows none of its output. */
export async function silently<T>(work: () => Promise<T>): Promise<T> {
  const write = mock.method(process.stdout, "write", () => true);
  try {
    return await work();
  } finally {
    write.mock.restore();
  }
}
