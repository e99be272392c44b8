import { strict as assert } from "node:assert";

import type { Calls, Run } from "../endpoint/calls";
import { type Handover, type Question, decide, decideAgain } from "../endpoint/decide";
import type { ModelVersion } from "../endpoint/modelVersions";
import type { Running } from "../endpoint/running";

const versionsPrefix =
  "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/";
const arnOf = (version: number) => `${versionsPrefix}${String(version)}`;
const archive = "s3://artifacts/model.tar.gz";
const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 12, minute));

const approved = (version: number, rest: Partial<ModelVersion> = {}): ModelVersion => ({
  arn: arnOf(version),
  version,
  approval: "Approved",
  status: "Completed",
  archives: [archive],
  registered: at(10),
  lastModified: at(20),
  metrics: { Accuracy: version },
  ...rest,
});
const rejected = (version: number) => approved(version, { approval: "Rejected" });

const running = (
  version: number,
  earlierVersions: number[] = [],
  rest: Partial<Running> = {},
): Running => ({
  endpointName: "an endpoint",
  status: "InService",
  isServing: true,
  configName: "a configuration",
  lastModified: at(0),
  model: {
    modelPackageArn: arnOf(version),
    modelVersion: version,
    earlierVersions,
    settings: "now",
  },
  ...rest,
});

const question = (modelPackageArn: string): Question => ({
  modelPackageArn,
  versionsPrefix,
  prodEndpointName: "prod",
  stagingEndpointName: "staging",
  prodSettings: "now",
  stagingSettings: "now",
});

interface World {
  ahead?: Run[];
  prod?: Running;
  staging?: Running;
  trigger?: string;
  versions: ModelVersion[];
  written?: Date | undefined;
}

function callsIn(world: World): Calls {
  const unasked = (): never => {
    throw new Error("nobody should ask this");
  };
  return {
    deleteEndpoint: unasked,
    exists: unasked,
    read: unasked,
    runStatus: unasked,
    stopThisRun: unasked,
    write: unasked,
    modelVersion: (arn) => Promise.resolve(world.versions.find((one) => one.arn === arn)),
    running: (name) => Promise.resolve(name === "prod" ? world.prod : world.staging),
    runsAhead: () => Promise.resolve(world.ahead ?? []),
    trigger: () => Promise.resolve(world.trigger ?? "CloudWatchEvent"),
    written: () => Promise.resolve("written" in world ? world.written : at(10)),
  };
}

