import { randomUUID } from "node:crypto";

import type { Protocol } from "./call";

/** An answer that ends a call. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why a call goes no further. */
export interface AccessDenied {
  readonly service: string;
  readonly protocol: Protocol;
  readonly code: "AccessDenied" | "InvalidToken";
  readonly message: string;
}

/** AWS's own error, in the form and under the name in which the service gives it, so that SDKs know it. */
export function accessDenied(error: AccessDenied): Answer {
  const { message, protocol } = error;
  const code = codeOf(error);
  switch (protocol) {
    case "json":
      return json(400, { __type: code, message, Message: message }, queryError(error));
    case "rest-json":
      return json(403, { message, Message: message }, { "x-amzn-errortype": code });
    case "query":
      return xml(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code>` +
          `<Message>${escaped(message)}</Message></Error>` +
          `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
      );
    case "rest-xml":
      return xml(
        `<Error><Code>${code}</Code><Message>${escaped(message)}</Message>` +
          `<RequestId>${randomUUID()}</RequestId><HostId>local</HostId></Error>`,
      );
  }
}

function codeOf({ code, protocol, service }: AccessDenied): string {
  if (code === "InvalidToken") {
    const codes = { "rest-xml": "InvalidAccessKeyId", query: "InvalidClientTokenId" };
    return protocol === "json" || protocol === "rest-json"
      ? "UnrecognizedClientException"
      : codes[protocol];
  }
  if (service === "sns") return "AuthorizationError";
  return protocol === "query" || protocol === "rest-xml" ? "AccessDenied" : "AccessDeniedException";
}

/** SQS once spoke the query protocol; SDKs still go by the code that it used then. */
function queryError({ code, service }: AccessDenied): Record<string, string> {
  return service === "sqs" && code === "AccessDenied"
    ? { "x-amzn-query-error": "AccessDenied;Sender" }
    : {};
}

function json(status: number, body: object, headers: Record<string, string>): Answer {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", ...headers },
    body: JSON.stringify(body),
  };
}

function xml(body: string): Answer {
  return {
    status: 403,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
