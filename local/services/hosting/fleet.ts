import { randomBytes } from "node:crypto";
import { freemem, loadavg, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { type Clients, authorizedClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";
import { type Connection, connected } from "../network/connected";
import { pullProblems } from "../sagemaker/images";
import { writeLog } from "../sagemaker/jobLog";
import { MINUTE_MS, realMs } from "../simulatedTime";
import { type Capture, openCapture } from "./capture";
import type { Fault } from "./fault";
import { type Answer, type Invocation, askModel } from "./invocationProxy";
import { type Metrics, openMetrics } from "./metrics";
import { type ModelServer, startModelServer } from "./modelServer";
import { type Specification, specificationOf } from "./specification";
import type { AlarmsNamed } from "./trafficShift";

/** An endpoint, as far as its fleets must know it. */
export interface EndpointName {
  readonly name: string;
  readonly arn: string;
}

/** Fleet of one endpoint config: a process that has loaded the model. */
export interface Fleet {
  readonly configName: string;
  readonly invoke: (invocation: Invocation) => Promise<Answer>;
  /** Under the model's role. */
  readonly alarms: AlarmsNamed;
  /** Writes captured exchanges and metrics that are not yet written. */
  readonly flush: () => Promise<void>;
  /** Fault of all later requests. */
  fault: Fault | undefined;
  /** Returns when its process has ended. */
  readonly stop: () => Promise<void>;
}

/** Starts the fleet of an endpoint config with the model's role; throws, with the reason, if it does not serve. */
export async function startFleet(
  endpoint: EndpointName,
  configName: string,
  python: string,
  context: AwsContext,
): Promise<Fleet> {
  const asked = await specificationOf(configName, context);
  const by = { service: "sagemaker.amazonaws.com", sourceArn: endpoint.arn };
  const credentials = await context.proxy.assume(asked.roleArn, by);
  const problems = await pullProblems([asked.image], credentials, context);
  if (problems.length > 0) throw new Error(problems.join("; "));
  const { end, server } = await inItsNetwork(asked, credentials, context, () =>
    serverOf(endpoint, asked, python, credentials, context),
  );
  try {
    const clients = authorizedClients(context, credentials);
    if (!asked.isServerless) await publish(clients, endpoint, asked);
    const place = { configName, endpoint: endpoint.name, variant: asked.variant };
    const capture = openCapture(asked.capture, place, clients);
    const metrics = openMetrics(place, context);
    const alarms: AlarmsNamed = async (AlarmNames) =>
      (await (await clients.cloudwatch()).describeAlarms({ AlarmNames })).MetricAlarms ?? [];
    const flush = async (): Promise<void> => {
      await Promise.all([capture.flush(), metrics.flush()]);
    };
    return answering(server.url, capture, metrics, { alarms, configName, flush, stop: end });
  } catch (error) {
    await end();
    throw error;
  }
}

/** A fleet whose answers are captured and measured, and as bad as its fault says. */
function answering(
  model: string,
  capture: Capture,
  metrics: Metrics,
  facts: Pick<Fleet, "alarms" | "configName" | "flush" | "stop">,
): Fleet {
  let firstAt: number | undefined;
  const fleet: Fleet = {
    ...facts,
    fault: undefined,
    invoke: async (input) => {
      const { fault } = fleet;
      const began = performance.now();
      firstAt ??= began;
      const delay = fault?.delay?.((began - firstAt) / MINUTE_MS) ?? 0;
      const answer = await askModel(model, input);
      const output = fault?.answer?.(answer) ?? answer;
      const milliseconds = performance.now() - began + delay;
      if (delay > 0) await sleep(realMs(delay / 1000));
      if (fault?.hasNoMetrics !== true) metrics.take({ milliseconds, status: output.status });
      if (output.status < 300) capture.take({ input, output });
      return output;
    },
  };
  return fleet;
}

/** The model's process, with what it printed in the endpoint's log. */
async function serverOf(
  { name }: EndpointName,
  asked: Specification,
  python: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<ModelServer> {
  const server = await startModelServer({ ...asked, python }, credentials, context);
  const isLoaded = !("notLoaded" in server);
  const lines = isLoaded ? [...server.lines, "the model is loaded"] : server.notLoaded;
  const stream = {
    logGroupName: `/aws/sagemaker/Endpoints/${name}`,
    logStreamName: `${asked.variant}/i-${randomBytes(8).toString("hex")}0`,
  };
  try {
    await writeLog(await authorizedClients(context, credentials).logs(), stream, lines);
  } catch (error) {
    // AWS serves without a log, and no one ever learns why a model fails: here that is a failure.
    if (isLoaded) await server.stop();
    throw error;
  }
  if (isLoaded) return server;
  throw new Error(
    `The primary container for production variant ${asked.variant} did not pass the ping health check. ` +
      `Please check CloudWatch logs for this endpoint. Last log line: ${lines.slice(-1).join("")}`,
  );
}

/** A server that stands in its network for as long as it serves. */
async function inItsNetwork(
  { network }: Specification,
  credentials: Credentials,
  context: AwsContext,
  start: () => Promise<ModelServer>,
): Promise<{ readonly server: ModelServer; readonly end: () => Promise<void> }> {
  let letGo: () => void = () => undefined;
  const served = new Promise<void>((resolve) => (letGo = resolve));
  return new Promise((resolve, reject) => {
    const standing = connected(connectionOf(network), { credentials, context }, async () => {
      const server = await start();
      const end = async (): Promise<void> => {
        letGo();
        await standing;
      };
      resolve({ server, end });
      await served;
      await server.stop();
    });
    standing.catch(reject);
  });
}

function connectionOf(network: Specification["network"]): Connection | undefined {
  if (network === undefined) return undefined;
  const { SecurityGroupIds = [], Subnets = [] } = network;
  const service = "sagemaker.amazonaws.com";
  return { securityGroupIds: SecurityGroupIds, service, subnetIds: Subnets };
}

/** What an instance's agent says of it. */
async function publish(
  clients: Clients,
  { name }: EndpointName,
  { variant }: Specification,
): Promise<void> {
  const Dimensions = [
    { Name: "EndpointName", Value: name },
    { Name: "VariantName", Value: variant },
  ];
  const memory = 100 * ((totalmem() - freemem()) / totalmem());
  await (
    await clients.cloudwatch()
  ).putMetricData({
    Namespace: "/aws/sagemaker/Endpoints",
    MetricData: [
      { MetricName: "CPUUtilization", Dimensions, Value: 100 * (loadavg()[0] ?? 0) },
      { MetricName: "MemoryUtilization", Dimensions, Value: memory },
    ],
  });
}
