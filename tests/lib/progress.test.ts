import { strict as assert } from "node:assert";
import { mock } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { print, withProgress, withoutColours } from "../../lib/progress";

/** What `work` writes to standard output, which is a terminal of 20 columns or a log. */
async function written(isTerminal: boolean, work: () => Promise<unknown>): Promise<string> {
  const { columns, isTTY } = process.stdout;
  const parts: string[] = [];
  const write = mock.method(process.stdout, "write", (part: string) => parts.push(part) > 0);
  Object.assign(process.stdout, { columns: 20, isTTY: isTerminal });
  try {
    await work();
  } finally {
    write.mock.restore();
    Object.assign(process.stdout, { columns, isTTY });
  }
  return parts.join("");
}

describe("withProgress", () => {
  it("prints a line in a log after the longest silence, with the latest detail", async () => {
    const text = await written(false, () =>
      withProgress(
        "installing",
        async (report) => {
          report("x".repeat(100));
          await sleep(600);
        },
        { quietSeconds: 0 },
      ),
    );
    assert.match(text, /^ {2}installing: x{89}… \(0\.\d s\)\n/);
  });

  it("counts on a terminal, cut to its width, and clears the line", async () => {
    const text = await written(true, () => withProgress("starting the emulator", () => sleep(300)));
    assert.equal(text, "\r\u001b[K  starting the emul\r\u001b[K");
  });

  it("prints nothing for short work, and the duration of work that fails", async () => {
    assert.equal(await written(false, () => withProgress("short", () => Promise.resolve())), "");
    const failing = () => withProgress("failing", () => Promise.reject(new Error("denied")));
    const text = await written(false, () => assert.rejects(failing(), /denied/));
    assert.match(text, /^ {2}failing: stopped \(0\.\d s\)\n$/);
  });
});

describe("print and withoutColours", () => {
  it("print one line, and remove the marks of the engine", async () => {
    const text = await written(false, () => {
      print(withoutColours("<{%fg 1%}>error<{%reset%}> "));
      return Promise.resolve();
    });
    assert.equal(text, "error\n");
  });
});
