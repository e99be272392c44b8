import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";

import { beside, type Other } from "../../local/services/beside";

const { signal } = new AbortController();
const waits: Other = async (isOver) => {
  while (!isOver()) await sleep(1);
};

describe("tasks in parallel to an execution", () => {
  it("end with the execution and return its result", async () => {
    assert.equal(await beside(() => sleep(5, "done"), [waits, waits], signal), "done");
    const failing = () => Promise.reject(new Error("of the run"));
    await assert.rejects(beside(failing, [waits], signal), /of the run/);
  });

  it("stop the execution if one fails, and report that error", async () => {
    const breaks: Other = () => Promise.reject(new Error("of the other"));
    let ended = false;
    const endless = async (until: AbortSignal): Promise<void> => {
      await sleep(60_000, undefined, { signal: until }).finally(() => {
        ended = true;
      });
    };
    await assert.rejects(beside(endless, [waits, breaks], signal), /of the other/);
    assert.ok(ended);
  });
});
