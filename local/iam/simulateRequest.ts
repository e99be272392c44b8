import { type Authorizer, nameOf, reasonOf } from "./decide";
import { callOf, protocolOf, signatureOf, type WireRequest } from "./call";
import type { Actor } from "./simulate";
import { type Answer, accessDenied } from "./accessDenied";
import { requiredActions } from "./requiredActions";

/** The error that ends a request of an unknown key, a denied or an unsupported call; undefined if it is allowed. */
export async function tryRequest(
  request: WireRequest,
  actors: ReadonlyMap<string, Actor>,
  authorizer: Authorizer,
): Promise<Answer | undefined> {
  const { accessKeyId = "(none)", service = "(unknown)" } = signatureOf(request) ?? {};
  const form = { service, protocol: protocolOf(request, service) };
  const actor = actors.get(accessKeyId);
  if (actor === undefined) {
    authorizer.cannotPlace(
      `access key ${accessKeyId}`,
      service,
      "the authorizing proxy did not issue this key",
    );
    const message = "The security token included in the request is invalid.";
    return accessDenied({ ...form, code: "InvalidToken", message });
  }
  const message = await whyDenied(request, service, actor, authorizer);
  return message === undefined
    ? undefined
    : accessDenied({ ...form, code: "AccessDenied", message });
}

async function whyDenied(
  request: WireRequest,
  service: string,
  actor: Actor,
  authorizer: Authorizer,
): Promise<string | undefined> {
  let name = service;
  try {
    const call = callOf(request, service);
    name = `${service}:${call.operation}`;
    return await authorizer.try(actor, name, await requiredActions(call, authorizer.policySet()));
  } catch (error) {
    return authorizer.cannotPlace(nameOf(actor), name, reasonOf(error));
  }
}
