import { strict as assert } from "node:assert";

import type { StateValue } from "@aws-sdk/client-cloudwatch";
import type { S3 } from "@aws-sdk/client-s3";
import type { DataCaptureConfig, DeploymentConfig } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { type Clients, judged } from "../local/e2e/clients";
import { bake } from "../local/e2e/hosting/bake";
import { openCapture } from "../local/e2e/hosting/capture";
import { endpointEvent } from "../local/e2e/hosting/endpointEvent";
import { openInvocationProxy } from "../local/e2e/hosting/invocationProxy";
import { openHosting } from "../local/e2e/hosting/hosting";
import { specificationOf } from "../local/e2e/hosting/specification";
import { awsContext } from "./support/mocks";
import { stageAt } from "./support/stage";
import { type StubAnswer, type StubCall, stubCloud } from "./support/stubCloud";

const credentials = { accessKeyId: "ASIASERVE", secretAccessKey: "s", sessionToken: "t" };
const arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/mlops-churn--dev--prod";

describe("SageMaker Endpoint State Change event", () => {
  it("has the endpoint status in upper case, unlike the API", () => {
    const at = new Date("2026-11-23T09:00:00Z");
    const observed = endpointEvent(awsContext, {
      EndpointName: "mlops-churn--dev--prod",
      EndpointArn: arn,
      EndpointConfigName: "mlops-churn--dev--prod-2-0123abcd",
      EndpointStatus: "InService",
      CreationTime: at,
      LastModifiedTime: at,
    });
    assert.equal(observed["detail-type"], "SageMaker Endpoint State Change");
    assert.deepEqual(observed.resources, [arn]);
    assert.deepEqual(observed.detail, {
      EndpointName: "mlops-churn--dev--prod",
      EndpointArn: arn,
      EndpointConfigName: "mlops-churn--dev--prod-2-0123abcd",
      EndpointStatus: "IN_SERVICE",
      CreationTime: at.getTime(),
      LastModifiedTime: at.getTime(),
      Tags: {},
    });
  });
});

describe("proxy in front of the model server", () => {
  it("forwards requests with their content types and reports answered requests", async () => {
    const seen: StubCall[] = [];
    const model = await modelStub(seen, [200, "0.25\n"]);
    const observed: string[] = [];
    const proxy = await openInvocationProxy(model.endpoint, ({ input, output }) =>
      observed.push(`${input.contentType} ${input.body} -> ${output.body}`),
    );
    try {
      const answer = await fetch(proxy.url, {
        method: "POST",
        body: "a=1",
        headers: { Accept: "text/plain", "Content-Type": "text/csv" },
      });
      assert.equal(await answer.text(), "0.25\n");
      assert.deepEqual(observed, ["text/csv a=1 -> 0.25\n"]);
      const [call] = seen;
      assert.deepEqual(
        [call?.path, call?.headers["content-type"], call?.headers.accept],
        ["/invocations", "text/csv", "text/plain"],
      );
    } finally {
      await proxy.stop();
      model.close();
    }
  });

  it("forwards errors of the model without a report, and returns 502 without a model server", async () => {
    const model = await modelStub([], [500, "ValueError: no"]);
    const observed: unknown[] = [];
    const proxy = await openInvocationProxy(model.endpoint, (one) => observed.push(one));
    const ask = () => fetch(proxy.url, { method: "POST", body: "a=1" });
    try {
      const answer = await ask();
      assert.deepEqual([answer.status, await answer.text()], [500, "ValueError: no"]);
      model.close();
      assert.equal((await ask()).status, 502);
      assert.deepEqual(observed, []);
    } finally {
      await proxy.stop();
    }
    await assert.rejects(ask(), /fetch failed/);
  });
});

