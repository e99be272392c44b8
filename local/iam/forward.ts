import { request as httpRequest } from "node:http";
import type { Agent, ServerResponse } from "node:http";

import type { WireRequest } from "./call";

// About one connection, and so never passed from one to the next.
const ofTheHop = ["connection", "expect", "keep-alive", "transfer-encoding"];

/** Passes a request on as it is, and its answer back; returns when the answer is out. */
export function forward(
  { body, headers, method, url }: WireRequest,
  to: { readonly endpoint: string; readonly agent: Agent },
  response: ServerResponse,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const hasBody = body.length > 0 || headers["content-length"] !== undefined;
    const sent = httpRequest(
      new URL(to.endpoint),
      {
        agent: to.agent,
        method,
        path: url,
        headers: {
          ...without(headers),
          ...(hasBody ? { "content-length": String(body.length) } : {}),
        },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, without(answer.headers));
        answer.pipe(response);
        answer.once("error", reject);
        response.once("close", resolve);
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}

function without<T>(headers: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheHop.includes(name)));
}
