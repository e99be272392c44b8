import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { runEvents } from "../local/rehearsal/delivery/runEvents";
import type { ServiceEvent } from "../local/rehearsal/events/serviceEvent";
import { executionEvents } from "../local/rehearsal/training/executionEvents";
import { sampleEvent, sampleEvents } from "./support/events";
import {
  execution,
  failedBuild,
  model,
  noBranch,
  register,
  reject,
  train,
} from "./support/playedRuns";
import { type RenderedRule, renderedRules } from "./support/rules";
import { stageAt } from "./support/stage";

const stage = stageAt("http://127.0.0.1:1");
const reviewed = join(__dirname, "messages");

describe("the project's rules, all together", () => {
  let rules: readonly RenderedRule[];
  let rulesOfWaiting: readonly RenderedRule[];

  before(async () => {
    rules = await renderedRules();
    rulesOfWaiting = await renderedRules({ build: { waitForTraining: true } });
  });

  const kindsOf = (events: readonly ServiceEvent[], of = rules): string[] =>
    events.flatMap((event) => of.filter((rule) => rule.takes(event)).map(({ kind }) => kind));

  for (const [name, kind] of Object.entries(sampleEvents)) {
    const expected = kind === "none" ? [] : [kind];
    it(`make of ${name} ${expected[0] ?? "nothing"}, and nothing else`, () => {
      assert.deepEqual(kindsOf([sampleEvent(name)]), expected);
      const isTold = name === "codepipeline-build-told-already";
      assert.deepEqual(kindsOf([sampleEvent(name)], rulesOfWaiting), isTold ? [] : expected);
    });
  }

  for (const file of readdirSync(reviewed)) {
    it(`tell people what was reviewed in messages/${file}`, () => {
      const name = file.replace(".txt", "");
      const rule = rules.find(({ kind }) => kind === sampleEvents[name]);
      const text = readFileSync(join(reviewed, file), "utf8");
      assert.equal(`${rule?.input(sampleEvent(name)) ?? ""}\n`, text);
    });
  }

  it("have each a reviewed message, unless they start a pipeline", () => {
    const kinds = readdirSync(reviewed).map((file) => sampleEvents[file.replace(".txt", "")]);
    assert.deepEqual(
      [...new Set([...kinds, "approval", "push"])].sort(),
      rules.map(({ kind }) => kind).sort(),
    );
  });

  it("send one message of a run that failed, with or without a build, and none of one that succeeded or was stopped", () => {
    assert.deepEqual(kindsOf(runEvents(failedBuild(), stage)), ["failed"]);
    assert.deepEqual(kindsOf(runEvents(noBranch, stage)), ["failed"]);
    const { failure: _, ...succeeded } = failedBuild();
    assert.deepEqual(kindsOf(runEvents(succeeded, stage)), []);
    const stopped = { isAbandoned: true, reason: "nothing to do", stage: "Build" };
    assert.deepEqual(kindsOf(runEvents({ ...succeeded, stopped }, stage)), []);
  });

  it("send one message of a training that went wrong, though a build waited for it", () => {
    const waited = runEvents(failedBuild(99), stage);
    const failed = executionEvents(execution, [train("Failed")], "Failed", undefined, stage);
    assert.deepEqual(kindsOf([...failed, ...waited], rulesOfWaiting), ["step"]);
    const stopped = executionEvents(execution, [train("Stopped")], "Stopped", undefined, stage);
    assert.deepEqual(kindsOf([...stopped, ...waited], rulesOfWaiting), ["stopped"]);
  });

  it("send one message of a training that registered a version", () => {
    const events = executionEvents(execution, [register], "Succeeded", model, stage);
    assert.deepEqual(kindsOf(events), ["pending"]);
  });
});

describe("the events that a rehearsal makes", () => {
  it("of a run that failed are CodePipeline's", () => {
    const samples = ["build-failed", "stage-failed", "execution-failed"];
    mustBe(runEvents(failedBuild(), stage), named("codepipeline", samples));
    mustBe(runEvents(noBranch, stage).slice(0, 1), named("codepipeline", ["source-failed"]));
  });

  it("of a training are SageMaker's", () => {
    const failed = executionEvents(execution, [train("Failed")], "Failed", undefined, stage);
    mustBe(failed.slice(2), [sampleEvent("step-failed"), sampleEvent("execution-failed")]);
    const stopped = executionEvents(execution, [train("Stopped")], "Stopped", undefined, stage);
    const samples = ["step-stopped", "execution-stopping", "execution-stopped"];
    mustBe(stopped.slice(2), samples.map(sampleEvent));
    const gate = executionEvents(execution, [reject], "Failed", undefined, stage);
    mustBe(gate.slice(2), [sampleEvent("step-gate-failed"), sampleEvent("execution-failed")]);
    const events = executionEvents(execution, [register], "Succeeded", model, stage);
    mustBe(events.slice(2, 3), [sampleEvent("model-package-pending")]);
    mustBe(events.slice(-1), [sampleEvent("execution-succeeded")]);
  });
});

/** Equal but for what differs each time, and what a rehearsal leaves out or AWS's samples do. */
function mustBe(made: readonly ServiceEvent[], samples: readonly ServiceEvent[]): void {
  assert.deepEqual(made.map(lasting), samples.map(lasting));
}

function lasting(event: ServiceEvent): object {
  const passing = ["action-execution-id", "executionEndTime", "input-artifacts", "start-time"];
  const kept = Object.entries(event.detail).filter(([key]) => !passing.includes(key));
  return { ...event, id: "", time: "", detail: Object.fromEntries(kept) };
}

function named(service: string, names: readonly string[]): ServiceEvent[] {
  return names.map((name) => sampleEvent(`${service}-${name}`));
}
