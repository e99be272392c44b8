import { strict as assert } from "node:assert";

import { trainingProblem } from "../../local/scenarios/trainingProblem";
import { train } from "../support/simulatedRuns";

const modelPackageArn =
  "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/1";
const run = { modelPackageArn, skipped: [], status: "Succeeded", steps: [] } as const;

describe("result of a push in the local cloud", () => {
  it("is one execution that registered a model version", () => {
    assert.equal(trainingProblem([run], []), undefined);
  });

  it("names the missing call if the build started no execution, with its last lines", () => {
    const text = trainingProblem([], ["installed", "created the pipeline"]) ?? "";
    assert.match(text, /started no execution.*SAGEMAKER_PIPELINE_NAME.*StartPipelineExecution/);
    assert.match(text, /installed\ncreated the pipeline$/);
  });

  it("counts executions if the builds started more than one", () => {
    assert.match(trainingProblem([run, run], []) ?? "", /started 2 executions/);
  });

  it("has the reason of a failed step", () => {
    const failed = train("Failed");
    const text = trainingProblem([{ skipped: [], status: "Failed", steps: [failed] }], []) ?? "";
    assert.ok(text.endsWith(`Failed: step ${failed.name}: ${failed.failureReason ?? ""}`), text);
  });

  it("names the steps that ran if none registered a version", () => {
    const step = { ...train("Failed"), status: "Succeeded" } as const;
    const text = trainingProblem([{ skipped: [], status: "Succeeded", steps: [step] }], []) ?? "";
    assert.match(text, new RegExp(`registered no model version.*steps: ${step.name}`));
  });

  it("names the steps that were not simulated if none registered a version", () => {
    const skipped = [
      { name: "Tune", reason: "type Tuning" },
      { name: "Register", reason: "needs step Tune" },
    ];
    const text = trainingProblem([{ skipped, status: "Succeeded", steps: [] }], []) ?? "";
    assert.match(text, /step Tune was not simulated: type Tuning\nstep Register .* step Tune\n/);
    assert.equal(trainingProblem([{ ...run, skipped }], []), undefined);
  });
});
