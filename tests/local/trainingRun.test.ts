import { strict as assert } from "node:assert";
import { once } from "node:events";
import { type Server, createServer } from "node:http";

import { z } from "zod";

import { authorizedClients } from "../../local/iam/clients";
import { parseDefinition } from "../../local/services/sagemaker/definition";
import type { Execution } from "../../local/services/sagemaker/execution";
import { executionEvents } from "../../local/services/sagemaker/executionEvents";
import { skippedLines } from "../../local/services/sagemaker/remoteSteps";
import { simulateSteps } from "../../local/services/sagemaker/simulateSteps";
import { contextAt } from "../support/contextAt";

const ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/mlops-churn--dev--training";
const stepEvent = z.object({
  PipelineExecutionArn: z.literal(`${ARN}/execution/x1y2z3`),
  Step: z.object({ StepName: z.string(), StepStatus: z.string() }),
});

describe("SageMaker pipeline execution without jobs", () => {
  let emulator: Server;
  let endpoint: string;
  const seen: string[] = [];

  before(async () => {
    emulator = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const target = String(request.headers["x-amz-target"]);
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        if (target === "SageMaker.PlayPipelineExecution") {
          const { StepName, StepStatus } = stepEvent.parse(body).Step;
          seen.push(`${StepName} ${StepStatus}`);
          response.end("{}");
        } else {
          seen.push(target);
          response.writeHead(400, { "Content-Type": "application/x-amz-json-1.1" });
          response.end('{"__type":"AccessDeniedException","message":"you may not"}');
        }
      });
    }).listen(0, "127.0.0.1");
    await once(emulator, "listening");
    const address = emulator.address();
    assert.ok(address !== null && typeof address === "object");
    endpoint = `http://127.0.0.1:${address.port.toString()}`;
  });

  after(() => {
    emulator.closeAllConnections();
    emulator.close();
  });

  beforeEach(() => {
    seen.length = 0;
  });

  const simulate = async (steps: unknown, signal = new AbortController().signal) => {
    const context = contextAt(endpoint);
    const execution = executionOf(steps);
    const credentials = { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" };
    const pipelineClients = authorizedClients(context, credentials);
    const report = (): void => undefined;
    const pythons = { python: "/nowhere", servingPython: "/nowhere" };
    const site = { context, pipelineClients, execution, ...pythons, signal, report };
    const { skipped, steps: records } = await simulateSteps(site);
    const ended = records.map(({ name, status, failureReason = "" }) => [
      name,
      status,
      failureReason,
    ]);
    return { ended, execution, records, skipped, context };
  };

  it("runs one branch in dependency order and fails with the message of the Fail step", async () => {
    const { ended } = await simulate([condition("Late", 1, ["Gate"]), condition("Gate", 2)]);
    assert.deepEqual(ended, [
      ["Gate", "Succeeded", ""],
      ["GateYes", "Failed", "commit abc: 2"],
    ]);
    assert.deepEqual(seen, [
      ...["Gate Starting", "Gate Executing", "Gate Succeeded"],
      ...["GateYes Starting", "GateYes Executing", "GateYes Failed"],
    ]);
  });

  it("does not start a step that depends on the other branch", async () => {
    const gate = condition("Gate", 0, [], []);
    const { ended } = await simulate([gate, condition("Late", 1, ["GateYes"])]);
    assert.deepEqual(ended, [["Gate", "Succeeded", ""]]);
  });

  it("skips a step that only AWS runs, with all that needs it, and runs the rest", async () => {
    const lambda = { Name: "Notify", Type: "Lambda", FunctionArn: "arn:aws:lambda:::notify" };
    const { ended, skipped } = await simulate([
      lambda,
      condition("Gate", 1, ["Notify"]),
      condition("Late", 1, ["GateYes"]),
      { Name: "Drift", Type: "QualityCheck", Arguments: {}, SkipCheck: true },
      condition("Last", 1),
    ]);
    assert.deepEqual(ended, [
      ["Last", "Succeeded", ""],
      ["LastYes", "Failed", "commit abc: 1"],
    ]);
    assert.deepEqual(skippedLines(skipped), [
      "step Notify was not simulated: type Lambda, which needs lambda:InvokeFunction on AWS",
      "step Gate was not simulated: needs step Notify",
      "step GateYes was not simulated: needs step Gate",
      "step GateNo was not simulated: needs step Gate",
      "step Late was not simulated: needs step GateYes",
      "step LateYes was not simulated: needs step Late",
      "step LateNo was not simulated: needs step Late",
      "step Drift was not simulated: type QualityCheck",
    ]);
  });

  it("fails with AWS's message if a call is denied", async () => {
    const image = { Image: "image", ModelDataUrl: "s3://bucket/model.tar.gz" };
    const InferenceSpecification = { Containers: [image] };
    const Arguments = { ModelPackageGroupName: "mlops-churn--dev--models", InferenceSpecification };
    const { ended } = await simulate([{ Name: "Register", Type: "RegisterModel", Arguments }]);
    assert.deepEqual(ended, [
      ["Register", "Failed", "ClientError: AccessDeniedException: you may not"],
    ]);
    assert.ok(seen.includes("SageMaker.CreateModelPackage"));
  });

  it("starts no step if it is already stopping", async () => {
    const { ended } = await simulate([condition("Gate", 1)], AbortSignal.abort());
    assert.deepEqual([ended, seen], [[], []]);
  });

  it("sends the events of SageMaker, with the reason of the failed step", async () => {
    const { execution, records, context } = await simulate([condition("Gate", 1)]);
    const events = executionEvents(execution, records, "Failed", undefined, context);
    const sent = events.map(({ detail }) => [
      detail.stepName ?? "execution",
      detail.previousStepStatus ?? detail.previousPipelineExecutionStatus,
      detail.currentStepStatus ?? detail.currentPipelineExecutionStatus,
      detail.failureReason ?? "",
    ]);
    assert.deepEqual(sent, [
      ["execution", "Executing", "Executing", ""],
      ["Gate", "Starting", "Executing", ""],
      ["Gate", "Executing", "Succeeded", ""],
      ["GateYes", "Starting", "Executing", ""],
      ["GateYes", "Executing", "Failed", "commit abc: 1"],
      ["execution", "Executing", "Failed", ""],
    ]);
    for (const { resources } of events) assert.deepEqual(resources, [ARN, execution.arn]);

    const stopped = executionEvents(execution, [], "Stopped", undefined, context);
    assert.deepEqual(
      stopped.map(({ detail }) => [
        detail.previousPipelineExecutionStatus,
        detail.currentPipelineExecutionStatus,
      ]),
      [
        ["Executing", "Executing"],
        ["Executing", "Stopping"],
        ["Stopping", "Stopped"],
      ],
    );
  });
});

/** A condition that is met by a positive number, with a Fail step in its branch. */
function condition(
  Name: string,
  value: number,
  DependsOn: string[] = [],
  ElseSteps: unknown[] = [fail(`${Name}No`, value)],
) {
  const positive = { Type: "GreaterThan", LeftValue: value, RightValue: 0 };
  const IfSteps = [fail(`${Name}Yes`, value)];
  return {
    Name,
    Type: "Condition",
    DependsOn,
    Arguments: { Conditions: [positive], IfSteps, ElseSteps },
  };
}

function fail(Name: string, value: number) {
  const Values = ["commit ", { Get: "Parameters.Commit" }, ": ", value];
  return { Name, Type: "Fail", Arguments: { ErrorMessage: { "Std:Join": { On: "", Values } } } };
}

function executionOf(Steps: unknown): Execution {
  return {
    arn: `${ARN}/execution/x1y2z3`,
    id: "x1y2z3",
    displayName: "commit-abc",
    pipelineArn: ARN,
    roleArn: "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1",
    startTime: new Date("2026-11-23T10:00:00Z"),
    definition: parseDefinition(JSON.stringify({ Version: "2020-12-01", Steps })),
    scope: { parameters: { Commit: "abc" }, execution: {} },
  };
}
