import type { Calls } from "./connect";
import type { StarterFile } from "./starter";

/** Repository and branch of the first commit. */
export interface Target {
  readonly accountId: string;
  readonly branch: string;
  readonly region: string;
  readonly repositoryName: string;
}

/**
 * Limits of one CreateCommit call, with the text of FileContentSizeLimitExceededException.
 * @see https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html
 */
const maximum = { bytes: 7 * 2 ** 20, bytesOfFile: 6 * 2 ** 20, files: 100 };

/** Target from the ARN of a repository. */
export function targetOf(repositoryArn: string, branch: string): Target {
  const [, , , region = "", accountId = "", repositoryName = ""] = repositoryArn.split(":");
  return { accountId, branch, region, repositoryName };
}

/**
 * Creates the first commit of a repository without branches. Other repositories are not changed.
 * @param read returns the files; called only if they are needed
 * @returns one sentence about the result
 * @throws if the credentials belong to another account, or the files exceed one commit
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
 * Verifies that the credentials belong to the account.
 * @param what purpose of the credentials, as the beginning of a sentence
 * @throws if the credentials belong to another account or do not work, with the next step
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
  const large = files.filter(({ content }) => content.length > maximum.bytesOfFile);
  const problems = [
    ...(files.length > maximum.files
      ? [`at most ${String(maximum.files)} files, not ${String(files.length)}`]
      : []),
    ...empty.map(({ path }) => `no empty file, so that ${path} needs a comment at least`),
    ...large.map(({ path }) => `files of at most 6 MB, unlike ${path}`),
    ...(bytes > maximum.bytes ? [`at most 7 MB together, not ${String(bytes)} bytes`] : []),
  ];
  if (problems.length > 0)
    throw new Error(
      `the starter must fit into one call of AWS's API, which takes ${problems.join("; ")}`,
    );
}
