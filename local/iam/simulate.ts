import type { RequestAnalysis, Simulation } from "@cloud-copilot/iam-simulate";

import { lazy } from "../cloud/provider/clients";
import type { Caller, RequiredAction, RoleSession } from "./contract";
import type { Policies, RolePolicies } from "./policies";
import type { Ground } from "./actions/placing";

/** A role in a session, or a service that acts in its own name. */
export type Actor = Caller | RoleSession;

/** The statement that allowed an action. */
export interface Grant {
  readonly policy: string;
  /** Its number in its policy, from 1. */
  readonly statement: number;
}

/** IAM's answer to one required action. */
export interface Authorization {
  readonly allowed: boolean;
  /** In AWS's words. */
  readonly reason: string;
  /** Statements of the role's own policies that allow it. */
  readonly grants: readonly Grant[];
}

/** Where a call is authorized: its account, and the policies that hold there. */
export interface PolicySet extends Ground {
  readonly policies: Policies;
}

// The simulator's data take a tenth of a second to load: not before the first authorization.
const simulator = lazy(() => import("@cloud-copilot/iam-simulate"));

// The simulator knows no encryption context. A tag of a request stands in: it knows those, and KMS asks here for none.
const encryption = "kms:EncryptionContext:";
const standIn = "aws:RequestTag/";

/** Decides as IAM would: identity and resource policies, boundary, conditions. Throws for an invalid action. */
export async function authorize(
  actor: Actor,
  action: RequiredAction,
  policySet: PolicySet,
): Promise<Authorization> {
  const simulation = await simulationOf(actor, action, policySet);
  const outcome = await (await simulator()).runSimulation(simulation, {});
  if (outcome.resultType === "error") {
    throw new Error(`the policy simulator rejects the request: ${JSON.stringify(outcome.errors)}`);
  }
  if (outcome.resultType === "wildcard") throw new Error("the request names no concrete resource");
  const { analysis, ignoredContextKeys } = outcome.result;
  const unknown = ignoredContextKeys?.filter((key) => key in (action.context ?? {}));
  if (unknown?.length)
    throw new Error(`${action.action} does not support the condition keys ${unknown.join(", ")}`);
  const statements = analysis.identityAnalysis?.allowStatements ?? [];
  return {
    allowed: outcome.overallResult === "Allowed",
    reason: reasonOf(actor, action, analysis),
    grants: statements.map(({ policyId, statement }) => ({
      policy: policyId,
      statement: statement.index(),
    })),
  };
}

async function simulationOf(
  actor: Actor,
  action: RequiredAction,
  policySet: PolicySet,
): Promise<Simulation> {
  const isService = "service" in actor;
  const own: RolePolicies = isService
    ? { identity: [] }
    : await policySet.policies.ofRole(roleNameOf(actor.roleArn));
  const named = ({ name, document }: RolePolicies["identity"][number]) => ({
    name,
    policy: simulable(document),
  });
  const resourcePolicy = hasPolicy(action)
    ? simulable(await policySet.policies.ofResource(action.resource))
    : undefined;
  return {
    request: {
      principal: isService ? actor.service : actor.sessionArn,
      action: action.action,
      // Of what another account owns, that account's side is not known here. It is taken to agree.
      resource: { resource: concrete(action.resource), accountId: policySet.accountId },
      contextVariables: contextOf(actor, action, policySet),
    },
    identityPolicies: own.identity.map(named),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(own.boundary === undefined ? {} : { permissionBoundaryPolicies: [named(own.boundary)] }),
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
  };
}

/** A document whose questions about the encryption context go under the stand-in's name. */
function simulable(document: unknown): unknown {
  if (document === undefined) return undefined;
  return JSON.parse(JSON.stringify(document).replaceAll(`"${encryption}`, `"${standIn}`));
}

/** A role's trust policy only decides who may assume it. */
function hasPolicy({ action }: RequiredAction): boolean {
  return action === "sts:AssumeRole" || /^(kms|s3|sns|sqs):/.test(action);
}

/**
 * "Each of them" must be allowed for any of them. To the simulator a wildcard means "some of them", so it gets
 * a resource that no policy can name.
 */
function concrete(resource: string): string {
  return resource === "*" ? resource : resource.replaceAll("*", "7f1d0b6a-each-of-them");
}

/** The circumstances of every call, and those of this one. */
function contextOf(actor: Actor, action: RequiredAction, { accountId, region }: PolicySet) {
  const isService = "service" in actor;
  const context: Record<string, string | string[]> = {
    "aws:PrincipalIsAWSService": String(isService),
    "aws:RequestedRegion": region,
    "aws:ResourceAccount": ownerOf(action.resource, accountId),
    // The hop to loopback stands for a TLS connection to AWS.
    "aws:SecureTransport": "true",
    ...(action.action.startsWith("s3:") ? { "s3:TlsVersion": "1.3" } : {}),
    ...(isService ? actingIn(actor, action, accountId) : inSession(actor, action, accountId)),
  };
  for (const [key, value] of Object.entries(action.context ?? {})) {
    // That a service also names the service through which it uses a key is not documented.
    if (isService && key === "kms:ViaService") continue;
    context[key.replace(encryption, standIn)] = typeof value === "string" ? value : [...value];
  }
  return context;
}

/** Whose it is; a bucket's ARN names no account. */
function ownerOf(arn: string, accountId: string): string {
  return /^arn:[^:]*:[^:]*:[^:]*:([^:]+):/.exec(arn)?.[1] ?? accountId;
}

function actingIn({ service, sourceArn }: Caller, { action }: RequiredAction, accountId: string) {
  const acting: Record<string, string> = { "aws:PrincipalServiceName": service };
  // Of KMS and SNS, EventBridge asks without saying for which rule; CloudWatch names its alarm:
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
  if (service === "events.amazonaws.com" && /^(kms|sns):/.test(action)) return acting;
  return {
    ...acting,
    "aws:SourceAccount": ownerOf(sourceArn, accountId),
    "aws:SourceArn": sourceArn,
  };
}

function inSession({ roleArn }: { roleArn: string }, action: RequiredAction, accountId: string) {
  return {
    "aws:PrincipalAccount": accountId,
    "aws:PrincipalArn": roleArn,
    "aws:PrincipalType": "AssumedRole",
    ...(action.action.startsWith("kms:") ? { "kms:CallerAccount": accountId } : {}),
  };
}

/** A role by the last part of its ARN: paths come before it. */
export function roleNameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf("/") + 1);
}

function reasonOf(actor: Actor, { action }: RequiredAction, analysis: RequestAnalysis): string {
  const { identityAnalysis, permissionBoundaryAnalysis, resourceAnalysis } = analysis;
  const denied = (found?: { readonly denyStatements: readonly unknown[] }) =>
    (found?.denyStatements.length ?? 0) > 0;
  if (denied(identityAnalysis)) return "with an explicit deny in an identity-based policy";
  if (denied(resourceAnalysis)) return "with an explicit deny in a resource-based policy";
  if (denied(permissionBoundaryAnalysis)) return "with an explicit deny in a permissions boundary";
  const missing = analysis.blockedBy?.includes("pb")
    ? "permissions boundary"
    : identityAnalysis?.result === "Allowed" || "service" in actor
      ? "resource-based policy"
      : "identity-based policy";
  return `because no ${missing} allows the ${action} action`;
}
