import { strict as assert } from "node:assert";

import type { StateValue } from "@aws-sdk/client-cloudwatch";
import type { S3 } from "@aws-sdk/client-s3";
import type { DataCaptureConfig } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { type Clients, judged } from "../local/rehearsal/clients";
import { bake } from "../local/rehearsal/hosting/bake";
import { openCapture } from "../local/rehearsal/hosting/capture";
import { endpointEvent } from "../local/rehearsal/hosting/endpointEvent";
import { openFrontDoor } from "../local/rehearsal/hosting/frontDoor";
import { openHosting } from "../local/rehearsal/hosting/hosting";
import { place } from "./support/mocks";
import { stageAt } from "./support/stage";
import { type StubAnswer, type StubCall, stubCloud } from "./support/stubCloud";

const credentials = { accessKeyId: "ASIASERVE", secretAccessKey: "s", sessionToken: "t" };
const arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/churn-dev-prod";

describe("the event of an endpoint", () => {
  it("writes its status as EventBridge has it, unlike the API", () => {
    const at = new Date("2026-11-23T09:00:00Z");
    const told = endpointEvent(place, {
      EndpointName: "churn-dev-prod",
      EndpointArn: arn,
      EndpointConfigName: "churn-dev-prod-2-0123abcd",
      EndpointStatus: "InService",
      CreationTime: at,
      LastModifiedTime: at,
    });
    assert.equal(told["detail-type"], "SageMaker Endpoint State Change");
    assert.deepEqual(told.resources, [arn]);
    assert.deepEqual(told.detail, {
      EndpointName: "churn-dev-prod",
      EndpointArn: arn,
      EndpointConfigName: "churn-dev-prod-2-0123abcd",
      EndpointStatus: "IN_SERVICE",
      CreationTime: at.getTime(),
      LastModifiedTime: at.getTime(),
      Tags: {},
    });
  });
});

describe("a fleet's front door", () => {
  it("hands requests on to the model with their types, and tells of those that it answered", async () => {
    const seen: StubCall[] = [];
    const model = await modelStub(seen, [200, "0.25\n"]);
    const told: string[] = [];
    const door = await openFrontDoor(model.endpoint, ({ input, output }) =>
      told.push(`${input.contentType} ${input.body} -> ${output.body}`),
    );
    try {
      const answer = await fetch(door.url, {
        method: "POST",
        body: "a=1",
        headers: { Accept: "text/plain", "Content-Type": "text/csv" },
      });
      assert.equal(await answer.text(), "0.25\n");
      assert.deepEqual(told, ["text/csv a=1 -> 0.25\n"]);
      const [call] = seen;
      assert.deepEqual(
        [call?.path, call?.headers["content-type"], call?.headers.accept],
        ["/invocations", "text/csv", "text/plain"],
      );
    } finally {
      await door.stop();
      model.close();
    }
  });

  it("passes a model's failure on, and tells nobody; a model that is gone is a bad gateway", async () => {
    const model = await modelStub([], [500, "ValueError: no"]);
    const told: unknown[] = [];
    const door = await openFrontDoor(model.endpoint, (one) => told.push(one));
    const ask = () => fetch(door.url, { method: "POST", body: "a=1" });
    try {
      const answer = await ask();
      assert.deepEqual([answer.status, await answer.text()], [500, "ValueError: no"]);
      model.close();
      assert.equal((await ask()).status, 502);
      assert.deepEqual(told, []);
    } finally {
      await door.stop();
    }
    await assert.rejects(ask(), /fetch failed/);
  });
});

