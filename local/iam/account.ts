import { randomBytes } from "node:crypto";

import { ownerClients } from "./clients";
import type { Caller, Credentials, RoleSession } from "./contract";
import { type Hosting, hostingOf } from "./hosting";
import { type Keys, keysOf } from "./keys";
import { deployedPolicies, type Policies } from "./policies";
import { type PullRequests, pullRequestsOf } from "./pullRequests";

/** What the authorizing proxy must know of its account. */
export interface Account {
  /** Policies and keys, as they are deployed from now on. */
  readonly read: () => {
    readonly hosting: Hosting;
    readonly keys: Keys;
    readonly policies: Policies;
    readonly pullRequests: PullRequests;
  };
  /** A session that the account knows as well, so that it can tell the role who it is. */
  readonly session: (roleArn: string, by: Caller | RoleSession) => Promise<Session>;
}

/** Session of an assumed role. */
interface Session {
  readonly credentials: Credentials;
  readonly sessionArn: string;
}

/** The account behind this endpoint. */
export function deployedAccount(endpoint: string, region: string): Account {
  const owner = ownerClients({ ownerEndpoint: endpoint, region });
  return {
    read: () => ({
      hosting: hostingOf(owner),
      keys: keysOf(owner),
      policies: deployedPolicies(owner),
      pullRequests: pullRequestsOf(owner),
    }),

    async session(RoleArn, by) {
      const caller = "service" in by ? by.service.replace(/\..*$/, "") : "role";
      const RoleSessionName = `${caller}-${randomBytes(4).toString("hex")}`;
      const sts = await owner.sts();
      const { AssumedRoleUser, Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName });
      const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
      const sessionArn = AssumedRoleUser?.Arn;
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !sessionArn) {
        throw new Error(`the emulator returned no credentials for ${RoleArn}`);
      }
      return {
        credentials: {
          accessKeyId: AccessKeyId,
          secretAccessKey: SecretAccessKey,
          sessionToken: SessionToken,
        },
        sessionArn,
      };
    },
  };
}
