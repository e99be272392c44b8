import { type IncomingHttpHeaders, createServer } from "node:http";
import { buffer } from "node:stream/consumers";

import { z } from "zod";

/** A call as it reached the stub. */
export interface StubCall {
  /** For example `AmazonSQS.SendMessage`, `Publish` of a service that takes forms, or `PUT` of S3. */
  readonly operation: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly accessKeyId: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** As they were sent. */
  readonly bytes: Uint8Array;
}

/** What the stub answers: a status, and a document, an XML text or bytes. */
export type StubAnswer = readonly [status: number, body: object | string | Uint8Array];

/** An AWS API on loopback that records each call and gives the configured answers. */
export async function stubCloud(answer: (call: StubCall) => StubAnswer) {
  const calls: StubCall[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      const sent = bytes.toString();
      const { headers, method = "", url: path = "" } = request;
      const target = String(headers["x-amz-target"] ?? "");
      const body =
        target === ""
          ? Object.fromEntries(new URLSearchParams(sent))
          : z.record(z.string(), z.unknown()).parse(JSON.parse(sent));
      const key = /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1] ?? "";
      const form = typeof body.Action === "string" ? body.Action : method;
      const operation = target === "" ? form : target;
      const call = { operation, path, headers, accessKeyId: key, body, bytes };
      calls.push(call);
      const [status, document] = answer(call);
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      const isText = typeof document === "string" || document instanceof Uint8Array;
      response.end(isText ? document : JSON.stringify(document));
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
