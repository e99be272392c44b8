import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";

import { beside } from "../../local/services/beside";
import { trainingBeside } from "../../local/services/trainingBeside";

const { signal } = new AbortController();

describe("training beside a build", () => {
  let inProgress: string[];
  let trained: string[];

  beforeEach(() => {
    inProgress = [];
    trained = [];
  });

  /** Runs the build beside the trainings that it starts. */
  function run(build: () => Promise<unknown>, waitsAfterMs?: number): Promise<unknown> {
    const other = trainingBeside({
      everyMs: 5,
      inProgress: () => Promise.resolve([...inProgress]),
      signal,
      train: (arn) => {
        trained.push(arn);
        inProgress = inProgress.filter((one) => one !== arn);
        return Promise.resolve();
      },
      ...(waitsAfterMs === undefined ? {} : { waitsAfterMs }),
    });
    return beside(build, [other], signal);
  }

  async function startAndWait(): Promise<void> {
    await sleep(10);
    inProgress.push("new");
    while (inProgress.includes("new")) await sleep(5);
  }

  it("is simulated while a build waits for it, with or without the setting", async () => {
    await run(startAndWait, 0);
    await run(startAndWait, 50);
    assert.deepEqual(trained, ["new", "new"]);
  });

  it("is left for later if the build ends soon after the start", async () => {
    await run(async () => {
      await sleep(10);
      inProgress.push("new");
      await sleep(50);
    });
    assert.deepEqual([trained, inProgress], [[], ["new"]]);
  });

  it("of an earlier build is simulated later, or at once if every build waits", async () => {
    inProgress = ["earlier"];
    await run(startAndWait, 20);
    assert.deepEqual([trained, inProgress], [["new"], ["earlier"]]);
    const findAndWait = async () => {
      while (inProgress.includes("earlier")) await sleep(5);
    };
    await run(findAndWait, 5);
    assert.deepEqual(trained, ["new", "earlier"]);
    inProgress = ["earlier"];
    await run(findAndWait, 0);
    assert.deepEqual(trained, ["new", "earlier", "earlier"]);
  });

  it("ends the build if the training cannot be simulated", async () => {
    const failing = trainingBeside({
      everyMs: 5,
      inProgress: () => Promise.resolve(inProgress),
      signal,
      train: () => Promise.reject(new Error("the pipeline definition is invalid")),
      waitsAfterMs: 0,
    });
    const build = async (ended: AbortSignal) => {
      await sleep(10);
      inProgress = ["new"];
      await sleep(10_000, undefined, { signal: ended });
    };
    await assert.rejects(beside(build, [failing], signal), /definition is invalid/);
  });
});
