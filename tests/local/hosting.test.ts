import { strict as assert } from "node:assert";

import type { StateValue } from "@aws-sdk/client-cloudwatch";
import type { S3 } from "@aws-sdk/client-s3";
import type {
  DataCaptureConfig,
  DeploymentConfig,
  TrafficRoutingConfig,
} from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { type Clients, authorizedClients } from "../../local/iam/clients";
import { openCapture } from "../../local/services/hosting/capture";
import { endpointEvent } from "../../local/services/hosting/endpointEvent";
import { type Fault, faults } from "../../local/services/hosting/fault";
import type { Fleet } from "../../local/services/hosting/fleet";
import {
  type Invocation,
  askModel,
  openInvocationProxy,
} from "../../local/services/hosting/invocationProxy";
import { openHosting } from "../../local/services/hosting/hosting";
import { openMetrics } from "../../local/services/hosting/metrics";
import { openRouter } from "../../local/services/hosting/router";
import { specificationOf } from "../../local/services/hosting/specification";
import { shiftTraffic } from "../../local/services/hosting/trafficShift";
import { awsContext } from "../support/mocks";
import { contextAt } from "../support/contextAt";
import { type StubAnswer, type StubCall, stubCloud } from "../support/stubCloud";

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

describe("proxy of an endpoint", () => {
  const invocation: Invocation = {
    at: new Date(),
    accept: "text/plain",
    body: "a=1",
    contentType: "text/csv",
  };

  it("forwards requests with their content types and InferenceId, and answers for the fleet", async () => {
    const seen: Invocation[] = [];
    const proxy = await openInvocationProxy((one) => {
      seen.push(one);
      return Promise.resolve({ status: 200, contentType: "text/plain", body: "0.25" });
    });
    try {
      const answer = await fetch(proxy.url, {
        method: "POST",
        body: "a=1",
        headers: {
          Accept: "text/plain",
          "Content-Type": "text/csv",
          "X-Amzn-SageMaker-Inference-Id": "canary-replay-1",
        },
      });
      assert.deepEqual([answer.status, await answer.text()], [200, "0.25"]);
      const inferenceId = "canary-replay-1";
      assert.deepEqual(seen, [{ ...invocation, at: seen[0]?.at, inferenceId }]);
    } finally {
      await proxy.stop();
    }
    await assert.rejects(fetch(proxy.url), /fetch failed/);
  });

  it("passes errors of the model on, and answers 502 without a model server", async () => {
    const seen: StubCall[] = [];
    const model = await modelStub(seen, [500, "ValueError: no"]);
    const { body, status } = await askModel(model.endpoint, invocation);
    assert.deepEqual([status, body], [500, "ValueError: no"]);
    const [call] = seen;
    assert.deepEqual(
      [call?.path, call?.headers["content-type"], call?.headers.accept],
      ["/invocations", "text/csv", "text/plain"],
    );
    model.close();
    assert.equal((await askModel(model.endpoint, invocation)).status, 502);
  });
});

describe("router of an endpoint", () => {
  /** Who answers ten requests. */
  async function answers(share: number | undefined, fault?: Fault): Promise<string> {
    const fleet = (name: string): Fleet => ({
      ...idleFleet(name),
      invoke: () => Promise.resolve({ status: 200, contentType: "text/plain", body: name }),
    });
    const router = await openRouter();
    const next = { ...fleet("n"), fault };
    router.route(fleet("o"), share === undefined ? undefined : { fleet: next, share });
    let seen = "";
    for (let count = 0; count < 10; count++)
      seen += await (await fetch(router.url, { method: "POST", body: "1" })).text();
    await router.stop();
    return seen;
  }

  it("sends the share of the traffic to the new fleet, beginning with the first request", async () => {
    assert.equal(await answers(undefined), "oooooooooo");
    assert.equal(await answers(0.1), "nooooooooo");
    assert.equal(await answers(0.5), "nononononono".slice(0, 10));
    assert.equal(await answers(1), "nnnnnnnnnn");
  });

  it("sends no request to a silent fleet", async () => {
    assert.equal(await answers(1, faults.silent), "oooooooooo");
  });
});

describe("metrics of an endpoint", () => {
  it("are published by variant, and by variant and endpoint config", async () => {
    const seen: StubCall[] = [];
    const cloud = await modelStub(seen, [200, {}]);
    const place = { configName: "e-2-0123", endpoint: "e", variant: "AllTraffic" };
    const metrics = openMetrics(place, contextAt(cloud.endpoint));
    metrics.take({ milliseconds: 12, status: 200 });
    metrics.take({ milliseconds: 3, status: 500 });
    await metrics.flush();
    cloud.close();
    const data = seen.flatMap(({ body }) => dataShape.parse(body).MetricData);
    const ofVariant = "EndpointName=e VariantName=AllTraffic";
    const values = new Map<string, number[]>();
    for (const { Dimensions, MetricName, Value } of data) {
      const where = Dimensions.map((one) => `${one.Name}=${one.Value}`).join(" ");
      const key = `${MetricName} ${where}`;
      values.set(key, [...(values.get(key) ?? []), Value]);
    }
    assert.deepEqual(
      Object.fromEntries(values),
      Object.fromEntries(
        [ofVariant, `${ofVariant} EndpointConfigName=e-2-0123`].flatMap((where) => [
          [`Invocations ${where}`, [1, 1]],
          [`Invocation5XXErrors ${where}`, [0, 1]],
          [`ModelLatency ${where}`, [12_000, 3000]],
        ]),
      ),
    );
  });
});

