import { z } from "zod";

/** What calls are signed with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Those of the emulated account's owner. */
export const testing: Credentials = { accessKeyId: "testing", secretAccessKey: "testing" };

/** Where the local cloud is, and what the stack's `aws:` config says about it. */
export interface Cloud {
  readonly endpoint: string;
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
}

const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

const awsConfig = z.strictObject({
  region: z.string().min(1),
  defaultTags: z.strictObject({ tags: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** Returns the endpoint unchanged, and throws if it is not an http address on this machine. */
export function loopbackEndpoint(endpoint: string | undefined): string {
  if (endpoint === undefined || endpoint === "") {
    throw new Error("LOCAL_CLOUD_ENDPOINT is not set: the local aws provider never calls AWS");
  }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol !== "http:" || !loopback.has(url.hostname)) {
    throw new Error(
      `the local cloud must be on loopback (e.g. "http://127.0.0.1:5000"), got "${endpoint}"`,
    );
  }
  return endpoint;
}

/** The cloud that the environment describes; throws on anything that it could not honour. */
export function cloudFrom(environment: Readonly<Record<string, string | undefined>>): Cloud {
  const endpoint = loopbackEndpoint(environment.LOCAL_CLOUD_ENDPOINT);
  const config = awsConfig.safeParse(parsedConfig(environment.LOCAL_CLOUD_AWS_CONFIG));
  if (!config.success) {
    throw new Error(
      `the local aws provider supports only the config keys aws:region and aws:defaultTags (tags):\n` +
        z.prettifyError(config.error),
    );
  }
  return {
    endpoint,
    region: config.data.region,
    defaultTags: config.data.defaultTags.tags,
    credentials: credentialsFrom(environment),
  };
}

/** Within a build these are its role's, so that every call is judged as the role's. */
function credentialsFrom({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
}: Readonly<Record<string, string | undefined>>): Credentials {
  if (!accessKeyId || !secretAccessKey) return testing;
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function parsedConfig(text: string | undefined): unknown {
  if (text === undefined) throw new Error("LOCAL_CLOUD_AWS_CONFIG is not set");
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`LOCAL_CLOUD_AWS_CONFIG must be a JSON object, got "${text}"`);
  }
}
