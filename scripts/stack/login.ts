import { z } from "zod";

const bucket = /^(s3|file):\/\/./;
const cloud = /^https:\/\/[^/]+$/;

const request = z.object({
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: z.string().min(1),
  ACTIONS_ID_TOKEN_REQUEST_URL: z.url(),
});

/** The workflow's OIDC token for an audience. */
type AskToken = (audience: string) => Promise<string>;

/**
 * With which arguments `pulumi` logs in to a state: a bucket needs AWS credentials alone, Pulumi Cloud takes the workflow's own
 * OIDC token, so that no token of Pulumi's is kept anywhere.
 * @throws an error that names the variable that is missing or wrong
 */
export async function loginArguments(
  { BACKEND = "", ORGANIZATION = "" }: Readonly<Record<string, string | undefined>>,
  askToken: AskToken,
): Promise<string[]> {
  if (bucket.test(BACKEND)) return ["login", BACKEND];
  if (!cloud.test(BACKEND)) {
    throw new Error(
      "PULUMI_BACKEND_URL must be a bucket, for example s3://acme-state?region=us-east-1, or https://api.pulumi.com; " +
        `got "${BACKEND}"`,
    );
  }
  if (ORGANIZATION === "") {
    throw new Error(`PULUMI_ORGANIZATION must name the organization at ${BACKEND}, got none`);
  }
  const token = await askToken(`urn:pulumi:org:${ORGANIZATION}`);
  const as = ["--oidc-org", ORGANIZATION, "--oidc-token", token, "--default-org", ORGANIZATION];
  return ["login", "--cloud-url", BACKEND, ...as];
}

/** Asks GitHub for the run's token, as `id-token: write` allows. */
export function askGitHub(env: NodeJS.ProcessEnv): AskToken {
  return async (audience) => {
    const { data } = request.safeParse(env);
    if (data === undefined) throw new Error("the job needs the permission id-token: write");
    const url = `${data.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=${encodeURIComponent(audience)}`;
    const headers = { authorization: `Bearer ${data.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
    const response = await fetch(url, { headers });
    if (!response.ok) throw new Error(`GitHub gave no token: ${String(response.status)}`);
    return z.object({ value: z.string() }).parse(await response.json()).value;
  };
}
