import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { runEvents } from "../../local/services/codepipeline/runEvents";
import type { ServiceEvent } from "../../local/services/eventbridge/serviceEvent";
import { executionEvents } from "../../local/services/sagemaker/executionEvents";
import { sampleEvent, sampleEvents } from "../support/events";
import {
  execution,
  failedBuild,
  model,
  noBranch,
  register,
  reject,
  train,
} from "../support/simulatedRuns";
import { type RenderedRule, renderedRules } from "../support/rules";
import { contextAt } from "../support/contextAt";

const context = contextAt("http://127.0.0.1:1");
const reviewed = join(__dirname, "..", "notifications");

describe("the project's EventBridge rules", () => {
  let rules: readonly RenderedRule[];
  let rulesIfWaiting: readonly RenderedRule[];

  before(async () => {
    rules = await renderedRules();
    rulesIfWaiting = await renderedRules({ build: { waitForTraining: true } });
  });

  const kindsOf = (events: readonly ServiceEvent[], of = rules): string[] =>
    events.flatMap((event) => of.filter((rule) => rule.takes(event)).map(({ kind }) => kind));

  for (const [name, kind] of Object.entries(sampleEvents)) {
    const expected = kind === "none" ? [] : [kind];
    it(`match ${name}: ${expected[0] ?? "no rule"}`, () => {
      assert.deepEqual(kindsOf([sampleEvent(name)]), expected);
      const isReported = name === "codepipeline-build-failure-reported";
      assert.deepEqual(kindsOf([sampleEvent(name)], rulesIfWaiting), isReported ? [] : expected);
    });
  }

  it("match no event that another account forwards", () => {
    const forwarded = Object.keys(sampleEvents).map((name): ServiceEvent => ({
      ...sampleEvent(name),
      account: "210987654321",
    }));
    assert.deepEqual(kindsOf(forwarded), []);
  });

  for (const file of readdirSync(reviewed)) {
    it(`send the reviewed notification ${file}`, () => {
      const name = file.replace(".txt", "");
      const rule = rules.find(({ kind }) => kind === sampleEvents[name]);
      const text = readFileSync(join(reviewed, file), "utf8");
      assert.equal(`${rule?.input(sampleEvent(name)) ?? ""}\n`, text);
    });
  }

  it("have a reviewed notification each, except the pipeline triggers", () => {
    const kinds = readdirSync(reviewed).map((file) => sampleEvents[file.replace(".txt", "")]);
    assert.deepEqual(
      [...new Set([...kinds, "approval", "push", "staging-failed"])].sort(),
      rules.map(({ kind }) => kind).sort(),
    );
  });

  it("send one notification for a failed pipeline execution, none for a succeeded or stopped one", () => {
    assert.deepEqual(kindsOf(runEvents(failedBuild(), context)), ["build-failed"]);
    assert.deepEqual(kindsOf(runEvents(noBranch, context)), ["build-failed"]);
    const { failure: _, ...succeeded } = failedBuild();
    assert.deepEqual(kindsOf(runEvents(succeeded, context)), []);
    const stopped = { isAbandoned: true, reason: "nothing to do", stage: "Build" };
    assert.deepEqual(kindsOf(runEvents({ ...succeeded, stopped }, context)), []);
  });

  it("send one notification for failed or stopped training, also if the build waits for it", () => {
    const waited = runEvents(failedBuild(99), context);
    const failed = executionEvents(execution, [train("Failed")], "Failed", undefined, context);
    assert.deepEqual(kindsOf([...failed, ...waited], rulesIfWaiting), ["training-failed"]);
    const stopped = executionEvents(execution, [train("Stopped")], "Stopped", undefined, context);
    assert.deepEqual(kindsOf([...stopped, ...waited], rulesIfWaiting), ["training-stopped"]);
  });

  it("send one notification for a registered model version", () => {
    const events = executionEvents(execution, [register], "Succeeded", model, context);
    assert.deepEqual(kindsOf(events), ["model-pending"]);
  });
});

describe("events of the end-to-end run", () => {
  it("equal CodePipeline's for a failed execution", () => {
    const samples = ["build-failed", "stage-failed", "execution-failed"];
    assertEqualEvents(runEvents(failedBuild(), context), samplesOf("codepipeline", samples));
    assertEqualEvents(
      runEvents(noBranch, context).slice(0, 1),
      samplesOf("codepipeline", ["source-failed"]),
    );
  });

  it("equal SageMaker's for training", () => {
    const failed = executionEvents(execution, [train("Failed")], "Failed", undefined, context);
    assertEqualEvents(failed.slice(2), [
      sampleEvent("step-failed"),
      sampleEvent("execution-failed"),
    ]);
    const stopped = executionEvents(execution, [train("Stopped")], "Stopped", undefined, context);
    const samples = ["step-stopped", "execution-stopping", "execution-stopped"];
    assertEqualEvents(stopped.slice(2), samples.map(sampleEvent));
    const gate = executionEvents(execution, [reject], "Failed", undefined, context);
    assertEqualEvents(gate.slice(2), [
      sampleEvent("step-gate-failed"),
      sampleEvent("execution-failed"),
    ]);
    const events = executionEvents(execution, [register], "Succeeded", model, context);
    assertEqualEvents(events.slice(2, 3), [sampleEvent("model-package-pending")]);
    assertEqualEvents(events.slice(-1), [sampleEvent("execution-succeeded")]);
  });
});

/** Equal, except for ids, times, and fields that the end-to-end run or AWS's samples omit. */
function assertEqualEvents(
  simulated: readonly ServiceEvent[],
  samples: readonly ServiceEvent[],
): void {
  assert.deepEqual(simulated.map(comparable), samples.map(comparable));
}

function comparable(event: ServiceEvent): object {
  const variable = ["action-execution-id", "executionEndTime", "input-artifacts", "start-time"];
  const fixed = Object.entries(event.detail).filter(([key]) => !variable.includes(key));
  return { ...event, id: "", time: "", detail: Object.fromEntries(fixed) };
}

function samplesOf(service: string, names: readonly string[]): ServiceEvent[] {
  return names.map((name) => sampleEvent(`${service}-${name}`));
}
