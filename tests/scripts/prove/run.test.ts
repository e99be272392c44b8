import { strict as assert } from "node:assert";

import { NotChecked } from "../../../scripts/prove/kit";
import { prove } from "../../../scripts/prove/run";
import { silently } from "../../support/printed";
import {
  account,
  type Answers,
  awsError,
  fakeKit,
  pushEvent,
  target,
} from "../../support/proveAccount";

const definition = '{"Version":"2020-12-01"}';

/** Runs on an account with these answers instead of those of a success. */
async function run(
  answers: Answers = {},
  parts: Parameters<typeof fakeKit>[1] = {},
  isInterrupted = false,
) {
  const program = (name: string) =>
    name === "docker" ? Promise.reject(new Error("no Docker")) : Promise.resolve(definition);
  const { calls, kit } = fakeKit({ ...account(), ...answers }, { program, ...parts });
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  const evidence = await silently(() => prove(kit, { isInterrupted: () => isInterrupted, print }));
  const results = Object.fromEntries(evidence.steps.map(({ result, step }) => [step, result]));
  const details = (step: string) =>
    evidence.steps.find((it) => it.step === step)?.details.join("\n") ?? "";
  const called = (operation: string) => calls.filter(([name]) => name === operation);
  return { called, details, evidence, lines, results };
}

