import { randomBytes } from "node:crypto";

import { loopbackEndpoint } from "../cloud/provider/cloud";
import type { Credentials, Gateway } from "./contract";
import { type Account, deployedAccount } from "./account";
import { openBench } from "./decide";
import type { Actor } from "./simulate";
import { type Review, review } from "./review";
import { serve } from "./serve";
import { tryRequest } from "./simulateRequest";

/** The account whose policies the gateway checks. */
export interface GatewayOptions {
  readonly ownerEndpoint: string;
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
}

/** A gateway that can also say what the permissions of each role were good for. */
export interface JudgingGateway extends Gateway {
  readonly review: () => Promise<Review>;
}

/** Starts a gateway on a free loopback port; what it lets through reaches the emulator unchanged. */
export async function startGateway(
  options: GatewayOptions,
  account: Account = deployedAccount(options.ownerEndpoint, options.region),
): Promise<JudgingGateway> {
  const { accountId, partition, region } = options;
  const currentPolicySet = () => ({ accountId, partition, region, ...account.read() });
  const actors = new Map<string, Actor>();
  const bench = openBench(currentPolicySet());
  const upstream = loopbackEndpoint(options.ownerEndpoint);
  const { endpoint, stop } = await serve(upstream, (request) => tryRequest(request, actors, bench));

  return {
    endpoint,
    stop,
    verdicts: bench.verdicts,

    async assume(roleArn, by) {
      const use = { action: "sts:AssumeRole", resource: roleArn };
      mustBeAllowed(await bench.try(by, use.action, [use]));
      const { credentials, sessionArn } = await account.session(roleArn, by);
      actors.set(credentials.accessKeyId, { roleArn, sessionArn });
      return credentials;
    },

    actAs(caller) {
      const credentials = newCredentials();
      actors.set(credentials.accessKeyId, caller);
      return credentials;
    },

    async require({ accessKeyId }, use) {
      const actor = actors.get(accessKeyId);
      if (actor === undefined)
        throw new Error(`the authorizing proxy did not issue the access key ${accessKeyId}`);
      mustBeAllowed(await bench.try(actor, use.action, [use]));
    },

    reread() {
      bench.move(currentPolicySet());
      return Promise.resolve();
    },

    review: () => review(bench.judged, bench.policySet()),
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
