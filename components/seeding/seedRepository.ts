import type { Calls } from "./connect";
import type { StarterFile } from "./starter";

/** The repository and branch of a first commit. */
export interface Target {
  readonly accountId: string;
  readonly branch: string;
  readonly region: string;
  readonly repositoryName: string;
}

/** https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html, and the text of FileContentSizeLimitExceededException */
const most = { bytes: 7 * 2 ** 20, bytesOfFile: 6 * 2 ** 20, files: 100 };

/** What the ARN of a repository says of it. */
export function targetOf(repositoryArn: string, branch: string): Target {
  const [, , , region = "", accountId = "", repositoryName = ""] = repositoryArn.split(":");
  return { accountId, branch, region, repositoryName };
}

/**
 * Makes the first commit of a repository that has no branch; one that has any is left alone.
 * @param read gives the files; called only if they are needed
 * @returns one sentence that tells what was done
 * @throws if the credentials are not of the repository's account, or the files do not fit into one commit
 */
export async function seedRepository(
  calls: Calls,
  { accountId, branch, repositoryName }: Target,
  read: () => readonly StarterFile[],
): Promise<string> {
  await mustBeIn(accountId, calls, "the starter must be committed");
  const branches = await calls.branches(repositoryName);
  if (branches.length > 0)
    return `${repositoryName} is not seeded: it has the branch ${branches.includes(branch) ? branch : String(branches[0])} already`;

  const files = read();
  mustFit(files);
  const message = "Start from the starter of model-build-pipeline";
  const commitId = await calls.commit(repositoryName, { branch, files, message });
  return `${repositoryName} is seeded with the starter: commit ${commitId.slice(0, 7)} of ${String(files.length)} files on ${branch}`;
}

/**
 * Passes only if the credentials are of the account.
 * @param what what they are wanted for, as the beginning of a sentence
 * @throws if they are of another account, or there are none that work; either says what to set
 */
export async function mustBeIn(
  accountId: string,
  calls: Pick<Calls, "account">,
  what: string,
): Promise<void> {
  const remedy = `set AWS_PROFILE or aws:profile to a profile of ${accountId}, for example "pulumi config set aws:profile churn-dev"`;
  const found = await calls.account().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${what} with credentials of account ${accountId}: ${remedy}; got none that work (${reason})`,
      { cause: error },
    );
  });
  if (found !== accountId)
    throw new Error(
      `${what} with credentials of account ${accountId}: ${remedy}; got those of ${String(found)}`,
    );
}

function mustFit(files: readonly StarterFile[]): void {
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  const empty = files.filter(({ content }) => content.length === 0);
  const large = files.filter(({ content }) => content.length > most.bytesOfFile);
  const problems = [
    ...(files.length > most.files
      ? [`at most ${String(most.files)} files, not ${String(files.length)}`]
      : []),
    ...empty.map(({ path }) => `no empty file, so that ${path} needs a comment at least`),
    ...large.map(({ path }) => `files of at most 6 MB, unlike ${path}`),
    ...(bytes > most.bytes ? [`at most 7 MB together, not ${String(bytes)} bytes`] : []),
  ];
  if (problems.length > 0)
    throw new Error(
      `the starter must fit into one call of AWS's API, which takes ${problems.join("; ")}`,
    );
}
