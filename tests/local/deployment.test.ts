import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { unzipSync } from "fflate";

import type { ApprovalResult, Waiting } from "../../local/services/codepipeline/approval";
import { openDelivery } from "../../local/services/codepipeline/simulateDelivery";
import type { DeliveryOrder, Rollback } from "../../local/services/codepipeline/pipelineRun";
import { runEvents } from "../../local/services/codepipeline/runEvents";
import type { ServiceEvent } from "../../local/services/eventbridge/serviceEvent";
import { type PipelineAccount, pipelineAccount } from "../support/pipelineAccount";
import { contextAt } from "../support/contextAt";
import { stubCloud } from "../support/stubCloud";

const type = (category: string, provider: string) => ({
  category,
  owner: "AWS",
  provider,
  version: "1",
});
const names = (...all: string[]) => all.map((name) => ({ name }));
const source = {
  name: "Code",
  actionTypeId: type("Source", "CodeCommit"),
  configuration: { RepositoryName: "deploy", BranchName: "main" },
  outputArtifacts: names("SourceCode"),
};
const EnvironmentVariables = JSON.stringify([
  { name: "MODEL", value: "#{variables.MODEL} of #{codepipeline.PipelineExecutionId}" },
]);
const approve = {
  name: "Approve",
  actionTypeId: type("Approval", "Manual"),
  configuration: { CustomData: "#{Test.SUMMARY}?", ExternalEntityLink: "https://studio" },
  runOrder: 3,
  timeoutInMinutes: 60,
};
const test = {
  name: "Test",
  actionTypeId: type("Test", "CodeBuild"),
  configuration: { PrimarySource: "SourceCode", ProjectName: "test" },
  inputArtifacts: names("Deployment", "SourceCode"),
  namespace: "Test",
  runOrder: 2,
};
const deploy = {
  name: "Deploy",
  actionTypeId: type("Build", "CodeBuild"),
  configuration: { EnvironmentVariables, ProjectName: "staging" },
  inputArtifacts: names("SourceCode"),
  outputArtifacts: names("Deployment"),
};
const prod = {
  name: "DeployProd",
  actionTypeId: type("Build", "CodeBuild"),
  configuration: { PrimarySource: "SourceCode", ProjectName: "prod" },
  inputArtifacts: names("SourceCode", "Deployment"),
};
const buildspec = (command: string, more = "") =>
  `version: 0.2\n${more}\nphases: {build: {commands: [${JSON.stringify(command)}]}}`;
const buildspecs = {
  staging: buildspec('echo "$MODEL" > facts.json', "artifacts: {files: [facts.json]}"),
  test: buildspec(
    'SUMMARY="good: $(cat $CODEBUILD_SRC_DIR_Deployment/facts.json)"',
    "env: {exported-variables: [SUMMARY]}",
  ),
  prod: buildspec("cat $CODEBUILD_SRC_DIR_Deployment/facts.json"),
};

interface Scenario {
  readonly buildspecs?: Partial<typeof buildspecs>;
  readonly actions?: readonly object[];
  readonly model?: string;
  readonly decide?: (waiting: Waiting, account: PipelineAccount) => ApprovalResult;
  readonly executionId?: string;
  readonly version?: number;
  readonly rollback?: Rollback;
  /** Stage before which the execution waits for a while. */
  readonly waitsBefore?: string;
  /** An account in which executions were played before. */
  readonly account?: PipelineAccount;
}

const yes: ApprovalResult = { answer: "approved", comment: "fine" };

