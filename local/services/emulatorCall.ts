import { loopbackEndpoint } from "../cloud/provider/cloud";
import type { AwsContext } from "../iam/contract";

/** Target prefix of each service with operations that only the emulator has. */
const targets = {
  codecommit: "CodeCommit_20150413",
  codepipeline: "CodePipeline_20150709",
  sagemaker: "SageMaker",
};

/** Calls an operation that only the emulator has: no SDK knows it, so the request is written by hand. */
export async function callEmulator(
  { ownerEndpoint, region, signal }: AwsContext,
  service: keyof typeof targets,
  operation: string,
  body: object,
): Promise<unknown> {
  const answer = await fetch(loopbackEndpoint(ownerEndpoint), {
    method: "POST",
    headers: {
      // The emulator tells service and region by the scope; it checks no signature.
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${targets[service]}.${operation}`,
    },
    body: JSON.stringify(body),
    signal,
  });
  if (answer.ok) return answer.json();
  throw new Error(`the emulator rejected ${operation}: ${(await answer.text()).slice(0, 500)}`);
}
