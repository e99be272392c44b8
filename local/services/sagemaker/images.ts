import type { Credentials, AwsContext } from "../../iam/contract";

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?:[:@].+)?$/;
const PULL = ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];

/** Judges the pull of each image under the role; returns the problems of those that cannot be pulled. */
export async function pullProblems(
  images: readonly string[],
  credentials: Credentials,
  context: AwsContext,
): Promise<string[]> {
  const problems: string[] = [];
  const repositories = new Set<string>();
  for (const image of images) {
    const [, account, region, repository] = ECR.exec(image) ?? [];
    if (account === undefined || region === undefined || repository === undefined) {
      problems.push(`the image ${image} is not in ECR`);
      continue;
    }
    repositories.add(`arn:${context.partition}:ecr:${region}:${account}:repository/${repository}`);
  }
  const pulls = [...repositories].flatMap((resource) =>
    PULL.map((action) => ({ action, resource })),
  );
  for (const use of [{ action: "ecr:GetAuthorizationToken", resource: "*" }, ...pulls]) {
    try {
      await context.proxy.require(credentials, use);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return problems;
}