describe("an execution of the deployment pipeline on the local cloud", () => {
  let objects: Map<string, Uint8Array>;
  let scratch: string;

  beforeEach(() => {
    objects = new Map();
    scratch = mkdtempSync(join(tmpdir(), "deployment-"));
  });

  afterEach(() => {
    rmSync(scratch, { recursive: true });
  });

  /** Plays the pipeline once, and returns a short text of each event. */
  async function simulate(scenario: Scenario = {}) {
    const { executionId = "run-1", model = "model/1", version = 1 } = scenario;
    // In an unusual order.
    const { actions = [approve, test, deploy] } = scenario;
    const pipeline = {
      name: "deploy",
      roleArn: "role",
      version,
      artifactStore: { location: "artifacts" },
      stages: [
        { name: "Source", actions: [source] },
        { name: "Staging", actions },
        { name: "Prod", actions: [prod], onFailure: { result: "ROLLBACK" } },
      ],
    };
    const account =
      scenario.account ??
      pipelineAccount(
        pipeline,
        { ...buildspecs, ...scenario.buildspecs },
        {
          trigger: { triggerType: "CloudWatchEvent", triggerDetail: "rule" },
          variables: [{ name: "MODEL", resolvedValue: model }],
        },
        objects,
      );
    const cloud = await stubCloud(account.answer);
    const credentials = { accessKeyId: "ROLE", secretAccessKey: "s", sessionToken: "t" };
    const context = {
      ...contextAt(cloud.endpoint, {
        assume: () => Promise.resolve(credentials),
        require: () => Promise.resolve(),
      }),
      scratch,
    };
    const noted: [who: string, hasStart: boolean][] = [];
    const sent: ServiceEvent[] = [];
    const asked: Waiting[] = [];
    const order: DeliveryOrder = {
      approver: (waiting) => {
        asked.push(waiting);
        return Promise.resolve(scenario.decide?.(waiting, account) ?? yes);
      },
      executionId,
      note: (who, _, span) => void noted.push([who, span?.start instanceof Date]),
      pipelineName: "deploy",
      python: pythonIn(scratch),
      rollback: scenario.rollback,
      send: (event) => Promise.resolve(sent.push(event)),
    };
    try {
      const delivery = await openDelivery(order, context);
      await delivery.runUntil(scenario.waitsBefore ?? "Source", context);
      const sentBefore = sent.map(short);
      const run = await delivery.finish(context);
      const events = [...sent, ...runEvents(run, context)];
      const sentEvents = { events, sent: events.map(short), sentBefore };
      return { account, asked, calls: cloud.calls, noted, run, ...sentEvents };
    } finally {
      cloud.close();
    }
  }

  it("runs actions in run order and sends an event for each start and end", async () => {
    const { account, events, noted, run, sent } = await simulate();
    assert.deepEqual([run.status, run.failure], ["Succeeded", undefined]);
    assert.deepEqual(noted, Array(3).fill(["CodeBuild", true]));
    assert.deepEqual(sent, [
      "deploy STARTED",
      ...["Source STARTED", "Source/Code STARTED", "Source/Code SUCCEEDED", "Source SUCCEEDED"],
      "Staging STARTED",
      ...["Staging/Deploy STARTED", "Staging/Deploy SUCCEEDED"],
      ...["Staging/Test STARTED", "Staging/Test SUCCEEDED"],
      ...["Staging/Approve STARTED", "Staging/Approve SUCCEEDED"],
      "Staging SUCCEEDED",
      ...["Prod STARTED", "Prod/DeployProd STARTED", "Prod/DeployProd SUCCEEDED", "Prod SUCCEEDED"],
      "deploy SUCCEEDED",
    ]);
    assert.deepEqual(
      account.actions,
      ["Source/Code", "Staging/Deploy", "Staging/Test", "Staging/Approve", "Prod/DeployProd"].map(
        (name) => `${name} Succeeded`,
      ),
    );
    const triggers = events.map(({ detail }) => detail["execution-trigger"]);
    const trigger = { "trigger-type": "CloudWatchEvent", "trigger-detail": "rule" };
    assert.deepEqual(triggers, [trigger, ...triggers.slice(1).map(() => undefined)]);
  });

  it("passes variables, artifacts and output variables between actions", async () => {
    const { account, asked, run } = await simulate();
    const made = "model/1 of run-1\n";
    assert.deepEqual(run.actions[2]?.outputVariables, { SUMMARY: `good: ${made.trim()}` });
    assert.ok(run.lines.includes(made.trim()), "prod saw what staging made");
    assert.deepEqual(asked, [
      {
        actionName: "Approve",
        customData: `good: ${made.trim()}?`,
        executionId: "run-1",
        link: "https://studio",
        pipelineName: "deploy",
        stageName: "Staging",
        timeoutMinutes: 60,
        token: "token",
      },
    ]);
    const [path = "", archive = new Uint8Array()] =
      [...account.objects].find(([key]) => key.includes("Deployment")) ?? [];
    assert.match(path, /^\/artifacts\/deploy\/Deployment\/[\w-]{7}$/);
    assert.equal(Buffer.from(unzipSync(archive)["facts.json"] ?? []).toString(), made);
  });

  it("sends the STARTED event before it requests approval, and reports the approver", async () => {
    let sentBefore = false;
    const { events } = await simulate({
      decide: (_, account) => {
        sentBefore = !account.actions.some((one) => one.includes("Approve"));
        return yes;
      },
    });
    assert.ok(sentBefore);
    const approved = events.find((event) => short(event) === "Staging/Approve SUCCEEDED");
    assert.deepEqual(approved?.detail["execution-result"], {
      "external-execution-id": "token",
      "external-execution-summary": "Approved by arn:aws:iam::123456789012:user/approver",
    });
  });

  it("fails at a rejected or expired approval, before the production stage", async () => {
    const rejected = await simulate({ decide: () => ({ answer: "rejected", comment: "no" }) });
    assert.equal(
      rejected.run.failure?.reason,
      "Rejected by arn:aws:iam::123456789012:user/approver",
    );
    const end = ["Staging/Approve FAILED", "Staging FAILED", "deploy FAILED"];
    assert.deepEqual(rejected.sent.slice(-3), end);
    const put = rejected.calls.find(({ operation }) => operation.endsWith("PutApprovalResult"));
    assert.deepEqual(put?.body.result, { status: "Rejected", summary: "no" });

    const expired = await simulate({ decide: () => ({ answer: "expired" }), executionId: "run-2" });
    assert.equal(expired.run.failure?.reason, "The approval request expired after 60 minutes");
    assert.deepEqual(expired.sent.slice(-3), end);
    assert.ok(!expired.sent.some((one) => one.startsWith("Prod")));
    assert.equal(expired.account.actions.at(-1), "Staging/Approve Failed");
  });

  it("takes the decision that a user has made already", async () => {
    for (const [status, end] of [
      ["Approved", "Succeeded"],
      ["Rejected", "Failed"],
    ] as const) {
      const { calls, run } = await simulate({
        decide: ({ actionName, stageName }, account) => {
          const body = { actionName, result: { status, summary: "yes" }, stageName };
          const request = { accessKeyId: "", bytes: new Uint8Array(), headers: {}, path: "/" };
          account.answer({ ...request, body, operation: "CodePipeline.PutApprovalResult" });
          return { answer: "decided", comment: "yes" };
        },
        executionId: status,
      });
      assert.equal(run.status, end);
      assert.ok(!calls.some(({ operation }) => operation.endsWith("PutApprovalResult")));
    }
  });

  it("a stopped execution runs no other action and sends neither FAILED nor SUCCEEDED", async () => {
    const abandoned = await simulate({
      decide: (_, account) => {
        account.stop("Stopped");
        return yes;
      },
    });
    assert.equal(abandoned.run.status, "Stopped");
    assert.equal(abandoned.run.stopped?.reason, "nothing to do");
    assert.deepEqual(abandoned.sent.slice(-5), [
      "Staging/Approve STARTED",
      "deploy STOPPING",
      "Staging/Approve ABANDONED",
      "Staging STOPPED",
      "deploy STOPPED",
    ]);
    assert.ok(!abandoned.calls.some(({ operation }) => operation.endsWith("PutApprovalResult")));

    const waited = await simulate({
      decide: (_, account) => {
        account.stop("Stopping");
        return yes;
      },
    });
    assert.deepEqual(waited.sent.slice(-4), [
      "Staging/Approve SUCCEEDED",
      "deploy STOPPING",
      "Staging STOPPED",
      "deploy STOPPED",
    ]);
  });

  it("rolls back a stage once, to the last successful execution and its artifacts", async () => {
    const actions = [deploy];
    const fails = { actions, buildspecs: { prod: buildspec("exit 98") } };
    const first = await simulate(fails);
    assert.equal(first.run.rollsBackTo, undefined, "nothing has passed yet");
    assert.match(first.run.failure?.reason ?? "", /Reason: exit status 98$/);

    const passed = await simulate({ actions, executionId: "run-2", model: "model/2" });
    const failed = await simulate({ ...fails, executionId: "run-3", model: "model/3" });
    assert.equal(failed.run.rollsBackTo, "run-2");
    const changed = await simulate({ ...fails, version: 2 });
    assert.equal(changed.run.rollsBackTo, undefined, "the pipeline is another now");

    const rollback = { failedExecutionId: "run-3", stageName: "Prod", targetExecutionId: "run-2" };
    const again = await simulate({ ...fails, executionId: "run-4", rollback });
    assert.deepEqual(again.run.rolledBack, { executionId: "run-3" });
    assert.equal(again.run.rollsBackTo, undefined);
    const stages = again.sent.filter((one) => one.startsWith("S"));
    assert.deepEqual(stages, []);
    const keys = (one: typeof passed) =>
      one.calls.filter(({ operation }) => operation === "GET").map(({ path }) => path);
    assert.deepEqual(keys(again).sort(), keys(passed).slice(-2).sort());
  }).timeout(30_000);

  it("waits before a stage that another execution occupies, then plays the other stages", async () => {
    const { run, sent, sentBefore } = await simulate({ waitsBefore: "Staging" });
    assert.deepEqual(sentBefore, [
      "deploy STARTED",
      ...["Source STARTED", "Source/Code STARTED", "Source/Code SUCCEEDED", "Source SUCCEEDED"],
    ]);
    assert.equal(sent[sentBefore.length], "Staging STARTED");
    assert.equal(run.status, "Succeeded");
  });

  it("a retry repeats the failed action with the artifacts and variables of the others", async () => {
    const no = await simulate({ decide: () => ({ answer: "rejected", comment: "no" }) });
    const before = no.account.actions.length;
    const again = await simulate({ account: no.account });
    assert.deepEqual(again.account.actions.slice(before), [
      "Staging/Approve Succeeded",
      "Prod/DeployProd Succeeded",
    ]);
    assert.deepEqual(again.sent.slice(0, 2), ["deploy RESUMED", "Staging RESUMED"]);
    assert.equal(again.events[0]?.detail["pipeline-execution-attempt"], 2);
    assert.deepEqual(again.asked[0]?.customData, no.asked[0]?.customData);
    assert.ok(again.run.lines.includes("model/1 of run-1"), "prod saw what staging made");
    assert.deepEqual([again.run.status, again.run.attempt], ["Succeeded", 2]);
  });

  it("rejects unsupported actions by name", async () => {
    const refuses = (action: object, words: RegExp) =>
      assert.rejects(simulate({ actions: [deploy, action] }), words);
    await refuses({ ...test, runOrder: 1 }, /action Deploy runs in parallel with Test/);
    await refuses({ ...test, roleArn: "role" }, /roleArn/);
    await refuses({ ...test, timeoutInMinutes: 5 }, /Test: timeoutInMinutes/);
    const batch = { ...test.configuration, BatchEnabled: "true" };
    await refuses({ ...test, configuration: batch }, /action Test[^]*BatchEnabled/);
    const unknown = { ...test.configuration, EnvironmentVariables: "#{Unknown.X}" };
    await refuses({ ...test, configuration: unknown }, /#\{Unknown\.X\} has no value/);
    await refuses({ ...test, inputArtifacts: names("SourceCode", "X") }, /artifact X/);
    await refuses({ ...approve, configuration: { NotificationArn: "a" } }, /NotificationArn/);
  });
});

function short({ "detail-type": kind, detail }: ServiceEvent): string {
  const { action, pipeline, stage, state } = detail;
  const level = /^CodePipeline (\w+)/.exec(kind)?.[1];
  const name = { Action: [stage, action], Pipeline: [pipeline], Stage: [stage] }[level ?? ""] ?? [];
  return `${name.join("/")} ${String(state)}`;
}

/** A program that stands for a Python: it creates an environment with itself, and knows its folder. */
function pythonIn(folder: string): string {
  const file = join(folder, "python");
  const script = `#!/bin/sh
if [ "$1" = -m ]; then mkdir -p "$4/bin" && cp "$0" "$4/bin/python"; else dirname "$0"; fi
`;
  writeFileSync(file, script, { mode: 0o755 });
  return file;
}