describe("data capture", () => {
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

  /** Files of so many invocations. */
  async function written(settings: DataCaptureConfig | undefined, count: number) {
    const puts: Parameters<S3["putObject"]>[0][] = [];
    const s3 = await unused().s3();
    s3.putObject = (one: Parameters<S3["putObject"]>[0]) => {
      puts.push(one);
      return Promise.resolve({ $metadata: {} });
    };
    const clients = { ...unused(), s3: () => Promise.resolve(s3) };
    const where = { endpoint: "mlops-churn--dev--prod", variant: "AllTraffic" };
    const capture = openCapture(settings, where, clients);
    for (let done = 0; done < count; done++) capture.take(exchange);
    await capture.flush();
    await capture.flush();
    return puts;
  }

  it("writes JSON lines once, by endpoint, variant and hour, encrypted with the KMS key", async () => {
    const [put, ...more] = await written(config, 4);
    assert.deepEqual(more, []);
    assert.match(
      put?.Key ?? "",
      /^captured\/mlops-churn--dev--prod\/AllTraffic\/\d{4}\/\d\d\/\d\d\/\d\d\/[\w-]+\.jsonl$/,
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
        endpointInput: observed("INPUT", "text/csv", "1,2\n", "CSV"),
        endpointOutput: observed("OUTPUT", "application/json", "[0.5]", "JSON"),
      },
      eventMetadata: { eventId: "x", inferenceTime: "2026-11-23T09:00:00Z" },
      eventVersion: "0",
    });
  });

  it("always samples the first request, and captures only the configured modes", async () => {
    const CaptureOptions: DataCaptureConfig["CaptureOptions"] = [{ CaptureMode: "Input" }];
    const few = { ...config, InitialSamplingPercentage: 1, CaptureOptions };
    const [put] = await written({ ...few, KmsKeyId: undefined }, 1);
    assert.match(textOf(put?.Body), /endpointInput/);
    assert.doesNotMatch(textOf(put?.Body), /endpointOutput/);
    assert.equal(put?.ServerSideEncryption, undefined);
  });

  it("writes nothing if capture is disabled or no mode is set", async () => {
    assert.deepEqual(await written(undefined, 3), []);
    assert.deepEqual(await written({ ...config, EnableCapture: false }, 3), []);
    assert.deepEqual(await written(config, 0), []);
  });
});

describe("alarms during the baking period of an update", () => {
  const config = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: "errors" }] } };

  const linear = (Type: "CAPACITY_PERCENT" | "INSTANCE_COUNT", Value: number) => ({
    ...config,
    BlueGreenUpdatePolicy: {
      TrafficRoutingConfiguration: {
        Type: "LINEAR" as const,
        WaitIntervalInSeconds: 300,
        LinearStepSize: { Type, Value },
      },
    },
  });

  const baked = (...states: readonly (StateValue | undefined)[]) => bakedWith(config, states);

  /** Why it is rolled back, if these are the states of its alarm, look by look. */
  async function bakedWith(update: DeploymentConfig, states: readonly (StateValue | undefined)[]) {
    let look = 0;
    const alarms = () => {
      const StateValue = states[look++];
      return Promise.resolve(StateValue === undefined ? [] : [{ AlarmName: "errors", StateValue }]);
    };
    const reason = await bake(update, alarms, () => Promise.resolve());
    return { looks: look, reason };
  }

  it("succeeds if no alarm is in ALARM before and after", async () => {
    assert.deepEqual(await baked("OK", "INSUFFICIENT_DATA"), { looks: 2, reason: undefined });
  });

  it("rolls back if an alarm is in ALARM before or during the update, or is missing", async () => {
    const rings = /went into ALARM: errors/;
    const early = await baked("ALARM");
    assert.match(early.reason ?? "", rings);
    assert.equal(early.looks, 1);
    assert.match((await baked("OK", "ALARM")).reason ?? "", rings);
    assert.match((await baked(undefined)).reason ?? "", /do not exist: errors/);
  });

  it("looks at the alarms at each step of a linear traffic shift", async () => {
    const update = linear("CAPACITY_PERCENT", 30);
    const good = await bakedWith(update, ["OK", "OK", "OK", "OK", "OK"]);
    assert.deepEqual(good, { looks: 5, reason: undefined });
    const third = await bakedWith(update, ["OK", "OK", "OK", "ALARM"]);
    assert.match(third.reason ?? "", /went into ALARM: errors/);
    await assert.rejects(
      bakedWith(linear("INSTANCE_COUNT", 1), ["OK"]),
      /only linear steps of type CAPACITY_PERCENT/,
    );
  });

  it("does not call CloudWatch without alarms", async () => {
    assert.equal(await bake(undefined, unasked, () => Promise.resolve()), undefined);
  });
});

