import { Agent, createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";

import type { WireRequest } from "./call";
import { forward } from "./forward";
import type { Answer } from "./accessDenied";

/** A server on loopback. */
export interface Serving {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/** Passes every request on to the upstream as it is, unless `refuse` has an answer to it; on a free port. */
export async function serve(
  upstream: string,
  authorize: (request: WireRequest) => Promise<Answer | undefined>,
): Promise<Serving> {
  const agent = new Agent({ keepAlive: true });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await wireRequest(incoming);
    const denied = await authorize(request);
    if (denied === undefined) await forward(request, { endpoint: upstream, agent }, response);
    else response.writeHead(denied.status, denied.headers).end(denied.body);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      // The upstream is gone, or broke off: to the caller, an error of the service.
      if (!response.headersSent) response.writeHead(502);
      response.end(String(error));
    });
  });
  // A caller may keep its connections for as long as it likes.
  server.keepAliveTimeout = 0;

  return {
    endpoint: await listening(server),
    stop() {
      agent.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
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
