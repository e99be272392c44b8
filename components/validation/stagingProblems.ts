import { defaults } from "./defaults";
import { problem } from "./errors";
import { ruleText } from "./fields";

interface Surroundings {
  hasNetwork: boolean;
  key: string;
  posture?: unknown;
}

/**
 * Problems of a serverless staging endpoint, which supports neither a network nor network isolation.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
 */
export function stagingProblems(
  kind: unknown,
  { hasNetwork, key, posture = defaults.posture }: Surroundings,
): string[] {
  if (kind !== "serverless") return [];
  const { kind: example } = defaults.deploy.staging;
  const reject = (reason: string) => [problem(key, ruleText(`must be ${reason}`, example), kind)];
  return [
    ...(hasNetwork
      ? reject("instances in a private network: a serverless endpoint runs in no VPC")
      : []),
    ...(posture === "prod"
      ? reject("instances with posture prod: a serverless endpoint has no network isolation")
      : []),
  ];
}
