import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";

/** A role of `aws:assumeRoles`, as the AWS provider takes it. */
interface AssumedRole {
  roleArn?: string;
  externalId?: string;
  policy?: string;
  policyArns?: string[];
  sessionName?: string;
  sourceIdentity?: string;
  tags?: Readonly<Record<string, string>>;
  transitiveTagKeys?: string[];
}

/** Settings of the AWS provider that decide on the credentials. */
export interface Access {
  profile?: string | undefined;
  /** Each is assumed with the credentials of the one before. */
  assumeRoles?: readonly AssumedRole[] | undefined;
}

/** Options of an AWS SDK client. */
export interface ClientOptions {
  region: string;
  profile?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
}

/**
 * Client options with the credentials that the AWS provider uses: those of the profile, or else the default ones,
 * and with them those of the assumed roles, for an hour.
 * @throws if a role cannot be assumed, with its ARN
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function clientOptions(
  { assumeRoles = [], profile }: Access,
  region: string,
): Promise<ClientOptions> {
  let options: ClientOptions = profile === undefined ? { region } : { profile, region };
  for (const role of assumeRoles) {
    const { STS } = await import("@aws-sdk/client-sts");
    const assumed = await new STS(options).assumeRole(requestOf(role)).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      const name = role.roleArn ?? "a role without roleArn";
      throw new Error(`aws:assumeRoles: cannot assume ${name}: ${reason}`, { cause: error });
    });
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = assumed.Credentials ?? {};
    options = {
      region,
      credentials: {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      },
    };
  }
  return options;
}

function requestOf(role: AssumedRole): AssumeRoleCommandInput {
  const { policyArns, tags, transitiveTagKeys } = role;
  return {
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName ?? "model-build-pipeline",
    ExternalId: role.externalId,
    Policy: role.policy,
    PolicyArns: policyArns?.map((arn) => ({ arn })),
    SourceIdentity: role.sourceIdentity,
    Tags: tags && Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: transitiveTagKeys,
  };
}