describe("specification of an endpoint config", () => {
  const container = {
    Image: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn@sha256:0",
    ModelDataUrl: "s3://artifacts/models/deployed/1/0/model.tar.gz",
    Environment: { SAGEMAKER_PROGRAM: "inference.py" },
  };

  async function specified(variant: object, model: object) {
    const cloud = await stubCloud(({ operation }): StubAnswer => {
      if (operation === "SageMaker.DescribeModel") return [200, model];
      const ProductionVariants = [{ ModelName: "m", VariantName: "AllTraffic", ...variant }];
      return [200, { EndpointConfigName: "c", ProductionVariants }];
    });
    try {
      return await specificationOf("c", stageAt(cloud.endpoint));
    } finally {
      cloud.close();
    }
  }

  it("is that of the model's container, on instances or serverless", async () => {
    const model = { ExecutionRoleArn: "arn:role", PrimaryContainer: container };
    const { environment, image, isServerless, modelDataUrl } = await specified(
      { InstanceType: "ml.m5.large" },
      model,
    );
    assert.deepEqual(
      { Environment: environment, Image: image, ModelDataUrl: modelDataUrl },
      container,
    );
    assert.equal(isServerless, false);
    const ServerlessConfig = { MaxConcurrency: 5, MemorySizeInMB: 2048 };
    assert.equal((await specified({ ServerlessConfig }, model)).isServerless, true);
  });

  it("needs an image and an archive", async () => {
    const PrimaryContainer = { ModelPackageName: "arn:package" };
    await assert.rejects(
      specified({}, { PrimaryContainer }),
      /model m: the local cloud simulates only containers with an image and an archive/,
    );
  });
});

describe("endpoint updates on the local cloud", () => {
  it("creates an endpoint and reports its address", async () => {
    const { log, shown } = await played({ status: "Creating", serves: "one" });
    assert.deepEqual(shown, [
      { EndpointConfigName: "one", EndpointStatus: "InService", StandIn: "one" },
    ]);
    assert.deepEqual(log, ["start one", "flush one", "stop one"]);
  });

  it("fails to create an endpoint if its model does not start", async () => {
    const { log, shown } = await played({ status: "Creating", serves: "bad" });
    assert.deepEqual(shown, [{ EndpointStatus: "Failed", FailureReason: "no model" }]);
    assert.deepEqual(log, ["start bad"]);
  });

  it("starts the new fleet, then stops the old fleet when the new one serves", async () => {
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

  it("rolls back and stops the new fleet if an alarm is in ALARM during the baking period", async () => {
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

  it("rolls back if the new model does not start", async () => {
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

/** Clients without a server. */
function unused(): Clients {
  return judged(stageAt("http://127.0.0.1:1"), credentials);
}

function textOf(value: unknown): string {
  return z.string().parse(value);
}

function unasked(): never {
  throw new Error("nothing here looks at alarms");
}

function observed(mode: string, observedContentType: string, data: string, encoding: string) {
  return { observedContentType, mode, data, encoding };
}

function modelStub(seen: StubCall[], answer: StubAnswer) {
  return stubCloud((call) => {
    seen.push(call);
    return answer;
  });
}
