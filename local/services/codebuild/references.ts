import type { EnvironmentVariable, Project } from "@aws-sdk/client-codebuild";
import { z } from "zod";

import { authorizedClients, type Clients } from "../../iam/clients";
import type { AwsContext, Credentials } from "../../iam/contract";

/**
 * Values of a project's references to Secrets Manager and Parameter Store, which CodeBuild reads
 * with the build role at the start of a build.
 * @throws Error in the form of CodeBuild's phase context
 */
export async function readReferences(
  { environment }: Project,
  context: AwsContext,
  credentials: Credentials,
): Promise<Record<string, string>> {
  const variables = environment?.environmentVariables ?? [];
  const ofType = (type: EnvironmentVariable["type"]) => variables.filter((it) => it.type === type);
  const clients = authorizedClients(context, credentials);
  return {
    ...(await orFail(
      "Decrypted Variables Error",
      readParameters(ofType("PARAMETER_STORE"), clients),
    )),
    ...(await orFail("Secrets Manager Error", readSecrets(ofType("SECRETS_MANAGER"), clients))),
  };
}

async function orFail<T>(code: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { message, name } = error instanceof Error ? error : new Error(String(error));
    const next = "--resources creates secrets and parameters on the local cloud";
    throw new Error(
      `Phase: DOWNLOAD_SOURCE, Code: ${code}, Message: ${name}: ${message} (${next})`,
      { cause: error },
    );
  }
}

async function readParameters(
  variables: readonly EnvironmentVariable[],
  { ssm }: Clients,
): Promise<Record<string, string>> {
  const values = new Map<string, string>();
  const names = [...new Set(variables.map(({ value = "" }) => value))];
  // One call reads at most ten.
  for (let start = 0; start < names.length; start += 10) {
    const Names = names.slice(start, start + 10);
    const api = await ssm();
    const { InvalidParameters = [], Parameters = [] } = await api.getParameters({
      Names,
      WithDecryption: true,
    });
    if (InvalidParameters.length > 0)
      throw new Error(`parameter does not exist: ${InvalidParameters.join(", ")}`);
    for (const { Name = "", Value = "" } of Parameters) values.set(Name, Value);
  }
  return Object.fromEntries(
    variables.map(({ name = "", value = "" }) => [name, values.get(value) ?? ""]),
  );
}

async function readSecrets(
  variables: readonly EnvironmentVariable[],
  { secrets }: Clients,
): Promise<Record<string, string>> {
  const values: [string, string][] = [];
  for (const { name = "", value = "" } of variables)
    values.push([name, await readSecret(value, await secrets())]);
  return Object.fromEntries(values);
}

/** Reads `secret-id:json-key:version-stage:version-id`, of which an ARN has six colons itself. */
async function readSecret(
  reference: string,
  secrets: Awaited<ReturnType<Clients["secrets"]>>,
): Promise<string> {
  const [, SecretId = "", , key, stage, version] = parts.exec(reference) ?? [];
  const { SecretString = "" } = await secrets.getSecretValue({
    SecretId,
    ...(stage ? { VersionStage: stage } : {}),
    ...(version ? { VersionId: version } : {}),
  });
  if (!key) return SecretString;
  const value = json.safeParse(SecretString).data?.[key];
  if (value === undefined) throw new Error(`the secret ${SecretId} has no JSON key ${key}`);
  return typeof value === "string" ? value : JSON.stringify(value);
}

const parts = /^((arn:(?:[^:]*:){5}[^:]*)|[^:]+):?([^:]*):?([^:]*):?([^:]*)$/;

const json = z
  .string()
  .transform((text, issues): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issues.addIssue("is no JSON");
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.unknown()));
