import { strict as assert } from "node:assert";
import { once } from "node:events";
import { type Server, createServer } from "node:http";

import { z } from "zod";

import { judged } from "../local/rehearsal/clients";
import { parseDefinition } from "../local/rehearsal/training/definition";
import type { Execution } from "../local/rehearsal/training/execution";
import { executionEvents } from "../local/rehearsal/training/executionEvents";
import { playSteps } from "../local/rehearsal/training/playSteps";
import { stageAt } from "./support/stage";

const ARN = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/churn-dev";
const told = z.object({
  PipelineExecutionArn: z.literal(`${ARN}/execution/x1y2z3`),
  Step: z.object({ StepName: z.string(), StepStatus: z.string() }),
});

describe("an execution whose steps need no job", () => {
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
          const { StepName, StepStatus } = told.parse(body).Step;
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

  const play = async (steps: unknown, signal = new AbortController().signal) => {
    const stage = stageAt(endpoint);
    const execution = executionOf(steps);
    const credentials = { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" };
    const pipelineClients = judged(stage, credentials);
    const report = (): void => undefined;
    const site = { stage, pipelineClients, execution, python: "/nowhere", signal, report };
    const records = await playSteps(site);
    const ended = records.map(({ name, status, failureReason = "" }) => [
      name,
      status,
      failureReason,
    ]);
    return { ended, execution, records, stage };
  };

  it("takes one branch, in the order of its steps' needs, and fails with the message of its Fail step", async () => {
    const { ended } = await play([condition("Late", 1, ["Gate"]), condition("Gate", 2)]);
    assert.deepEqual(ended, [
      ["Gate", "Succeeded", ""],
      ["GateYes", "Failed", "commit abc: 2"],
    ]);
    assert.deepEqual(seen, [
      ...["Gate Starting", "Gate Executing", "Gate Succeeded"],
      ...["GateYes Starting", "GateYes Executing", "GateYes Failed"],
    ]);
  });

  it("never begins a step that waits for one in the branch that was not taken", async () => {
    const gate = condition("Gate", 0, [], []);
    const { ended } = await play([gate, condition("Late", 1, ["GateYes"])]);
    assert.deepEqual(ended, [["Gate", "Succeeded", ""]]);
  });

  it("fails at a call that AWS refuses, with what AWS says", async () => {
    const image = { Image: "image", ModelDataUrl: "s3://bucket/model.tar.gz" };
    const InferenceSpecification = { Containers: [image] };
    const Arguments = { ModelPackageGroupName: "churn-dev", InferenceSpecification };
    const { ended } = await play([{ Name: "Register", Type: "RegisterModel", Arguments }]);
    assert.deepEqual(ended, [
      ["Register", "Failed", "ClientError: AccessDeniedException: you may not"],
    ]);
    assert.ok(seen.includes("SageMaker.CreateModelPackage"));
  });

  it("begins nothing when it is already to stop", async () => {
    const { ended } = await play([condition("Gate", 1)], AbortSignal.abort());
    assert.deepEqual([ended, seen], [[], []]);
  });

  it("sends the events that SageMaker sends, the failed step's with its reason", async () => {
    const { execution, records, stage } = await play([condition("Gate", 1)]);
    const events = executionEvents(execution, records, "Failed", undefined, stage);
    const told = events.map(({ detail }) => [
      detail.stepName ?? "execution",
      detail.previousStepStatus ?? detail.previousPipelineExecutionStatus,
      detail.currentStepStatus ?? detail.currentPipelineExecutionStatus,
      detail.failureReason ?? "",
    ]);
    assert.deepEqual(told, [
      ["execution", "Executing", "Executing", ""],
      ["Gate", "Starting", "Executing", ""],
      ["Gate", "Executing", "Succeeded", ""],
      ["GateYes", "Starting", "Executing", ""],
      ["GateYes", "Executing", "Failed", "commit abc: 1"],
      ["execution", "Executing", "Failed", ""],
    ]);
    for (const { resources } of events) assert.deepEqual(resources, [ARN, execution.arn]);

    const stopped = executionEvents(execution, [], "Stopped", undefined, stage);
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
    roleArn: "arn:aws:iam::123456789012:role/sagemaker-churn-dev-execution",
    startTime: new Date("2026-11-23T10:00:00Z"),
    definition: parseDefinition(JSON.stringify({ Version: "2020-12-01", Steps })),
    scope: { parameters: { Commit: "abc" }, execution: {} },
  };
}
