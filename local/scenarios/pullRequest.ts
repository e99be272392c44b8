import { prepareTools, withLocalCloud } from "../index";
import type { Engine } from "../cloud/engine";
import { ownerClients } from "../iam/clients";
import { mustBeAllowed } from "../report/denials";
import type { Stepping } from "../report/steps";
import { simulateStartedBuild } from "../services/codebuild/startedBuild";
import { type PullRequestChange, pullRequestEvent } from "../services/eventbridge/pullRequestEvent";
import { send } from "../services/runUntilIdle";
import { preparePrograms } from "../toolchain/venv";
import { print } from "../../lib/progress";
import { commit, headOf } from "./commit";
import { mustBeEmpty } from "../cloud/readBack";
import { mustBe } from "./push";
import type { ScenarioWork } from "./runScenario";
import { policyPack, thisProject } from "./thisProject";
import { type Opened, openTestEnvironment } from "./testEnvironment";

const BRANCH = "feature/round-features";
const TRAIN = "pipelines/training/scripts/train.py";

/**
 * Deploys a stack with `build.comparePullRequests`. A pull request starts the comparison, whose end
 * starts the comment. A push to its branch tries more than to compare, and fails: IAM denies it, and
 * the comment is edited.
 */
export async function pullRequest({ signal, steps }: ScenarioWork): Promise<void> {
  const { step } = steps;
  const tools = await step("tools: Pulumi CLI and Python environments are ready", () =>
    prepareTools(signal),
  );
  const programs = await preparePrograms(signal);
  const stack = { ...thisProject, policyPack, stackName: "dev" };
  await withLocalCloud(tools, stack, signal, async (engine) => {
    await step("pulumi up with build.comparePullRequests", () => deploy(engine));
    const opened = await openTestEnvironment(engine, programs);
    try {
      await comment(steps, opened);
    } finally {
      await opened.close();
    }
    await step("pulumi destroy deletes everything except KMS keys pending deletion", async () => {
      await engine.destroy();
      await mustBeEmpty(engine);
    });
  });
}

async function deploy(engine: Engine): Promise<void> {
  await engine.cli("config", "set", "--path", "build.comparePullRequests", "true");
  await engine.up("pulumi up");
}

async function comment({ step }: Stepping, opened: Opened): Promise<void> {
  const { source, testEnvironment } = opened;
  const { decisions } = testEnvironment.context.proxy;
  const train = await fileOf(opened, TRAIN);
  const id = await step("a pull request to another branch starts no build", async () => {
    await openBranch(opened);
    await push(opened, TRAIN, train.replace(".fit(features,", ".fit(features.round(-2),"));
    const id = await openPullRequest(opened);
    const event = await eventOf(opened, id, "pullRequestCreated");
    const detail = { ...event.detail, destinationReference: "refs/heads/release" };
    mustBe("deliveries", (await send({ ...event, detail }, testEnvironment)).length, 0);
    return id;
  });
  await step("a pull request gets one comment with the verdict", async () => {
    await runBuilds(opened, await eventOf(opened, id, "pullRequestCreated"));
    const text = await onlyComment(opened, id);
    for (const line of text.split("\n").slice(2, 24)) print(`    ${line}`);
    mustContain(text, "## Model comparison: worse", "`accuracy`", "- `train.py`");
  });
  await step("IAM allows every call of every role", () => {
    mustBeAllowed(decisions);
    return Promise.resolve();
  });
  await step(
    "a push of code that reads artifacts and comments is denied; the comment says failed",
    async () => {
      const before = decisions.length;
      const { artifactBucketName } = opened.outputs;
      const buildspec = hostileBuildspec(artifactBucketName, id, source.repositoryName);
      await push(opened, "compare-buildspec.yml", buildspec);
      await runBuilds(opened, await eventOf(opened, id, "pullRequestSourceBranchUpdated"));
      const denied = decisions.slice(before).filter(({ allowed }) => !allowed);
      mustBe(
        "denied",
        [...new Set(denied.map(({ action }) => action))].sort().join(),
        "codecommit:GetPullRequest,codecommit:PostCommentForPullRequest,s3:GetObject",
      );
      mustContain(await onlyComment(opened, id), "## Model comparison: failed");
    },
  );
}

