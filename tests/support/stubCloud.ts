import { createServer } from "node:http";
import { text } from "node:stream/consumers";

import { z } from "zod";

/** A call as it reached the stub. */
export interface StubCall {
  /** For example `AmazonSQS.SendMessage`, or `Publish` of a service that takes forms. */
  readonly operation: string;
  readonly accessKeyId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the stub answers: a status, and a document or an XML text. */
export type StubAnswer = readonly [status: number, body: object | string];

/** An AWS API on loopback that records each call and answers as it is told. */
export async function stubCloud(answer: (call: StubCall) => StubAnswer) {
  const calls: StubCall[] = [];
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const target = String(request.headers["x-amz-target"] ?? "");
      const body =
        target === ""
          ? Object.fromEntries(new URLSearchParams(sent))
          : z.record(z.string(), z.unknown()).parse(JSON.parse(sent));
      const key = /Credential=([^/]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
      const operation = target === "" ? String(body.Action) : target;
      calls.push({ operation, accessKeyId: key, body });
      const [status, document] = answer({ operation, accessKeyId: key, body });
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(typeof document === "string" ? document : JSON.stringify(document));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { calls, endpoint: `http://127.0.0.1:${String(address.port)}`, close };
}
