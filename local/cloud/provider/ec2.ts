import type { ClientOptions } from "./clients";

type Access = Pick<ClientOptions, "endpoint" | "region"> & {
  readonly credentials: Pick<ClientOptions["credentials"], "accessKeyId">;
};

/**
 * What EC2 answers, as XML, to one action with flat parameters. Its SDK client would be the largest of all, for a dozen
 * calls; the local cloud checks no signature.
 * @throws what EC2 says is wrong
 */
export async function ec2(
  { credentials, endpoint, region }: Access,
  action: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  const scope = `${credentials.accessKeyId}/20160101/${region}/ec2/aws4_request`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, Signature=none` },
    body: new URLSearchParams({ Action: action, Version: "2016-11-15", ...parameters }),
  });
  const answer = await response.text();
  if (response.ok) return answer;
  const [code = "", message = ""] = ["Code", "Message"].map((name) => textsIn(answer, name)[0]);
  throw new Error(
    `ec2:${action}: ${code === "" ? String(response.status) : `${code}: ${message}`}`,
  );
}

/** Every text of this element in an answer. */
export function textsIn(answer: string, element: string): string[] {
  return [...answer.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g"))].flatMap(
    ([, text]) => text ?? [],
  );
}

/** Parameters of a list: `SubnetId.1`, `SubnetId.2` and so on. */
export function listed(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.${String(index + 1)}`, value]));
}