/** Delivers the event of a pull request, and runs both builds. */
async function runBuilds(
  { testEnvironment }: Opened,
  event: Parameters<typeof send>[0],
): Promise<void> {
  const [compare, ...others] = await send(event, testEnvironment);
  mustBe("further deliveries", others.length, 0);
  const compared = await simulateStartedBuild(compare?.detail ?? "", testEnvironment);
  const [comment] = compared.deliveries;
  const { failure, lines } = await simulateStartedBuild(comment?.detail ?? "", testEnvironment);
  if (failure !== undefined) throw new Error(`${failure}\n${lines.slice(-30).join("\n")}`);
}

async function fileOf({ source, testEnvironment }: Opened, filePath: string): Promise<string> {
  const { branchName: commitSpecifier, repositoryName } = source;
  const codecommit = await ownerClients(testEnvironment.context).codecommit();
  const { fileContent } = await codecommit.getFile({ commitSpecifier, filePath, repositoryName });
  return Buffer.from(fileContent ?? []).toString();
}

async function openBranch({ source, testEnvironment: { context } }: Opened): Promise<void> {
  const { repositoryName } = source;
  const commitId = await headOf(source, context);
  const codecommit = await ownerClients(context).codecommit();
  await codecommit.createBranch({ branchName: BRANCH, commitId, repositoryName });
}

async function push(
  { source, testEnvironment }: Opened,
  file: string,
  content: string,
): Promise<void> {
  const put = { files: { [file]: Buffer.from(content) } };
  const { repositoryName } = source;
  const change = { branchName: BRANCH, message: "A change", put, repositoryName };
  await commit(change, testEnvironment.context);
}

async function openPullRequest({ source, testEnvironment }: Opened): Promise<string> {
  const codecommit = await ownerClients(testEnvironment.context).codecommit();
  const { branchName: destinationReference, repositoryName } = source;
  const { pullRequest } = await codecommit.createPullRequest({
    targets: [{ destinationReference, repositoryName, sourceReference: BRANCH }],
    title: "Round the features",
  });
  return pullRequest?.pullRequestId ?? "";
}

async function eventOf(
  { testEnvironment: { context } }: Opened,
  pullRequestId: string,
  event: PullRequestChange["event"],
) {
  const codecommit = await ownerClients(context).codecommit();
  const { pullRequest } = await codecommit.getPullRequest({ pullRequestId });
  const [target] = pullRequest?.pullRequestTargets ?? [];
  return pullRequestEvent({
    ...context,
    destination: [target?.destinationReference ?? "", target?.destinationCommit ?? ""],
    event,
    pullRequestId,
    repositoryName: target?.repositoryName ?? "",
    source: [target?.sourceReference ?? "", target?.sourceCommit ?? ""],
    title: pullRequest?.title ?? "",
  });
}

/** Text of the comment of a pull request, which must be the only one. */
async function onlyComment({ testEnvironment }: Opened, pullRequestId: string): Promise<string> {
  const codecommit = await ownerClients(testEnvironment.context).codecommit();
  const { repositoryName } =
    (await codecommit.getPullRequest({ pullRequestId })).pullRequest?.pullRequestTargets?.[0] ?? {};
  const { commentsForPullRequestData = [] } = await codecommit.getCommentsForPullRequest({
    pullRequestId,
    repositoryName,
  });
  const comments = commentsForPullRequestData.flatMap((one) => one.comments ?? []);
  mustBe("comments", comments.length, 1);
  return comments[0]?.content ?? "";
}

/** A buildspec of a pull request that tries more than its role may do, and fails. */
function hostileBuildspec(bucket: string, id: string, repositoryName: string): string {
  const python = `
import boto3, os
commit = os.environ["BASE_COMMIT"]
request = {"pullRequestId": "${id}"}
place = {**request, "repositoryName": "${repositoryName}"}
commits = {"beforeCommitId": commit, "afterCommitId": commit}
for service, method, arguments in (
    ("s3", "get_object", {"Bucket": "${bucket}", "Key": "model.tar.gz"}),
    ("codecommit", "get_pull_request", request),
    ("codecommit", "post_comment_for_pull_request", {**place, **commits, "content": "better"}),
):
    try:
        getattr(boto3.client(service), method)(**arguments)
    except Exception as error:
        print(error)
raise SystemExit(1)
`;
  const commands = [`python -c '${python}'`];
  return JSON.stringify({ version: "0.2", phases: { build: { commands } } });
}

function mustContain(text: string, ...parts: string[]): void {
  const missing = parts.filter((part) => !text.includes(part));
  if (missing.length > 0) throw new Error(`expected ${missing.join(", ")} in:\n${text}`);
}
