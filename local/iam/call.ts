import { z } from "zod";

import { s3Call } from "./s3Call";

/** An HTTP request as it came in, whole. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, still encoded. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** In which form a service answers, and so refuses. */
export type Protocol = "json" | "query" | "rest-json" | "rest-xml";

/** What a request asks of AWS. */
export interface Call {
  /** The service by its IAM prefix. */
  readonly service: string;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly headers: WireRequest["headers"];
}

/** Who signed a request, and for which service. */
export interface Signature {
  readonly accessKeyId: string;
  /** The service by its IAM prefix. */
  readonly service: string;
}

// The name that a service signs with is its IAM prefix, but for this one.
const iamPrefixes: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/** Who signed the request; undefined for an anonymous one. Whether the signature is right is not checked. */
export function signatureOf({ headers, url }: WireRequest): Signature | undefined {
  const signed = /^AWS4-\S+ Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1];
  const presigned = new URLSearchParams(url.split("?")[1]).get("X-Amz-Credential");
  const [accessKeyId, ...scope] = (signed ?? presigned ?? "").split("/");
  // The scope is date, region, service, "aws4_request"; a signature for all regions leaves out the region.
  const service = scope.at(-2);
  if (!accessKeyId || service === undefined) return undefined;
  return { accessKeyId, service: iamPrefixes[service] ?? service };
}

/** The form in which the caller expects an answer. */
export function protocolOf({ headers }: WireRequest, service: string): Protocol {
  if (service === "s3") return "rest-xml";
  if (headers["x-amz-target"] !== undefined) return "json";
  return isForm(headers) ? "query" : "rest-json";
}

/** What the request asks; throws for an unknown protocol. */
export function callOf(request: WireRequest, service: string): Call {
  return { service, headers: request.headers, ...asked(request, service) };
}

function asked(request: WireRequest, service: string): Pick<Call, "operation" | "parameters"> {
  const { body, headers, method, url } = request;
  const target = headers["x-amz-target"];
  if (service === "s3") return s3Call(request);
  if (target !== undefined) {
    return { operation: target.slice(target.lastIndexOf(".") + 1), parameters: jsonOf(body) };
  }
  if (isForm(headers)) {
    const { Action, ...parameters } = Object.fromEntries(new URLSearchParams(body.toString()));
    if (Action !== undefined) return { operation: Action, parameters };
  }
  const { pathname, searchParams } = new URL(url, "http://localhost");
  return service === "scheduler"
    ? schedulerCall(method, pathname, searchParams, body)
    : restCall(method, pathname, body);
}

const onSchedule: Readonly<Record<string, string>> = {
  DELETE: "DeleteSchedule",
  GET: "GetSchedule",
  POST: "CreateSchedule",
  PUT: "UpdateSchedule",
};

/** Name of the schedule in the path, group in the body or, without one, in the query. */
function schedulerCall(method: string, path: string, query: URLSearchParams, body: Buffer) {
  const name = /^\/schedules\/([^/]+)$/.exec(path)?.[1];
  const operation = onSchedule[method];
  if (name === undefined || operation === undefined)
    throw new Error(`the authorizing proxy does not know the operation of ${method} ${path}`);
  const GroupName = query.get("groupName") ?? "default";
  const Name = decodeURIComponent(name);
  return { operation, parameters: { GroupName, ...jsonOf(body), Name } };
}

/** The other services of this kind that a project meets are those beside SageMaker's own API. */
function restCall(method: string, path: string, body: Buffer) {
  const endpoint = /^\/endpoints\/([^/]+)\/invocations$/.exec(path)?.[1];
  if (method === "POST" && endpoint !== undefined) {
    return { operation: "InvokeEndpoint", parameters: { EndpointName: endpoint } };
  }
  if (method === "PUT" && path === "/BatchPutMetrics") {
    return { operation: "BatchPutMetrics", parameters: jsonOf(body) };
  }
  throw new Error(`the authorizing proxy does not know the operation of ${method} ${path}`);
}

function isForm(headers: WireRequest["headers"]): boolean {
  return (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

function jsonOf(body: Buffer): Record<string, unknown> {
  const text = body.toString();
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text === "" ? "{}" : text));
}
