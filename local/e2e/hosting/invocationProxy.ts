import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import { buffer } from "node:stream/consumers";

/** A request and its answer, as they went through. */
export interface Exchange {
  readonly at: Date;
  readonly input: Message;
  readonly output: Message;
}

interface Message {
  readonly contentType: string;
  readonly body: string;
}

/** A proxy on loopback. */
export interface InvocationProxy {
  /** What the emulator is told to invoke. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Hands invocations on to a model, and tells of each that it answered. */
export async function openInvocationProxy(
  model: string,
  onExchange: (exchange: Exchange) => void,
): Promise<InvocationProxy> {
  const server = createServer((request, response) => {
    pass(request, response, model, onExchange).catch((error: unknown) => {
      // The model is gone, or broke off.
      if (!response.headersSent) response.writeHead(502);
      response.end(String(error));
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no free port"));
      else resolve(address.port);
    });
  });
  return {
    url: `http://127.0.0.1:${port.toString()}/invocations`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

async function pass(
  request: IncomingMessage,
  response: ServerResponse,
  model: string,
  onExchange: (exchange: Exchange) => void,
): Promise<void> {
  const at = new Date();
  const { headers, method = "GET", url = "/" } = request;
  const sent = await buffer(request);
  const contentType = headers["content-type"] ?? "text/csv";
  const answer = await fetch(`${model}${url}`, {
    method,
    headers: { Accept: headers.accept ?? "*/*", "Content-Type": contentType },
    ...(method === "GET" ? {} : { body: sent }),
  });
  const output = Buffer.from(await answer.arrayBuffer());
  const kind = answer.headers.get("content-type") ?? "application/octet-stream";
  if (answer.ok) {
    onExchange({
      at,
      input: { body: sent.toString(), contentType },
      output: { body: output.toString(), contentType: kind },
    });
  }
  response.writeHead(answer.status, { "Content-Type": kind }).end(output);
}