describe("what a run of the deploy pipeline comes to", () => {
  const facts = (version: number, rest: Partial<Handover> = {}): Handover => ({
    modelPackageArn: arnOf(version),
    modelVersion: version,
    metrics: { Accuracy: version },
    reason: "approved",
    ...rest,
  });
  const runs = (version: number) => ({
    running: {
      modelPackageArn: arnOf(version),
      modelVersion: version,
      metrics: { Accuracy: version },
    },
  });
  const ahead = (version: number, minute: number): Run => ({
    id: "run-1",
    modelPackageArn: arnOf(version),
    started: at(minute),
  });
  const back = { reason: "rejected", rejectedModelPackageArn: arnOf(2) } as const;

  const deploys: [string, World, string, Handover][] = [
    ["the first approved version", { versions: [approved(1)] }, arnOf(1), facts(1)],
    [
      "an approved version, with its sample and what production runs",
      {
        prod: running(1),
        versions: [approved(1), approved(2, { sampleLocation: "s3://a/sample" })],
      },
      arnOf(2),
      facts(2, { sampleLocation: "s3://a/sample", ...runs(1) }),
    ],
    [
      "no comparison with a version that the registry lacks",
      { prod: running(1), versions: [approved(2)] },
      arnOf(2),
      facts(2, { running: { ...runs(1).running, metrics: {} } }),
    ],
    [
      "no comparison where production does not serve",
      { prod: running(1, [], { isServing: false }), versions: [approved(1), approved(2)] },
      arnOf(2),
      facts(2),
    ],
    [
      "the one that runs, if the settings are others",
      {
        prod: running(2),
        staging: { ...running(2), model: undefined },
        versions: [approved(2)],
      },
      arnOf(2),
      facts(2, runs(2)),
    ],
    [
      "the one that runs, if a run ahead may yet bring another",
      { ahead: [ahead(3, 25)], prod: running(2), staging: running(2), versions: [approved(2)] },
      arnOf(2),
      facts(2, runs(2)),
    ],
    [
      "a version again that was approved again while the way back from it is under way",
      { ahead: [ahead(2, 15)], prod: running(2), versions: [approved(2)] },
      arnOf(2),
      facts(2, runs(2)),
    ],
    [
      "the version before, if the one that runs was rejected",
      { prod: running(2, [1]), versions: [approved(1), rejected(2)] },
      arnOf(2),
      facts(1, { ...back, running: { ...runs(2).running } }),
    ],
    [
      "the newest before it that is still approved",
      {
        prod: running(5, [4, 3, 2, 5, 1]),
        versions: [approved(2), rejected(3), rejected(5), approved(1)],
      },
      arnOf(5),
      facts(2, { ...back, rejectedModelPackageArn: arnOf(5), ...runs(5) }),
    ],
    [
      "what runs, if the rejected one is still on its way there",
      { ahead: [ahead(2, 15)], prod: running(1), versions: [approved(1), rejected(2)] },
      arnOf(2),
      facts(1, { ...back, ...runs(1) }),
    ],
  ];
  for (const [what, world, arn, deploy] of deploys)
    it(`deploys ${what}`, async () => {
      assert.deepEqual(await decide(question(arn), callsIn(world)), { deploy });
    });

  const idle: [string, World, string, string][] = [
    [
      "for the run that came with the pipeline",
      { trigger: "CreatePipeline", versions: [] },
      "none",
      "this run came with the pipeline itself, not with a model version",
    ],
    [
      "for a version that both stages run as they are set",
      { prod: running(2), staging: running(2), versions: [approved(2)] },
      arnOf(2),
      "staging and production run version 2 already, with the same settings",
    ],
    [
      "for an event that was sent twice",
      { ahead: [ahead(2, 25)], versions: [approved(2)] },
      arnOf(2),
      "run run-1, which is not over yet, is about the same: version 2 is Approved",
    ],
    [
      "for an event of the moment in which a run began",
      { ahead: [ahead(2, 20)], versions: [approved(2)] },
      arnOf(2),
      "run run-1, which is not over yet, is about the same: version 2 is Approved",
    ],
    [
      "for a rejection that was sent twice",
      { ahead: [ahead(2, 25)], prod: running(2, [1]), versions: [approved(1), rejected(2)] },
      arnOf(2),
      "run run-1, which is not over yet, is about the same: version 2 is Rejected",
    ],
    [
      "for a rejected version that does not run",
      { prod: running(1), versions: [approved(1), rejected(2)] },
      arnOf(2),
      "version 2 is Rejected, and does not run in production",
    ],
    [
      "for a rejected version where nothing runs",
      { versions: [rejected(2)] },
      arnOf(2),
      "version 2 is Rejected, and does not run in production",
    ],
  ];
  for (const [what, world, arn, nothing] of idle)
    it(`is nothing ${what}`, async () => {
      assert.deepEqual(await decide(question(arn), callsIn(world)), { nothing });
    });

  const own = (got: string) =>
    `MODEL_PACKAGE_ARN must be a model version of this project, for example "${versionsPrefix}1"; got "${got}": ` +
    "nothing was deployed. To start the pipeline by hand, give it the variable MODEL_PACKAGE_ARN";
  const foreign = arnOf(1).replace("123456789012", "210987654321");
  const refused: [string, World, string, string][] = [
    ["no version", { trigger: "StartPipelineExecution", versions: [] }, "none", own("none")],
    ["an empty text", { versions: [] }, "", own("")],
    ["another account's version", { versions: [] }, foreign, own(foreign)],
    ["another group's", { versions: [] }, `${versionsPrefix}1/2`, own(`${versionsPrefix}1/2`)],
    ["a whole group", { versions: [] }, versionsPrefix, own(versionsPrefix)],
    [
      "a version that is gone",
      { versions: [] },
      arnOf(1),
      `there is no model version ${arnOf(1)} any more`,
    ],
    [
      "one that waits for approval",
      { versions: [approved(1, { approval: "PendingManualApproval" })] },
      arnOf(1),
      "a version must be Approved and Completed to be deployed; version 1 is PendingManualApproval and Completed",
    ],
    [
      "one that is not complete",
      { versions: [approved(1, { status: "Failed" })] },
      arnOf(1),
      "a version must be Approved and Completed to be deployed; version 1 is Approved and Failed",
    ],
    [
      "one whose model was written after it was registered",
      { versions: [approved(1)], written: at(11) },
      arnOf(1),
      "the model of version 1 must be what was registered and approved (2026-11-25T12:10:00.000Z); " +
        `${archive} was written 2026-11-25T12:11:00.000Z: train and register it anew`,
    ],
    [
      "one whose model is gone",
      { versions: [approved(1)], written: undefined },
      arnOf(1),
      "the model of version 1 must be what was registered and approved (2026-11-25T12:10:00.000Z); " +
        `${archive} is not there: train and register it anew`,
    ],
    [
      "to go back where there is nothing approved to go back to",
      { prod: running(3, [2, 1]), versions: [rejected(2), rejected(3)] },
      arnOf(3),
      "version 3 is Rejected and is production's, but there is no approved version to go back to; production ran before it: " +
        "2, 1. It goes on serving: approve another version",
    ],
    [
      "to go back from the very first",
      { ahead: [ahead(1, 15)], versions: [rejected(1)] },
      arnOf(1),
      "version 1 is Rejected and is production's, but there is no approved version to go back to; production ran before it: " +
        "nothing. It goes on serving: approve another version",
    ],
  ];
  for (const [what, world, arn, message] of refused)
    it(`refuses ${what}`, async () => {
      await assert.rejects(decide(question(arn), callsIn(world)), { message });
    });

  describe("in production", () => {
    const again = (written: object, world: World) =>
      decideAgain(JSON.stringify(written), { versionsPrefix }, callsIn(world));

    it("is what staging deployed", async () => {
      const handover = facts(1, { ...back, ...runs(2) });
      assert.deepEqual(await again(handover, { versions: [approved(1)] }), handover);
    });

    it("is refused for a version that was rejected while it waited", async () => {
      await assert.rejects(again(facts(2), { versions: [rejected(2)] }), {
        message:
          "a version must be Approved and Completed to be deployed; version 2 is Rejected and Completed",
      });
    });

    it("is refused for a version of somebody else", async () => {
      const handover = { ...facts(1), modelPackageArn: foreign };
      await assert.rejects(again(handover, { versions: [] }), { message: own(foreign) });
    });

    it("is refused where staging named none", async () => {
      await assert.rejects(again({ nothingToDo: "a reason" }, { versions: [] }), {
        message: `staging's deployment.json must name a model version to deploy; got {"nothingToDo":"a reason"}`,
      });
    });
  });
});
