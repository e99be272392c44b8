import { z } from "zod";

const bucket = /^(s3|file):\/\/./;
const cloud = /^https:\/\/[^/]+$/;

const request = z.object({
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: z.string().min(1),
  ACTIONS_ID_TOKEN_REQUEST_URL: z.url(),
});

/** Requests the workflow's OIDC token for an audience. */
type RequestToken = (audience: string) => Promise<string>;

/**
 * Arguments of `pulumi login`. A bucket needs only AWS credentials. Pulumi Cloud accepts the OIDC
 * token of the workflow, so that no Pulumi access token is stored.
 * @throws an error that names the missing or invalid variable
 */
export async function loginArguments(
  { BACKEND = "", ORGANIZATION = "" }: Readonly<Record<string, string | undefined>>,
  requestToken: RequestToken,
): Promise<string[]> {
  if (bucket.test(BACKEND)) return ["login", BACKEND];
  if (!cloud.test(BACKEND)) {
    throw new Error(
      "PULUMI_BACKEND_URL must be a bucket, for example s3://acme-state?region=us-east-1, " +
        `or https://api.pulumi.com; got "${BACKEND}"`,
    );
  }
  if (ORGANIZATION === "") {
    throw new Error(
      `PULUMI_ORGANIZATION must be the name of an organization at ${BACKEND}, got none`,
    );
  }
  const token = await requestToken(`urn:pulumi:org:${ORGANIZATION}`);
  const as = ["--oidc-org", ORGANIZATION, "--oidc-token", token, "--default-org", ORGANIZATION];
  return ["login", "--cloud-url", BACKEND, ...as];
}

/** Requests OIDC tokens from GitHub; the job needs the permission `id-token: write`. */
export function gitHubTokens(env: NodeJS.ProcessEnv): RequestToken {
  return async (audience) => {
    const { data } = request.safeParse(env);
    if (data === undefined) throw new Error("the job needs the permission id-token: write");
    const url = `${data.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(audience)}`;
    const headers = { authorization: `Bearer ${data.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
    const response = await fetch(url, { headers });
    if (!response.ok)
      throw new Error(`GitHub issued no OIDC token: status ${String(response.status)}`);
    return z.object({ value: z.string() }).parse(await response.json()).value;
  };
}
