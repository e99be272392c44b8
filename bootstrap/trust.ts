import { type Document, policyDocument } from "../components/policies/statements";
import type { Settings } from "./settings";

const GITHUB = "token.actions.githubusercontent.com";

/** OIDC issuer of GitHub Actions. */
export const issuer = `https://${GITHUB}`;

/** Audience of the OIDC token of a workflow that assumes an IAM role. */
export const audience = "sts.amazonaws.com";

/**
 * IAM trust policy of the preview role: pull requests of the repository, and its main branch.
 * GitHub issues no token to workflows of forks.
 */
export function previewTrustPolicy(settings: Settings, providerArn: string): Document {
  return trustPolicy(providerArn, settings, ["pull_request", "ref:refs/heads/main"]);
}

/**
 * IAM trust policy of a deployment role: jobs of one GitHub environment, only from the main branch,
 * independent of the rules of the environment.
 */
export function deployTrustPolicy(
  settings: Settings,
  providerArn: string,
  stack: string,
): Document {
  return trustPolicy(providerArn, settings, [`environment:${stack}`], {
    [`${GITHUB}:ref`]: "refs/heads/main",
  });
}

/**
 * IAM trust policy for GitHub's OIDC provider.
 * The subject of a token contains the repository name; for repositories created or renamed since
 * July 2026, names and IDs. The condition always requires the repository ID: another user can take
 * over a name.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
function trustPolicy(
  Federated: string,
  { ownerId, repository, repositoryId }: Settings,
  contexts: string[],
  additionalClaims: Record<string, string> = {},
): Document {
  const [owner = "", name = ""] = repository.split("/");
  const subjects = [repository, `${owner}@${ownerId}/${name}@${repositoryId}`];
  return policyDocument([
    {
      Sid: "AssumeByWorkflow",
      Effect: "Allow",
      Principal: { Federated },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${GITHUB}:aud`]: audience,
          [`${GITHUB}:repository_id`]: repositoryId,
          [`${GITHUB}:sub`]: subjects.flatMap((subject) =>
            contexts.map((context) => `repo:${subject}:${context}`),
          ),
          ...additionalClaims,
        },
      },
    },
  ]);
}
