import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";

import type { Decision } from "../../local/iam/contract";
import { beside } from "../../local/services/beside";
import { trainingBeside } from "../../local/services/trainingBeside";

const { signal } = new AbortController();

describe("training beside a build", () => {
  let decisions: Decision[];
  let inProgress: string[];
  let trained: string[];

  beforeEach(() => {
    decisions = [];
    inProgress = [];
    trained = [];
  });

  /** Runs the build beside the trainings that it starts. */
  function run(build: () => Promise<unknown>, patienceMs?: number): Promise<unknown> {
    const other = trainingBeside({
      decisions,
      everyMs: 5,
      inProgress: () => Promise.resolve([...inProgress]),
      signal,
      train: (arn) => {
        trained.push(arn);
        inProgress = inProgress.filter((one) => one !== arn);
        return Promise.resolve();
      },
      ...(patienceMs === undefined ? {} : { patienceMs }),
    });
    return beside(build, [other], signal);
  }

  const ask = (call: string, resource: string) =>
    decisions.push({ action: call, allowed: true, call, principal: "build", resource });

  const waitFor = (arn: string, question?: string) => async () => {
    await sleep(10);
    if (!inProgress.includes(arn)) inProgress.push(arn);
    while (inProgress.includes(arn)) {
      if (question !== undefined) ask(question, arn);
      await sleep(5);
    }
  };

  it("is simulated while a build asks for its state or its steps", async () => {
    await run(waitFor("new", "sagemaker:DescribePipelineExecution"));
    await run(waitFor("newer", "sagemaker:ListPipelineExecutionSteps"));
    assert.deepEqual(trained, ["new", "newer"]);
  });

  it("is simulated while a build waits in another way", async () => {
    await run(waitFor("new"), 20);
    assert.deepEqual(trained, ["new"]);
  });

  it("is left for later if the build asks nothing, or asked before, or about another", async () => {
    ask("sagemaker:DescribePipelineExecution", "new");
    await run(async () => {
      inProgress.push("new");
      ask("sagemaker:StartPipelineExecution", "new");
      ask("sagemaker:DescribePipelineExecution", "other");
      await sleep(50);
    });
    assert.deepEqual([trained, inProgress], [[], ["new"]]);
  });

  it("of an earlier build is simulated later, or at once if the build asks about it", async () => {
    inProgress = ["earlier"];
    await run(waitFor("new", "sagemaker:DescribePipelineExecution"));
    assert.deepEqual([trained, inProgress], [["new"], ["earlier"]]);
    await run(waitFor("earlier", "sagemaker:DescribePipelineExecution"));
    assert.deepEqual(trained, ["new", "earlier"]);
  });

  it("ends the build if the training cannot be simulated", async () => {
    const failing = trainingBeside({
      decisions,
      everyMs: 5,
      inProgress: () => Promise.resolve(inProgress),
      signal,
      train: () => Promise.reject(new Error("the pipeline definition is invalid")),
      patienceMs: 0,
    });
    const build = async (ended: AbortSignal) => {
      await sleep(10);
      inProgress = ["new"];
      await sleep(10_000, undefined, { signal: ended });
    };
    await assert.rejects(beside(build, [failing], signal), /definition is invalid/);
  });
});