describe("data capture", () => {
  const at = new Date("2026-11-23T09:00:00.5Z");
  const input = { accept: "*/*", at, contentType: "text/csv", body: "1,2\n", inferenceId: "id-1" };
  const output = { status: 200, contentType: "application/json", body: "[0.5]" };
  const exchange = { input, output };
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
      eventMetadata: { eventId: "x", inferenceId: "id-1", inferenceTime: "2026-11-23T09:00:00Z" },
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

describe("traffic shift of an update", () => {
  const rollback = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: "verdict" }] } };

  const routing = (routing: TrafficRoutingConfig): DeploymentConfig => ({
    ...rollback,
    BlueGreenUpdatePolicy: {
      TerminationWaitInSeconds: 300,
      TrafficRoutingConfiguration: routing,
    },
  });
  const percent = (Value: number) => ({ Type: "CAPACITY_PERCENT", Value }) as const;
  const canary = routing({
    Type: "CANARY",
    WaitIntervalInSeconds: 600,
    CanarySize: percent(10),
  });
  const linear = routing({
    Type: "LINEAR",
    WaitIntervalInSeconds: 60,
    LinearStepSize: percent(30),
  });

  /** What happens, in order, if the alarm has this state after so many seconds; undefined: there is none. */
  async function shifted(
    config: DeploymentConfig | undefined,
    stateAt: (seconds: number) => StateValue | undefined = () => "OK",
  ) {
    const log: string[] = [];
    let seconds = 0;
    const reason = await shiftTraffic(config, {
      alarms: () => {
        const StateValue = stateAt(seconds);
        return Promise.resolve(
          StateValue === undefined ? [] : [{ AlarmName: "verdict", StateValue }],
        );
      },
      route: (share) => void log.push(`${Math.round(share * 100).toString()} %`),
      show: (status) => Promise.resolve(void log.push(status)),
      wait: (more) => {
        seconds += more;
        return Promise.resolve();
      },
    });
    return { log: log.join(", "), reason, seconds };
  }

  const baking = (...shares: number[]) =>
    shares.map((one) => `ActivatingTraffic, ${one.toString()} %, Baking`).join(", ");

  it("of a canary waits after its part, and again before the old fleet ends", async () => {
    assert.deepEqual(await shifted(canary), {
      log: baking(10, 100),
      reason: undefined,
      seconds: 900,
    });
  });

  it("of equal steps waits between them", async () => {
    assert.deepEqual(await shifted(linear), {
      log: baking(30, 60, 90, 100),
      reason: undefined,
      seconds: 3 * 60 + 300,
    });
  });

  it("all at once waits only before the old fleet ends", async () => {
    const atOnce = routing({ Type: "ALL_AT_ONCE", WaitIntervalInSeconds: 0 });
    assert.deepEqual(await shifted(atOnce), { log: baking(100), reason: undefined, seconds: 300 });
    assert.deepEqual(await shifted(undefined), { log: baking(100), reason: undefined, seconds: 0 });
  });

  it("ends before it begins if an alarm is in ALARM or missing", async () => {
    const inAlarm = await shifted(canary, () => "ALARM");
    assert.deepEqual([inAlarm.log, inAlarm.seconds], ["", 0]);
    assert.match(inAlarm.reason ?? "", /went into ALARM: verdict/);
    const missing = await shifted(canary, () => undefined);
    assert.match(missing.reason ?? "", /do not exist: verdict/);
  });

  it("ends when an alarm goes into ALARM, also after all traffic has moved", async () => {
    const at = (from: number) => shifted(canary, (seconds) => (seconds < from ? "OK" : "ALARM"));
    const early = await at(120);
    assert.deepEqual([early.log, early.seconds], [baking(10), 120]);
    const late = await at(700);
    assert.deepEqual([late.log, late.seconds], [baking(10, 100), 700]);
    assert.match(late.reason ?? "", /went into ALARM: verdict/);
  });

  it("rejects steps that are counted in instances", async () => {
    const size = { Type: "INSTANCE_COUNT", Value: 1 } as const;
    await assert.rejects(
      shifted(routing({ Type: "LINEAR", WaitIntervalInSeconds: 60, LinearStepSize: size })),
      /only steps of type CAPACITY_PERCENT/,
    );
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
      return await specificationOf("c", contextAt(cloud.endpoint));
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
    const { log, shown } = await simulate({ status: "Creating", serves: "one" });
    assert.deepEqual(shown, [
      { EndpointConfigName: "one", EndpointStatus: "InService", StandIn: "router" },
    ]);
    assert.deepEqual(log, ["start one", "flush one", "stop one"]);
  });

  it("fails to create an endpoint if its model does not start", async () => {
    const { log, shown } = await simulate({ status: "Creating", serves: "bad" });
    assert.deepEqual(shown, [{ EndpointStatus: "Failed", FailureReason: "no model" }]);
    assert.deepEqual(log, ["start bad"]);
  });

  it("starts the new fleet, then stops the old fleet when the new one serves", async () => {
    const { log, shown } = await simulate({ status: "Updating", serves: "one", wanted: "two" });
    assert.deepEqual(shown, [
      { StandIn: "router" },
      { VariantStatus: "ActivatingTraffic" },
      { VariantStatus: "Baking" },
      { EndpointConfigName: "two", EndpointStatus: "InService" },
    ]);
    assert.deepEqual(log, [
      ...["start one", "start two", "flush one", "stop one"],
      ...["flush two", "stop two"],
    ]);
  });

  it("rolls back and stops the new fleet if an alarm is in ALARM during the baking period", async () => {
    const update = { status: "Updating", serves: "one", wanted: "two" };
    const { events, log, shown } = await simulate({ ...update, alarm: "ALARM" });
    assert.deepEqual(shown.slice(1), [
      { EndpointStatus: "RollingBack" },
      {
        EndpointConfigName: "one",
        EndpointStatus: "InService",
        FailureReason: "Alarms of the auto rollback configuration went into ALARM: errors.",
      },
    ]);
    assert.deepEqual(log, [
      ...["start one", "start two", "flush two", "stop two"],
      ...["flush one", "stop one"],
    ]);
    assert.deepEqual(events, ["UPDATING", "IN_SERVICE"]);
  });

  it("rolls back if the new model does not start", async () => {
    const { log, shown } = await simulate({ status: "Updating", serves: "one", wanted: "bad" });
    const back = { EndpointConfigName: "one", EndpointStatus: "InService" };
    assert.deepEqual(shown.slice(1), [
      { EndpointStatus: "RollingBack" },
      { ...back, FailureReason: "no model" },
    ]);
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
async function simulate({ alarm = "OK", serves, status, wanted = serves }: Endpoint) {
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
    const { EndpointName: _, ...state } = body;
    const isUrl = textOf(state.StandIn ?? "").startsWith("http:");
    if (state.StandIn !== "") shown.push(isUrl ? { ...state, StandIn: "router" } : state);
    now = {
      status: textOf(state.EndpointStatus ?? now.status),
      serves: textOf(state.EndpointConfigName ?? now.serves),
    };
    return [200, {}];
  });
  const log: string[] = [];
  const events: unknown[] = [];
  const context = contextAt(cloud.endpoint);
  const alarms = () => Promise.resolve([{ AlarmName: "errors", StateValue: alarm }]);
  const hosting = openHosting({
    context,
    timeline: { note: () => undefined },
    python: "/nowhere",
    send: ({ detail }) => Promise.resolve(events.push(detail.EndpointStatus)),
    startFleet: (_endpoint, configName) => {
      log.push(`start ${configName}`);
      if (configName === "bad") return Promise.reject(new Error("no model"));
      const logCall = (what: string) => () =>
        Promise.resolve(void log.push(`${what} ${configName}`));
      const ends = { flush: logCall("flush"), stop: logCall("stop") };
      return Promise.resolve({ ...idleFleet(configName), alarms, ...ends });
    },
  });
  // A look, and as long as it takes until nothing changes.
  const untilIdle = async () => {
    let looks = 0;
    await hosting.run(() => looks++ > 0 && !hosting.isChanging());
    while (log.at(-1)?.startsWith("flush") === true) log.pop();
  };
  try {
    if (status === "Updating") {
      await untilIdle();
      now = { status, serves };
    }
    await untilIdle();
    await hosting.close();
  } finally {
    cloud.close();
  }
  return { events, log, shown };
}

/** A fleet that does nothing. */
function idleFleet(configName: string): Fleet {
  return {
    alarms: () => Promise.resolve([]),
    configName,
    fault: undefined,
    flush: () => Promise.resolve(),
    invoke: unasked,
    stop: () => Promise.resolve(),
  };
}

const dataShape = z.object({
  MetricData: z.array(
    z.object({
      Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
      MetricName: z.string(),
      Value: z.number(),
    }),
  ),
});

/** Clients without a server. */
function unused(): Clients {
  return authorizedClients(contextAt("http://127.0.0.1:1"), credentials);
}

function textOf(value: unknown): string {
  return z.string().parse(value);
}

function unasked(): never {
  throw new Error("nothing here invokes a fleet");
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