describe("captured exchanges", () => {
  const input = { contentType: "text/csv", body: "1,2\n" };
  const output = { contentType: "application/json", body: "[0.5]" };
  const exchange = { at: new Date("2026-11-23T09:00:00.5Z"), input, output };
  const config: DataCaptureConfig = {
    EnableCapture: true,
    InitialSamplingPercentage: 50,
    DestinationS3Uri: "s3://artifacts/captured",
    KmsKeyId: "key-1",
    CaptureOptions: [{ CaptureMode: "Input" }, { CaptureMode: "Output" }],
  };

  /** What is written of so many exchanges. */
  async function written(settings: DataCaptureConfig | undefined, count: number) {
    const puts: Parameters<S3["putObject"]>[0][] = [];
    const s3 = await unused().s3();
    s3.putObject = (one: Parameters<S3["putObject"]>[0]) => {
      puts.push(one);
      return Promise.resolve({ $metadata: {} });
    };
    const clients = { ...unused(), s3: () => Promise.resolve(s3) };
    const where = { endpoint: "churn-dev-prod", variant: "AllTraffic" };
    const capture = openCapture(settings, where, clients);
    for (let done = 0; done < count; done++) capture.take(exchange);
    await capture.flush();
    await capture.flush();
    return puts;
  }

  it("are written once, as lines of JSON, by endpoint, variant and hour, under the key", async () => {
    const [put, ...more] = await written(config, 4);
    assert.deepEqual(more, []);
    assert.match(
      put?.Key ?? "",
      /^captured\/churn-dev-prod\/AllTraffic\/\d{4}\/\d\d\/\d\d\/\d\d\/[\w-]+\.jsonl$/,
    );
    assert.deepEqual(
      [put?.Bucket, put?.ServerSideEncryption, put?.SSEKMSKeyId],
      ["artifacts", "aws:kms", "key-1"],
    );
    const lines = textOf(put?.Body).trim().split("\n");
    // Half of four.
    assert.equal(lines.length, 2);
    const record: unknown = JSON.parse(
      (lines[0] ?? "").replace(/"eventId":"[^"]+"/, '"eventId":"x"'),
    );
    assert.deepEqual(record, {
      captureData: {
        endpointInput: told("INPUT", "text/csv", "1,2\n", "CSV"),
        endpointOutput: told("OUTPUT", "application/json", "[0.5]", "JSON"),
      },
      eventMetadata: { eventId: "x", inferenceTime: "2026-11-23T09:00:00Z" },
      eventVersion: "0",
    });
  });

  it("have the first one among them however few are sampled, and only what is asked for", async () => {
    const CaptureOptions: DataCaptureConfig["CaptureOptions"] = [{ CaptureMode: "Input" }];
    const few = { ...config, InitialSamplingPercentage: 1, CaptureOptions };
    const [put] = await written({ ...few, KmsKeyId: undefined }, 1);
    assert.match(textOf(put?.Body), /endpointInput/);
    assert.doesNotMatch(textOf(put?.Body), /endpointOutput/);
    assert.equal(put?.ServerSideEncryption, undefined);
  });

  it("are none where capture is off, or nobody asks", async () => {
    assert.deepEqual(await written(undefined, 3), []);
    assert.deepEqual(await written({ ...config, EnableCapture: false }, 3), []);
    assert.deepEqual(await written(config, 0), []);
  });
});

describe("an update that bakes", () => {
  const config = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: "errors" }] } };

  /** Why it is rolled back, if these are the states of its alarm, look by look. */
  async function baked(...states: readonly (StateValue | undefined)[]) {
    let look = 0;
    const alarms = () => {
      const StateValue = states[look++];
      return Promise.resolve(StateValue === undefined ? [] : [{ AlarmName: "errors", StateValue }]);
    };
    const reason = await bake(config, alarms, () => Promise.resolve());
    return { looks: look, reason };
  }

  it("goes on if its alarms are quiet before and after", async () => {
    assert.deepEqual(await baked("OK", "INSUFFICIENT_DATA"), { looks: 2, reason: undefined });
  });

  it("is rolled back if one rings, before or meanwhile, or is not there", async () => {
    const rings = /went into ALARM: errors/;
    const early = await baked("ALARM");
    assert.match(early.reason ?? "", rings);
    assert.equal(early.looks, 1);
    assert.match((await baked("OK", "ALARM")).reason ?? "", rings);
    assert.match((await baked(undefined)).reason ?? "", /no alarms errors/);
  });

  it("asks nobody without alarms", async () => {
    assert.equal(await bake(undefined, unasked, () => Promise.resolve()), undefined);
  });
});

