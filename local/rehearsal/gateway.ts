import { randomBytes } from "node:crypto";
import { Agent, createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";

import { loopbackEndpoint } from "../provider/cloud";
import type { Caller, Credentials, Gateway } from "./contract";
import { type Bench, type ExpectedDenial, nameOf, openBench, reasonOf } from "./judge/bench";
import { callOf, protocolOf, signatureOf, type WireRequest } from "./judge/call";
import { forward } from "./judge/forward";
import { type Actor, type Court, roleNameOf } from "./judge/judge";
import { keysOf } from "./judge/keys";
import { type Owner, ownerOf } from "./judge/owner";
import { deployedPolicies } from "./judge/policies";
import { refusal } from "./judge/refusal";
import { type Review, review } from "./judge/review";
import type { Ground } from "./judge/uses/placing";
import { usesOf } from "./judge/usesOf";

/** Before which account the gateway stands, and which denials are meant to be. */
export interface GatewayOptions {
  readonly ownerEndpoint: string;
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  readonly expected: readonly ExpectedDenial[];
}

/** A gateway that can also say what each role's permissions were good for. */
export interface JudgingGateway extends Gateway {
  readonly review: () => Promise<Review>;
}

/** Starts a gateway on a free loopback port; what it lets through reaches the emulator unchanged. */
export async function startGateway(options: GatewayOptions): Promise<JudgingGateway> {
  const owner = ownerOf(options.ownerEndpoint, options.region);
  const actors = new Map<string, Actor>();
  let court = courtOf(owner, options);
  let ground = groundOf(owner, options);
  const bench = openBench(court, options.expected);
  const agent = new Agent({ keepAlive: true });
  const to = { endpoint: loopbackEndpoint(options.ownerEndpoint), agent };

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: unknown) => {
      // The emulator is gone, or broke off: to the caller, an error of the server.
      if (!response.headersSent) response.writeHead(502);
      response.end(String(error));
    });
  });
  // A caller keeps its connections for as long as it likes, as it does with AWS.
  server.keepAliveTimeout = 0;
  const endpoint = await listening(server);

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await wireRequest(incoming);
    const refused = await refuse(request);
    if (refused === undefined) {
      await forward(request, to, response);
      return;
    }
    response.writeHead(refused.status, refused.headers).end(refused.body);
  }

  async function refuse(request: WireRequest) {
    const { accessKeyId = "(none)", service = "(unknown)" } = signatureOf(request) ?? {};
    const { method } = request;
    const form = { method, service, protocol: protocolOf(request, service) };
    const actor = actors.get(accessKeyId);
    if (actor === undefined) {
      bench.cannotPlace(`access key ${accessKeyId}`, service, "the gateway gave out no such key");
      const message = "The security token included in the request is invalid.";
      return refusal({ ...form, code: "InvalidToken", message });
    }
    const message = await tried(bench, actor, request, service, ground);
    return message === undefined ? undefined : refusal({ ...form, code: "AccessDenied", message });
  }

  return {
    endpoint,
    verdicts: bench.verdicts,

    async assume(roleArn, by) {
      const use = { action: "sts:AssumeRole", resource: roleArn };
      const denied = await bench.try(by, use.action, [use]);
      if (denied !== undefined) throw new Error(denied);
      const { actor, credentials } = await session(owner, roleArn, by);
      actors.set(credentials.accessKeyId, actor);
      return credentials;
    },

    actAs(caller) {
      const credentials = {
        accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
        secretAccessKey: randomBytes(20).toString("hex"),
        sessionToken: randomBytes(20).toString("hex"),
      };
      actors.set(credentials.accessKeyId, caller);
      return credentials;
    },

    async require({ accessKeyId }, use) {
      const actor = actors.get(accessKeyId);
      if (actor === undefined) throw new Error(`the gateway gave out no key ${accessKeyId}`);
      const denied = await bench.try(actor, use.action, [use]);
      if (denied !== undefined) throw new Error(denied);
    },

    reread() {
      court = courtOf(owner, options);
      ground = groundOf(owner, options);
      bench.move(court);
      return Promise.resolve();
    },

    review: () => review(bench.judged, court),

    stop() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    },
  };
}

function courtOf(owner: Owner, { accountId, region }: GatewayOptions): Court {
  return { accountId, region, policies: deployedPolicies(owner) };
}

function groundOf(owner: Owner, { accountId, partition, region }: GatewayOptions): Ground {
  return { accountId, partition, region, keys: keysOf(owner) };
}

/** Why the request is denied; a request that cannot be placed is. */
async function tried(
  bench: Bench,
  actor: Actor,
  request: WireRequest,
  service: string,
  ground: Ground,
): Promise<string | undefined> {
  let name = service;
  try {
    const call = callOf(request, service);
    name = `${service}:${call.operation}`;
    return await bench.try(actor, name, await usesOf(call, ground));
  } catch (error) {
    return bench.cannotPlace(nameOf(actor), name, reasonOf(error));
  }
}

/** A session that the emulator knows as well, so that it tells the role who it is. */
async function session(owner: Owner, RoleArn: string, { service }: Caller) {
  const RoleSessionName = `${service.split(".")[0] ?? service}-${randomBytes(4).toString("hex")}`;
  const sts = await owner.sts();
  const { AssumedRoleUser, Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName });
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  const credentials: Credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  const sessionArn = AssumedRoleUser?.Arn ?? roleNameOf(RoleArn);
  return { credentials, actor: { roleArn: RoleArn, sessionArn } };
}

async function wireRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  await finished(incoming);
  return {
    method: incoming.method ?? "GET",
    url: incoming.url ?? "/",
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
    ),
    body: Buffer.concat(chunks),
  };
}

function listening(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no free port"));
      else resolve(`http://127.0.0.1:${address.port.toString()}`);
    });
  });
}
