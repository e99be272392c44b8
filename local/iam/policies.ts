import { z } from "zod";

import { unlessGone } from "../cloud/provider/clients";
import type { Clients } from "./clients";
import { remembered } from "./cached";

/** A policy document under the name that it has in AWS. */
export interface Policy {
  readonly name: string;
  readonly document: unknown;
}

/** What a role may do. */
export interface RolePolicies {
  readonly identity: readonly Policy[];
  readonly boundary?: Policy;
}

/** The policies that decide about a call, as they are deployed. */
export interface Policies {
  readonly ofRole: (roleName: string) => Promise<RolePolicies>;
  /** The bucket's, key's, topic's or queue's own policy, or the role's trust policy; undefined if there is none. */
  readonly ofResource: (resourceArn: string) => Promise<unknown>;
}

/** Reads each policy from the deployed account when it is first asked for. */
export function deployedPolicies(owner: Clients): Policies {
  const ofOwner = remembered((resourceArn) => resourcePolicy(owner, resourceArn));
  return {
    ofRole: remembered((roleName) => rolePolicies(owner, roleName)),
    ofResource: (resourceArn) => ofOwner(withPolicy(resourceArn)),
  };
}

/** An object is under its bucket's policy. */
function withPolicy(resourceArn: string): string {
  return /^arn:[^:]+:s3:::[^/]+/.exec(resourceArn)?.[0] ?? resourceArn;
}

async function rolePolicies(owner: Clients, RoleName: string): Promise<RolePolicies> {
  const iam = await owner.iam();
  const { Role } = await iam.getRole({ RoleName });
  const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName });
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await iam.getRolePolicy({ RoleName, PolicyName });
    return { name: PolicyName, document: decoded(PolicyDocument) };
  });
  const attached = AttachedPolicies.map(({ PolicyArn }) => managedPolicy(owner, PolicyArn));
  const identity = await Promise.all([...inline, ...attached]);
  const boundaryArn = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  if (boundaryArn === undefined) return { identity };
  return { identity, boundary: await managedPolicy(owner, boundaryArn) };
}

async function managedPolicy(owner: Clients, PolicyArn: string | undefined): Promise<Policy> {
  const iam = await owner.iam();
  const { Policy } = await iam.getPolicy({ PolicyArn });
  const VersionId = Policy?.DefaultVersionId;
  const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId });
  return { name: Policy?.PolicyName ?? "", document: decoded(PolicyVersion?.Document) };
}

async function resourcePolicy(owner: Clients, resourceArn: string): Promise<unknown> {
  const [, , service, , , ...rest] = resourceArn.split(":");
  const name = rest.join(":");
  switch (service) {
    case "iam": {
      const RoleName = name.slice(name.lastIndexOf("/") + 1);
      const { Role } = await (await owner.iam()).getRole({ RoleName });
      return decoded(Role?.AssumeRolePolicyDocument);
    }
    case "kms": {
      const KeyId = name.replace(/^key\//, "");
      const request = (await owner.kms()).getKeyPolicy({ KeyId, PolicyName: "default" });
      return parsed((await unlessGone(request, /^NotFoundException:/))?.Policy);
    }
    case "s3": {
      const request = (await owner.s3()).getBucketPolicy({ Bucket: name });
      return parsed((await unlessGone(request, /^NoSuchBucket/))?.Policy);
    }
    case "sns": {
      const request = (await owner.sns()).getTopicAttributes({ TopicArn: resourceArn });
      return parsed((await request).Attributes?.Policy);
    }
    case "sqs": {
      const api = await owner.sqs();
      const { QueueUrl } = await api.getQueueUrl({ QueueName: name });
      const { Attributes } = await api.getQueueAttributes({ QueueUrl, AttributeNames: ["All"] });
      return parsed(Attributes?.Policy);
    }
    default:
      return undefined;
  }
}

const json = z.string().transform((text): unknown => JSON.parse(text));

/** IAM answers documents URL-encoded. */
function decoded(document: string | undefined): unknown {
  return json.parse(decodeURIComponent(document ?? ""));
}

function parsed(document: string | undefined): unknown {
  return document === undefined || document === "" ? undefined : json.parse(document);
}
