import { type OwnedSettings, assertOwnership } from "../../components/validation/ownership";
import type { AwsContext } from "../../components/names/names";
import type { Settings } from "../../components/validation/resolveSettings";
import { type Finding, fix, note, ok, reasonOf } from "./finding";
import type { Calls } from "./calls";

/** AWS context of the credentials, if they are valid. */
export async function examineCredentials(
  { account }: Pick<Calls, "account">,
  region: string,
): Promise<{ context?: AwsContext; finding: Finding }> {
  try {
    const accountId = await account();
    if (accountId === undefined) throw new Error("AWS returned no account");
    return {
      context: contextOf(accountId, region),
      finding: ok(`AWS credentials: account ${accountId}`),
    };
  } catch (error) {
    return { finding: invalidCredentials(error) };
  }
}

/** Finding for credentials that do not work. */
export function invalidCredentials(error: unknown): Finding {
  const remedy =
    `${reasonOf(error)}\nsign in, and set AWS_PROFILE or aws:profile, for example ` +
    `"pulumi config set aws:profile churn-dev"; the resources in AWS were not checked`;
  return fix("AWS credentials are missing or invalid", remedy);
}

/** Whether the ARNs in the config match the account, region and partition, where required. */
export function ownershipFinding(settings: OwnedSettings, context: AwsContext): Finding {
  try {
    assertOwnership(settings, context, "the config");
    return ok("ARNs in the config match this account and region");
  } catch (error) {
    return fix("the config is invalid", reasonOf(error));
  }
}

/** Whether the source is usable: CodeCommit, an existing repository, or a connection. */
export function examineSource(
  calls: Calls,
  { connection, existing }: Settings["source"],
): Promise<Finding> {
  if (connection !== undefined) return connectionFinding(calls, connection.connectionArn);
  if (existing !== undefined) return branchFinding(calls, existing);
  return codecommitFinding(calls);
}

const connectionsPage = "AWS console, Developer Tools, Settings, Connections";

async function connectionFinding({ connection }: Calls, arn: string): Promise<Finding> {
  try {
    const status = await connection(arn);
    if (status === "AVAILABLE") return ok("the connection is AVAILABLE");
    return fix(
      `the connection is ${status}`,
      `complete its handshake: ${connectionsPage}, Update pending connection`,
    );
  } catch (error) {
    const remedy = `${reasonOf(error)}\ncheck that its status is Available: ${connectionsPage}`;
    return note("the connection could not be checked", remedy);
  }
}

async function branchFinding(
  { branches, hasRepository }: Calls,
  { branch, repositoryName }: { branch: string; repositoryName: string },
): Promise<Finding> {
  try {
    if (!(await hasRepository(repositoryName)))
      return fix(
        `repository ${repositoryName} does not exist`,
        "set source.existing.repositoryName to a repository of this account and region, " +
          "or remove source to create one",
      );
    if ((await branches(repositoryName)).includes(branch))
      return ok(`repository ${repositoryName} has the branch ${branch}`);
    return note(
      `repository ${repositoryName} has no branch ${branch} yet`,
      "the first pipeline execution fails; a push to the branch starts the next one",
    );
  } catch (error) {
    return fix(`repository ${repositoryName} could not be checked`, reasonOf(error));
  }
}

async function codecommitFinding({ repositories }: Calls): Promise<Finding> {
  const alternative = "or host the code on GitHub, GitLab or Bitbucket and set source.connection";
  try {
    if ((await repositories()).length > 0)
      return ok("CodeCommit is in use in this account and region");
    return note(
      "CodeCommit has no repository in this account and region",
      "if pulumi up fails with OperationNotAllowedException, AWS does not allow this account to " +
        `create repositories: ask AWS Support, ${alternative}`,
    );
  } catch (error) {
    const remedy = `${reasonOf(error)}\ngrant codecommit:ListRepositories, ${alternative}`;
    return fix("CodeCommit denies access", remedy);
  }
}

function contextOf(accountId: string, region: string): AwsContext {
  const location = { accountId, region };
  if (region.startsWith("cn-"))
    return { ...location, dnsSuffix: "amazonaws.com.cn", partition: "aws-cn" };
  const partition = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return { ...location, dnsSuffix: "amazonaws.com", partition };
}