describe("prove", () => {
  it("deploys, rolls back, rejects and deletes; without Docker, the image is not checked", async () => {
    const { called, details, evidence, lines, results } = await run();
    const { image, ...others } = results;
    assert.deepEqual(new Set(Object.values(others)), new Set(["passed"]), lines.join("\n"));
    assert.equal(image, "not checked");
    assert.match(details("image"), /^not checked: no Docker$/);
    assert.deepEqual(
      evidence.events.map((it) => it.source),
      ["aws.codecommit"],
    );
    // One for each deployment to production, and once more while the first looks busy.
    assert.ok(called("codepipeline.putApprovalResult").length >= 2);
    assert.deepEqual(called("cloudwatch.putMetricData")[0]?.[1], {
      MetricData: [{ MetricName: "CanaryVerdict", Value: 1 }],
      Namespace: "ModelDeploy/mlops-churn--dev--prod",
    });
    assert.equal(called("sagemaker.deleteEndpoint").length, 1);
  });

  it("on an emulator, names what only AWS can show", async () => {
    const { details, lines, results } = await run({}, { isAws: false });
    const named = lines.filter((line) => line.startsWith("  not checked here, only AWS shows: "));
    assert.equal(named.length, Object.keys(results).length);
    const notChecked = Object.entries(results).filter(([, it]) => it === "not checked");
    assert.deepEqual(
      notChecked.map(([step]) => step),
      ["image", "durations", "denials", "events"],
    );
    for (const [step] of notChecked) assert.match(details(step), /^not checked here: only AWS/);
  });

  it("deletes everything after a failed step, and still compares", async () => {
    const failed = {
      PipelineExecutionFailureReason: "no quota",
      PipelineExecutionStatus: "Failed",
    };
    const { called, details, results } = await run({
      "sagemaker.listModelPackages": () => ({}),
      "sagemaker.listPipelineExecutions": () => ({ PipelineExecutionSummaries: [failed] }),
    });
    assert.equal(details("first-run"), "the training failed: no quota");
    const { deploy, destroy, events, push, unguard } = results;
    assert.deepEqual([push, deploy], ["not reached", "not reached"]);
    assert.deepEqual([destroy, events, unguard], ["passed", "passed", "passed"]);
    assert.equal(results.delete, "passed");
    assert.equal(called("scheduler.deleteScheduleGroup").length, 1);
  });

  it("stops executions and builds in progress before it deletes", async () => {
    const execution = { pipelineExecutionId: "e", startTime: new Date() };
    let looks = 0;
    const { called, details } = await run({
      "codebuild.batchGetBuilds": () => ({ builds: [{ buildStatus: "IN_PROGRESS", id: "b" }] }),
      "codebuild.listBuildsForProject": () => ({ ids: ["b"] }),
      "codebuild.stopBuild": () => ({}),
      "codepipeline.listPipelineExecutions": () => ({
        pipelineExecutionSummaries: [
          { ...execution, status: (looks += 1) === 1 ? "Failed" : "InProgress" },
        ],
      }),
      "codepipeline.stopPipelineExecution": () => ({}),
      "sagemaker.listModelPackages": () => ({}),
    });
    assert.equal(details("first-run"), "the build failed: execution e");
    assert.equal(called("codepipeline.stopPipelineExecution").length, 2);
    assert.equal(called("codebuild.stopBuild").length, 5);
  });

  it("waits until SageMaker lets it delete an endpoint", async () => {
    let looks = 0;
    const { called, results } = await run({
      "sagemaker.createPipeline": () => ({}),
      "sagemaker.describeEndpoint": () => {
        looks += 1;
        if (looks > 6) throw awsError("ValidationException", "Could not find");
        return { EndpointStatus: looks < 4 ? "RollingBack" : "InService" };
      },
      "sagemaker.listModelPackages": () => {
        throw awsError("ThrottlingException");
      },
    });
    assert.equal(results["first-run"], "failed");
    // The list of versions fails here too.
    assert.equal(results.delete, "failed");
    assert.equal(called("sagemaker.deleteEndpoint").length, 1);
  });

  it("keeps the schedules, and does not destroy, if the endpoints cannot be deleted", async () => {
    const { called, results } = await run({
      "sagemaker.deleteEndpoint": () => {
        throw awsError("AccessDeniedException");
      },
    });
    const { destroy, unguard } = results;
    assert.deepEqual([results.delete, destroy, unguard], ["failed", "not reached", "not reached"]);
    assert.equal(called("scheduler.deleteScheduleGroup").length, 0);
  });

  it("creates nothing but the guard if a quota is missing, and deletes it", async () => {
    const { called, details, results } = await run({}, { quota: () => Promise.resolve(0) });
    assert.match(details("quotas"), /^fix {3}quota ml\.m5\.large for training job usage is 0/m);
    assert.deepEqual(
      [results.up, results.delete, results.unguard],
      ["not reached", "not reached", "passed"],
    );
    assert.equal(called("iam.deleteRole").length, 2);
  });

  it("deletes everything after an interruption, and compares nothing", async () => {
    const controller = new AbortController();
    const sleep = () => {
      controller.abort(new Error("the user stopped the run"));
      return Promise.reject(new Error("aborted"));
    };
    const answers = { "sagemaker.listModelPackages": () => ({}) };
    const { details, results } = await run(answers, { signal: controller.signal, sleep }, true);
    assert.equal(details("first-run"), "the user stopped the run");
    const { denials, destroy, events, unguard } = results;
    assert.deepEqual([results.delete, destroy, unguard], ["passed", "passed", "passed"]);
    assert.deepEqual([denials, events], ["not reached", "not reached"]);
  });

  it("fails if a deployment ends otherwise, or production serves another version", async () => {
    const other = { Key: "ModelVersion", Value: "7" };
    const arn = { Key: "ModelPackageArn", Value: "arn" };
    const served = await run({ "sagemaker.listTags": () => ({ Tags: [arn, other] }) });
    assert.match(
      served.details("deploy"),
      /InService with version 1, got InService with version 7$/,
    );
    const missing = await run({
      "sagemaker.describeEndpoint": () => {
        throw awsError("ValidationException", "Could not find");
      },
    });
    assert.match(missing.details("deploy"), /got missing with version none$/);
    const fresh = account();
    const ended = await run({
      ...fresh,
      "sagemaker.updateModelPackage": (input) =>
        fresh["sagemaker.updateModelPackage"]?.({ ...input, ModelApprovalStatus: "Rejected" }),
    });
    assert.match(
      ended.details("deploy"),
      /^expected Succeeded, got version 1 Approved: execution e1 Stopped$/,
    );
  });

  it("reports a denied call, an event with another body, and no events", async () => {
    const CloudTrailEvent = JSON.stringify({
      errorCode: "AccessDenied",
      errorMessage: "User: x is not authorized to perform: kms:CreateGrant on resource: y",
      eventName: "CreateEndpoint",
      eventSource: "sagemaker.amazonaws.com",
      userIdentity: {
        sessionContext: { sessionIssuer: { userName: `${target.stem}--deploy-prod-use1` } },
      },
    });
    const body = { ...pushEvent, detail: { ...pushEvent.detail, commitId: 7, more: 1 } };
    const messages = [{ Body: JSON.stringify(body) }];
    const { details, results } = await run({
      "cloudtrail.lookupEvents": ({ NextToken }) => ({
        Events: [{ CloudTrailEvent }, {}, { CloudTrailEvent: "{}" }],
        NextToken: NextToken === undefined ? "2" : undefined,
      }),
      "sqs.receiveMessage": () => ({ Messages: messages.splice(0) }),
    });
    assert.equal(results.denials, "failed");
    assert.match(
      details("denials"),
      /^deploy-prod: sagemaker:CreateEndpoint denied, kms:CreateGrant; /,
    );
    assert.match(
      details("events"),
      /detail\.commitId is number, in the samples string\n1 events\n.*more, which no sample has$/,
    );
    const none = await run({ "sqs.receiveMessage": () => ({}) });
    assert.equal(none.details("events"), "expected events in the queue, got none");
  });

  it("gives up on a CloudTrail that is too large", async () => {
    const { details } = await run({
      "cloudtrail.lookupEvents": () => ({ Events: [], NextToken: "n" }),
    });
    assert.equal(details("denials"), "CloudTrail has more than 20000 events of the run");
  });

  it("reports durations that are longer than documented", async () => {
    const long = {
      EndTime: new Date(3_600_000),
      Metadata: { TrainingJob: {} },
      StartTime: new Date(0),
    };
    const { details } = await run({
      "sagemaker.listPipelineExecutionSteps": () => ({ PipelineExecutionSteps: [long] }),
    });
    assert.match(details("durations"), /^longer than documented:\n[^]*: 60\.0 minutes, 0\.115 USD/);
  });

  it("ends a step that expects something for too long", async () => {
    const { details } = await run({ "sagemaker.listModelPackages": () => ({}) });
    assert.equal(details("first-run"), "expected model version 1 within 60 minutes");
    assert.ok(new NotChecked("x") instanceof Error);
  });
});
