import { strict as assert } from "node:assert";

import type { Delivery, DeliveryRun } from "../../local/services/codepipeline/simulateDelivery";
import { openQueuedRuns } from "../../local/services/queuedRuns";
import { contextAt } from "../support/contextAt";
import { type StubAnswer, type StubCall, stubCloud } from "../support/stubCloud";

const older = { executionId: "1", pipelineName: "deploy" };

/** Advances the executions behind the older one as often as asked; notes what becomes of them. */
async function advanced(times: number, endsEarly: readonly string[] = []) {
  const summaries = ["3", "2", "1"].map((id) => ({
    pipelineExecutionId: id,
    startTime: Number(id),
    status: "InProgress",
  }));
  const cloud = await stubCloud(({ body, operation }: StubCall): StubAnswer =>
    operation.endsWith("ListPipelines")
      ? [200, { pipelines: [{ name: "other" }, { name: "deploy" }] }]
      : [200, { pipelineExecutionSummaries: body.pipelineName === "deploy" ? summaries : [] }],
  );
  const notes: string[] = [];
  const ended = {} as DeliveryRun;
  const queued = openQueuedRuns({
    context: contextAt(cloud.endpoint),
    begin: ({ executionId }) => {
      notes.push(`${executionId} begins`);
      const delivery: Delivery = {
        finish: () => Promise.resolve(ended),
        runUntil: (stageName) => {
          notes.push(`${executionId} until ${stageName}`);
          return Promise.resolve(endsEarly.includes(executionId) ? ended : undefined);
        },
      };
      return Promise.resolve(delivery);
    },
    end: () => Promise.resolve(void notes.push("ends")),
  });
  try {
    for (let time = 0; time < times; time++) await queued.advance(older, "DeployStaging");
    return { notes, queued };
  } finally {
    cloud.close();
  }
}

describe("executions behind one that occupies a stage", () => {
  it("begin once, oldest first, and come as far as that stage", async () => {
    const { notes, queued } = await advanced(2);
    const until = ["2 until DeployStaging", "3 until DeployStaging"];
    assert.deepEqual(notes, ["2 begins", until[0], "3 begins", until[1], ...until]);
    assert.notEqual(queued.take("2"), undefined);
    assert.equal(queued.take("2"), undefined, "it waits no longer");
  });

  it("do not wait if they end before it", async () => {
    const { notes, queued } = await advanced(1, ["2"]);
    assert.deepEqual(notes.slice(0, 3), ["2 begins", "2 until DeployStaging", "ends"]);
    assert.equal(queued.take("2"), undefined);
    assert.notEqual(queued.take("3"), undefined);
  });
});
