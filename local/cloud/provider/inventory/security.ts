import type { ClientOptions } from "../clients";
import type { Row } from "../inventory";

/** Every KMS key that a customer made, with its state. */
export async function keys(options: ClientOptions): Promise<Row[]> {
  const { KMS, paginateListKeys } = await import("@aws-sdk/client-kms");
  const client = new KMS(options);
  const rows: Row[] = [];
  for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
    for (const { KeyId } of Keys) {
      const { KeyMetadata: key } = await client.describeKey({ KeyId });
      if (key?.KeyManager !== "CUSTOMER") continue;
      const detail =
        key.KeyState === "PendingDeletion"
          ? "pending deletion"
          : await rotation((await client.getKeyRotationStatus({ KeyId })).KeyRotationEnabled, key);
      rows.push({ service: "KMS", kind: "key", name: KeyId ?? "", detail });
    }
  }
  return rows;
}

function rotation(rotated: boolean | undefined, key: { KeyState?: string | undefined }) {
  const state = key.KeyState?.toLowerCase() ?? "no state";
  return Promise.resolve(rotated === true ? `${state}, rotated` : `${state}, not rotated`);
}

/** Every KMS alias that is not AWS's own. */
export async function aliases(options: ClientOptions): Promise<Row[]> {
  const { KMS, paginateListAliases } = await import("@aws-sdk/client-kms");
  const rows: Row[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client: new KMS(options) }, {})) {
    const own = Aliases.filter(({ AliasName = "" }) => !AliasName.startsWith("alias/aws/"));
    rows.push(
      ...own.map(({ AliasName = "", TargetKeyId = "" }) => ({
        service: "KMS",
        kind: "alias",
        name: AliasName,
        detail: `alias of key ${TargetKeyId}`,
      })),
    );
  }
  return rows;
}

/** Every IAM role, and every inline policy on one. */
export async function roles(options: ClientOptions): Promise<Row[]> {
  const { IAM, paginateListRoles } = await import("@aws-sdk/client-iam");
  const client = new IAM(options);
  const rows: Row[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client }, {})) {
    for (const { RoleName = "", AssumeRolePolicyDocument = "" } of Roles) {
      const trust = decodeURIComponent(AssumeRolePolicyDocument);
      const trusted = [...new Set(trust.match(/[a-z0-9.-]+\.amazonaws\.com/g) ?? [])].join(", ");
      rows.push({
        service: "IAM",
        kind: "role",
        name: RoleName,
        detail: trusted === "" ? "trusts no service" : `trusts ${trusted}`,
      });
      const { PolicyNames = [] } = await client.listRolePolicies({ RoleName });
      for (const PolicyName of PolicyNames) {
        const { PolicyDocument = "" } = await client.getRolePolicy({ RoleName, PolicyName });
        rows.push({
          service: "IAM",
          kind: "role policy",
          name: `${RoleName}:${PolicyName}`,
          detail: statements(decodeURIComponent(PolicyDocument)),
        });
      }
    }
  }
  return rows;
}

/** Every managed policy that is the account's own. */
export async function managedPolicies(options: ClientOptions): Promise<Row[]> {
  const { IAM, paginateListPolicies } = await import("@aws-sdk/client-iam");
  const rows: Row[] = [];
  const pages = paginateListPolicies({ client: new IAM(options) }, { Scope: "Local" });
  for await (const { Policies = [] } of pages) {
    rows.push(
      ...Policies.map(({ DefaultVersionId = "", PolicyName = "" }) => ({
        service: "IAM",
        kind: "policy",
        name: PolicyName,
        detail: `version ${DefaultVersionId}`,
      })),
    );
  }
  return rows;
}

/** Every OpenID Connect provider. */
export async function identityProviders(options: ClientOptions): Promise<Row[]> {
  const { IAM } = await import("@aws-sdk/client-iam");
  const { OpenIDConnectProviderList = [] } = await new IAM(options).listOpenIDConnectProviders({});
  return OpenIDConnectProviderList.map(({ Arn = "" }) => ({
    service: "IAM",
    kind: "identity provider",
    name: Arn.replace(/^.*:oidc-provider\//, ""),
    detail: "OpenID Connect",
  }));
}

function statements(policy: string): string {
  const count = (policy.match(/"Effect"/g) ?? []).length;
  return `${String(count)} ${count === 1 ? "statement" : "statements"}`;
}
