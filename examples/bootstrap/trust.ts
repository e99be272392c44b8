import { type Document, document } from "../../components/policies/grammar";
import type { Settings } from "./settings";

const GITHUB = "token.actions.githubusercontent.com";

/** Where GitHub's tokens come from. */
export const issuer = `https://${GITHUB}`;

/** For whom a workflow asks them, when it takes a role of AWS. */
export const audience = "sts.amazonaws.com";

/** Pull requests of branches in the repository, and its main branch: what a fork runs gets no token from GitHub. */
export function trustPreviews(settings: Settings, providerArn: string): Document {
  return trust(providerArn, settings, ["pull_request", "ref:refs/heads/main"]);
}

/** Jobs of one environment, and only from the main branch, whatever the environment's own rules are. */
export function trustDeployments(settings: Settings, providerArn: string, stack: string): Document {
  return trust(providerArn, settings, [`environment:${stack}`], {
    [`${GITHUB}:ref`]: "refs/heads/main",
  });
}

/**
 * GitHub names a repository in a token's subject by names or, since July 2026 where it was made or renamed, by names and numbers.
 * The number of the repository is asked for in any case: names can be taken over.
 */
function trust(
  Federated: string,
  { ownerId, repository, repositoryId }: Settings,
  contexts: string[],
  more: Record<string, string> = {},
): Document {
  const [owner = "", name = ""] = repository.split("/");
  const subjects = [repository, `${owner}@${ownerId}/${name}@${repositoryId}`];
  return document([
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
          ...more,
        },
      },
    },
  ]);
}
