import { loopbackEndpoint } from "./cloud";

/** What calls are signed with. */
interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Those of the emulated account's owner. */
const testing: Credentials = { accessKeyId: "testing", secretAccessKey: "testing" };

/** Settings that keep an AWS SDK client on the local cloud, regardless of the environment. */
export interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly useFipsEndpoint: false;
  readonly useDualstackEndpoint: false;
  readonly maxAttempts: number;
}

/** Client settings for a loopback endpoint; throws for any other. */
export function clientOptions(endpoint: string, region: string): ClientOptions {
  return {
    endpoint: loopbackEndpoint(endpoint),
    region,
    credentials: testing,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    // The emulator answers or is broken: retries would only hide that.
    maxAttempts: 1,
  };
}

/** Makes the value on first use and once: loading every SDK client would delay each start. */
export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** What the call answers, or undefined if it fails with an error that means "not there". */
export async function unlessGone<T>(call: Promise<T>, gone: RegExp): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && gone.test(`${error.name}: ${error.message}`)) return undefined;
    throw error;
  }
}
