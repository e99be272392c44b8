import { type Belonging, mustBelong } from "../../components/checks/belonging";
import type { Place } from "../../components/names";
import type { Settings } from "../../components/settings";
import { type Finding, fix, note, ok, reasonOf } from "./finding";
import type { Calls } from "./calls";

/** The account that the credentials belong to, if there are any that work. */
export async function examineCredentials(
  { account }: Pick<Calls, "account">,
  region: string,
): Promise<{ finding: Finding; place?: Place }> {
  try {
    const accountId = await account();
    if (accountId === undefined) throw new Error("AWS names no account");
    return {
      finding: ok(`credentials of account ${accountId}`),
      place: placeOf(accountId, region),
    };
  } catch (error) {
    const remedy =
      `${reasonOf(error)}\nsign in, and set AWS_PROFILE or aws:profile, for example ` +
      `"pulumi config set aws:profile churn-dev"; what AWS holds was not looked at`;
    return { finding: fix("no AWS credentials that work", remedy) };
  }
}

/** Whether what the config names is of the stack's own account, where it must be. */
export function belongingFinding(settings: Belonging, place: Place): Finding {
  try {
    mustBelong(settings, place, "the config");
    return ok("what the config names belongs to this account");
  } catch (error) {
    return fix("the config must change", reasonOf(error));
  }
}

/** Whether the model code has a place: CodeCommit, a repository that is there, or a connection. */
export function examineSource(
  calls: Calls,
  { connection, existing }: Settings["source"],
): Promise<Finding> {
  if (connection !== undefined) return connected(calls, connection.connectionArn);
  if (existing !== undefined) return branchFinding(calls, existing);
  return codecommitFinding(calls);
}

async function connected({ connection }: Calls, arn: string): Promise<Finding> {
  try {
    const status = await connection(arn);
    if (status === "AVAILABLE") return ok("the connection is AVAILABLE");
    return fix(
      `the connection is ${status}`,
      "complete its handshake: AWS console, Developer Tools, Settings, Connections, Update pending connection",
    );
  } catch (error) {
    const remedy = `${reasonOf(error)}\nsee that its status is Available: AWS console, Developer Tools, Settings, Connections`;
    return note("the connection could not be looked at", remedy);
  }
}

async function branchFinding(
  { branches, hasRepository }: Calls,
  { branch, repositoryName }: { branch: string; repositoryName: string },
): Promise<Finding> {
  try {
    if (!(await hasRepository(repositoryName)))
      return fix(
        `there is no repository ${repositoryName}`,
        "set source.existing.repositoryName to one of this account and region, or leave source out to have one made",
      );
    if ((await branches(repositoryName)).includes(branch))
      return ok(`${repositoryName} has the branch ${branch}`);
    return note(
      `${repositoryName} has no branch ${branch} yet`,
      "the pipeline's first run fails until it has; a push to it starts the next",
    );
  } catch (error) {
    return fix(`${repositoryName} could not be looked at`, reasonOf(error));
  }
}

async function codecommitFinding({ repositories }: Calls): Promise<Finding> {
  const elsewhere = "or keep the code at GitHub, GitLab or Bitbucket: set source.connection";
  try {
    if ((await repositories()).length > 0) return ok("CodeCommit is in use here");
    return note(
      "CodeCommit answers, but holds no repository yet",
      `if pulumi up is told OperationNotAllowedException, AWS lets this account make none: ask its support, ${elsewhere}`,
    );
  } catch (error) {
    const remedy = `${reasonOf(error)}\nhave codecommit:ListRepositories granted, ${elsewhere}`;
    return fix("CodeCommit refuses", remedy);
  }
}

function placeOf(accountId: string, region: string): Place {
  const place = { accountId, region };
  if (region.startsWith("cn-"))
    return { ...place, dnsSuffix: "amazonaws.com.cn", partition: "aws-cn" };
  const partition = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return { ...place, dnsSuffix: "amazonaws.com", partition };
}
