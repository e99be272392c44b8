import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import type { Delivery } from "../eventbridge/deliver";
import { serviceEvent } from "../eventbridge/serviceEvent";
import { send, type TestEnvironment } from "../runUntilIdle";
import { type BuildResult, simulateBuild } from "./simulateBuild";

/** A build that an EventBridge rule started, and the deliveries of the event of its end. */
export interface StartedBuild extends BuildResult {
  readonly deliveries: readonly Delivery[];
}

/** Simulates a started build of a project with a CodeCommit repository, and sends its last event. */
export async function simulateStartedBuild(
  buildId: string,
  testEnvironment: TestEnvironment,
): Promise<StartedBuild> {
  const { context, python, timeline } = testEnvironment;
  const codebuild = await ownerClients(context).codebuild();
  const [projectName = ""] = buildId.split(":");
  const { builds = [] } = await codebuild.batchGetBuilds({ ids: [buildId] });
  const { projects = [] } = await codebuild.batchGetProjects({ names: [projectName] });
  const [build] = builds;
  const [project] = projects;
  if (build === undefined || project === undefined) throw new Error(`there is no build ${buildId}`);
  const repositoryName = project.source?.location?.split("/").pop() ?? "";
  const commitId = await commitOf(build.sourceVersion ?? "", repositoryName, context);
  const start = new Date();
  const result = await simulateBuild(
    {
      buildId,
      commitId,
      initiator: "rule",
      inputs: new Map(),
      note: (line) => {
        timeline.note("CodeBuild", `note: ${line}`);
      },
      outputs: outputsOf(build.artifacts?.location),
      packaging: "NONE",
      projectName,
      python,
      source: { commitId, repositoryName },
      variables: Object.fromEntries(
        (build.environment?.environmentVariables ?? []).map(({ name = "", value = "" }) => [
          name,
          value,
        ]),
      ),
    },
    context,
  );
  const status = result.failure === undefined ? "SUCCEEDED" : "FAILED";
  timeline.note("CodeBuild", `${projectName}: ${status}\n${result.lines.slice(-3).join("\n")}`, {
    start,
  });
  const event = serviceEvent(context, {
    source: "aws.codebuild",
    detailType: "CodeBuild Build State Change",
    resources: [build.arn ?? ""],
    detail: {
      "build-id": build.arn,
      "build-status": status,
      "current-phase": "COMPLETED",
      "project-name": projectName,
      version: "1",
    },
  });
  return { ...result, deliveries: await send(event, testEnvironment) };
}

/** A source version is a commit or a branch. */
async function commitOf(
  version: string,
  repositoryName: string,
  context: AwsContext,
): Promise<string> {
  if (!version.startsWith("refs/heads/")) return version;
  const branchName = version.replace("refs/heads/", "");
  const codecommit = await ownerClients(context).codecommit();
  const { branch } = await codecommit.getBranch({ branchName, repositoryName });
  return branch?.commitId ?? "";
}

function outputsOf(location = "") {
  const [bucket = "", ...key] = location.replace(/^arn:[^:]+:s3:::/, "").split("/");
  return new Map(location === "" ? [] : [["findings", { bucket, key: key.join("/") }]]);
}
