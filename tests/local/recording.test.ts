import { strict as assert } from "node:assert";
import { mock } from "node:test";

import { startRecording } from "../../local/report/record";
import { type Entry, startTimeline } from "../../local/services/timeline";
import { startSteps } from "../../local/report/steps";
import { silently } from "../support/printed";

describe("recording of an end-to-end run", () => {
  it("stores entries and notifications by step, also of a failed step", async () => {
    const stepRecords = await silently(async () => {
      const recording = startRecording(startSteps());
      const timeline = startTimeline(recording.note);
      await recording.step("build", () => {
        timeline.note("CodeBuild", "built\nwell");
        recording.notified("Model build succeeded.");
        return Promise.resolve();
      });
      const failing = recording.step("train", () => {
        timeline.note("SageMaker", "trains");
        return Promise.reject(new Error("no data"));
      });
      await assert.rejects(failing, /step "train" failed: no data/);
      return recording.stepRecords;
    });
    const seen = stepRecords.map(({ entries, failure, messages, title }) => ({
      title,
      failure,
      messages,
      entries: entries.map(({ what, who }) => `${who}: ${what}`),
    }));
    assert.deepEqual(seen, [
      {
        title: "build",
        failure: undefined,
        messages: ["Model build succeeded."],
        entries: ["CodeBuild: built\nwell"],
      },
      { title: "train", failure: "no data", messages: [], entries: ["SageMaker: trains"] },
    ]);
  });

  it("stores when steps and events start and end", async () => {
    let now = 1_000_000;
    const clock = mock.method(Date, "now", () => now);
    try {
      const entries: Entry[] = [];
      const recording = startRecording(startSteps());
      const { note } = startTimeline((entry) => entries.push(entry));
      now += 2000;
      const start = new Date(now);
      await silently(() =>
        recording.step("build", () => {
          now += 8000;
          note("CodeBuild", "built", { start });
          note("SageMaker", "step Train", { start, end: new Date(1_004_000) });
          note("CodePipeline", "succeeded", { start: new Date(0) });
          note("Approver", "approved");
          return Promise.resolve();
        }),
      );
      assert.deepEqual(
        entries.map((entry) => [entry.start, entry.seconds]),
        [
          [2, 10],
          [2, 4],
          [0, 10],
          [undefined, 10],
        ],
      );
      const [step] = recording.stepRecords;
      assert.deepEqual([step?.start, step?.seconds], [2, 8]);
    } finally {
      clock.mock.restore();
    }
  });
});
