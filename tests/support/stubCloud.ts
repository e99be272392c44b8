import { type IncomingHttpHeaders, createServer } from "node:http";
import { text } from "node:stream/consumers";

import { z } from "zod";

/** A call as it reached the stub. */
export interface StubCall {
  /** For example `AmazonSQS.SendMessage`, `Publish` of a service that takes forms, or `PUT` of S3. */
  readonly operation: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
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
      const { headers, method = "", url: path = "" } = request;
      const target = String(headers["x-amz-target"] ?? "");
      const body =
        target === ""
          ? Object.fromEntries(new URLSearchParams(sent))
          : z.record(z.string(), z.unknown()).parse(JSON.parse(sent));
      const key = /Credential=([^/]+)/.exec(headers.authorization ?? "")?.[1] ?? "";
      const form = typeof body.Action === "string" ? body.Action : method;
      const operation = target === "" ? form : target;
      const call = { operation, path, headers, accessKeyId: key, body };
      calls.push(call);
      const [status, document] = answer(call);
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
