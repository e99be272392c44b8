import { type Bench, nameOf, reasonOf } from "./decide";
import { callOf, protocolOf, signatureOf, type WireRequest } from "./call";
import type { Actor } from "./simulate";
import { type Answer, refusal } from "./accessDenied";
import { usesOf } from "./requiredActions";

/** The answer that ends a request: to strangers, and to what is not allowed or cannot be judged; undefined if it may go on. */
export async function tryRequest(
  request: WireRequest,
  actors: ReadonlyMap<string, Actor>,
  bench: Bench,
): Promise<Answer | undefined> {
  const { accessKeyId = "(none)", service = "(unknown)" } = signatureOf(request) ?? {};
  const form = { service, protocol: protocolOf(request, service) };
  const actor = actors.get(accessKeyId);
  if (actor === undefined) {
    bench.cannotPlace(
      `access key ${accessKeyId}`,
      service,
      "the authorizing proxy did not issue this key",
    );
    const message = "The security token included in the request is invalid.";
    return refusal({ ...form, code: "InvalidToken", message });
  }
  const message = await whyDenied(request, service, actor, bench);
  return message === undefined ? undefined : refusal({ ...form, code: "AccessDenied", message });
}

async function whyDenied(
  request: WireRequest,
  service: string,
  actor: Actor,
  bench: Bench,
): Promise<string | undefined> {
  let name = service;
  try {
    const call = callOf(request, service);
    name = `${service}:${call.operation}`;
    return await bench.try(actor, name, await usesOf(call, bench.policySet()));
  } catch (error) {
    return bench.cannotPlace(nameOf(actor), name, reasonOf(error));
  }
}
