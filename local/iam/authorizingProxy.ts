import { randomBytes } from "node:crypto";

import { loopbackEndpoint } from "../cloud/provider/cloud";
import type { Credentials, AuthorizingProxy } from "./contract";
import { type Account, deployedAccount } from "./account";
import { createAuthorizer } from "./decide";
import type { Actor } from "./simulate";
import { type Review, review } from "./review";
import { serve } from "./serve";
import { tryRequest } from "./simulateRequest";

/** The account whose policies the authorizing proxy evaluates. */
export interface AuthorizingProxyOptions {
  readonly ownerEndpoint: string;
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
}

/** An authorizing proxy that also reviews which permissions of each role were needed. */
export interface ReviewingProxy extends AuthorizingProxy {
  readonly review: () => Promise<Review>;
}

/** Starts an authorizing proxy on a free loopback port; allowed calls reach the emulator unchanged. */
export async function startAuthorizingProxy(
  options: AuthorizingProxyOptions,
  account: Account = deployedAccount(options.ownerEndpoint, options.region),
): Promise<ReviewingProxy> {
  const { accountId, partition, region } = options;
  const currentPolicySet = () => ({ accountId, partition, region, ...account.read() });
  const actors = new Map<string, Actor>();
  const authorizer = createAuthorizer(currentPolicySet());
  const upstream = loopbackEndpoint(options.ownerEndpoint);
  const { endpoint, stop } = await serve(upstream, (request) =>
    tryRequest(request, actors, authorizer),
  );

  return {
    endpoint,
    stop,
    decisions: authorizer.decisions,

    async assume(roleArn, by) {
      const action = { action: "sts:AssumeRole", resource: roleArn };
      mustBeAllowed(await authorizer.try(by, action.action, [action]));
      const { credentials, sessionArn } = await account.session(roleArn, by);
      actors.set(credentials.accessKeyId, { roleArn, sessionArn });
      return credentials;
    },

    actAs(caller) {
      const credentials = newCredentials();
      actors.set(credentials.accessKeyId, caller);
      return credentials;
    },

    async require({ accessKeyId }, action) {
      const actor = actors.get(accessKeyId);
      if (actor === undefined)
        throw new Error(`the authorizing proxy did not issue the access key ${accessKeyId}`);
      mustBeAllowed(await authorizer.try(actor, action.action, [action]));
    },

    reread() {
      authorizer.move(currentPolicySet());
      return Promise.resolve();
    },

    review: () => review(authorizer.actorDecisions, authorizer.policySet()),
  };
}

function mustBeAllowed(denied: string | undefined): void {
  if (denied !== undefined) throw new Error(denied);
}

/** Like those that AWS gives a service: for a while, and never a user's. */
function newCredentials(): Credentials {
  return {
    accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString("hex"),
    sessionToken: randomBytes(20).toString("hex"),
  };
}