describe("hosting", () => {
  it("brings a new endpoint up, and shows what answers", async () => {
    const { log, shown } = await played({ status: "Creating", serves: "one" });
    assert.deepEqual(shown, [
      { EndpointConfigName: "one", EndpointStatus: "InService", StandIn: "one" },
    ]);
    assert.deepEqual(log, ["start one", "flush one", "stop one"]);
  });

  it("has a new endpoint fail whose model does not come up", async () => {
    const { log, shown } = await played({ status: "Creating", serves: "bad" });
    assert.deepEqual(shown, [{ EndpointStatus: "Failed", FailureReason: "no model" }]);
    assert.deepEqual(log, ["start bad"]);
  });

  it("starts the new fleet beside the old one, and ends the old one when the new one serves", async () => {
    const { log, shown } = await played({ status: "Updating", serves: "one", wanted: "two" });
    assert.deepEqual(shown, [
      { StandIn: "one" },
      { EndpointConfigName: "two", EndpointStatus: "InService", StandIn: "two" },
    ]);
    assert.deepEqual(log, [
      ...["start one", "start two", "flush one", "stop one"],
      ...["flush two", "stop two"],
    ]);
  });

  it("goes back to what served if an alarm rings while the new fleet bakes, and ends the new one", async () => {
    const update = { status: "Updating", serves: "one", wanted: "two" };
    const { events, log, shown } = await played({ ...update, alarm: "ALARM" });
    assert.deepEqual(shown.slice(1), [
      {
        EndpointConfigName: "one",
        EndpointStatus: "InService",
        FailureReason: "Alarms of the auto rollback configuration went into ALARM: errors.",
      },
    ]);
    assert.deepEqual(log, ["start one", "start two", "stop two", "flush one", "stop one"]);
    assert.deepEqual(events, ["UPDATING", "IN_SERVICE"]);
  });

  it("goes back to what served if the new model does not come up", async () => {
    const { log, shown } = await played({ status: "Updating", serves: "one", wanted: "bad" });
    const back = { EndpointConfigName: "one", EndpointStatus: "InService" };
    assert.deepEqual(shown.slice(1), [{ ...back, FailureReason: "no model" }]);
    assert.deepEqual(log, ["start one", "start bad", "flush one", "stop one"]);
  });
});

interface Endpoint {
  readonly status: string;
  readonly serves: string;
  readonly wanted?: string;
  readonly alarm?: StateValue;
}

/** Plays one endpoint until it stands still; one that is updated served before. */
async function played({ alarm = "OK", serves, status, wanted = serves }: Endpoint) {
  let now = { status: status === "Creating" ? status : "InService", serves };
  const shown: Record<string, unknown>[] = [];
  const cloud = await stubCloud(({ body, operation }): StubAnswer => {
    const about = { EndpointName: "e", EndpointArn: arn, EndpointStatus: now.status };
    if (operation === "SageMaker.ListEndpoints") return [200, { Endpoints: [about] }];
    if (operation === "SageMaker.DescribeEndpoint") {
      const pending = { PendingDeploymentSummary: { EndpointConfigName: wanted } };
      const last = {
        LastDeploymentConfig: {
          AutoRollbackConfiguration: { Alarms: [{ AlarmName: "errors" }] },
        },
      };
      const isChanging = now.status !== "InService";
      const config = { EndpointConfigName: now.serves };
      return [200, { ...about, ...config, ...last, ...(isChanging ? pending : {}) }];
    }
    assert.equal(operation, "SageMaker.PlayEndpoint");
    const { EndpointName: _, ...play } = body;
    if (play.StandIn !== "") shown.push(play);
    now = {
      status: textOf(play.EndpointStatus ?? now.status),
      serves: textOf(play.EndpointConfigName ?? now.serves),
    };
    return [200, {}];
  });
  const log: string[] = [];
  const events: unknown[] = [];
  const stage = stageAt(cloud.endpoint);
  const alarms = () => Promise.resolve([{ AlarmName: "errors", StateValue: alarm }]);
  const hosting = openHosting({
    stage,
    timeline: { note: () => undefined },
    python: "/nowhere",
    send: ({ detail }) => Promise.resolve(events.push(detail.EndpointStatus)),
    startFleet: (_endpoint, configName) => {
      log.push(`start ${configName}`);
      if (configName === "bad") return Promise.reject(new Error("no model"));
      const tell = (what: string) => () => Promise.resolve(void log.push(`${what} ${configName}`));
      const ends = { flush: tell("flush"), stop: tell("stop") };
      return Promise.resolve({ alarms, configName, url: configName, ...ends });
    },
  });
  try {
    if (status === "Updating") {
      await hosting.play(afterLooks(1));
      log.splice(log.indexOf(`flush ${serves}`), 1);
      now = { status, serves };
    }
    await hosting.play(afterLooks(1));
    if (log.at(-1)?.startsWith("flush") === true) log.pop();
    await hosting.close();
  } finally {
    cloud.close();
  }
  return { events, log, shown };
}

function afterLooks(count: number): () => boolean {
  let looks = 0;
  return () => looks++ >= count;
}

/** Clients by which nobody is reached. */
function unused(): Clients {
  return judged(stageAt("http://127.0.0.1:1"), credentials);
}

function textOf(value: unknown): string {
  return z.string().parse(value);
}

function unasked(): never {
  throw new Error("nothing here looks at alarms");
}

function told(mode: string, observedContentType: string, data: string, encoding: string) {
  return { observedContentType, mode, data, encoding };
}

function modelStub(seen: StubCall[], answer: StubAnswer) {
  return stubCloud((call) => {
    seen.push(call);
    return answer;
  });
}
