import { type IncomingMessage, createServer } from "node:http";
import { buffer } from "node:stream/consumers";

/** A request to an endpoint. */
export interface Invocation {
  readonly at: Date;
  readonly accept: string;
  readonly contentType: string;
  readonly body: string;
  /** The caller's own identifier. */
  readonly inferenceId?: string | undefined;
}

/** What an endpoint answers. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** A proxy on loopback. */
export interface InvocationProxy {
  /** Invocation request of the emulator. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Answers the invocations of one endpoint. */
export async function openInvocationProxy(
  invoke: (invocation: Invocation) => Promise<Answer>,
): Promise<InvocationProxy> {
  const server = createServer((request, response) => {
    invocationOf(request)
      .then(invoke)
      .then(({ body, contentType, status }) => {
        response.writeHead(status, { "Content-Type": contentType }).end(body);
      })
      .catch((error: unknown) => {
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

/** Hands an invocation on to a model server; one that is gone, or breaks off, answers 502. */
export async function askModel(model: string, invocation: Invocation): Promise<Answer> {
  const { accept, body, contentType } = invocation;
  try {
    const answer = await fetch(`${model}/invocations`, {
      method: "POST",
      headers: { Accept: accept, "Content-Type": contentType },
      body,
    });
    return {
      status: answer.status,
      contentType: answer.headers.get("content-type") ?? "application/octet-stream",
      body: await answer.text(),
    };
  } catch (error) {
    return { status: 502, contentType: "text/plain", body: String(error) };
  }
}

async function invocationOf(request: IncomingMessage): Promise<Invocation> {
  const at = new Date();
  const { accept = "*/*", "content-type": contentType = "text/csv" } = request.headers;
  const inferenceId = request.headers["x-amzn-sagemaker-inference-id"];
  return {
    at,
    accept,
    contentType,
    body: (await buffer(request)).toString(),
    inferenceId: typeof inferenceId === "string" ? inferenceId : undefined,
  };
}
