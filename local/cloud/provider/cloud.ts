import { z } from "zod";

/** Where the local cloud is, and what the stack's `aws:` config says about it. */
export interface Cloud {
  readonly endpoint: string;
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
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
  };
}

function parsedConfig(text: string | undefined): unknown {
  if (text === undefined) throw new Error("LOCAL_CLOUD_AWS_CONFIG is not set");
  try {
    return JSON.parse(text);
  } catch {
    // It may hold credentials.
    throw new Error("LOCAL_CLOUD_AWS_CONFIG must be a JSON object");
  }
}
