import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { AuthorizingProxy, RequiredAction } from "../../local/iam/contract";
import { simulateDelivery } from "../../local/services/codepipeline/simulateDelivery";
import { keyArn } from "../support/mocks";
import { contextAt } from "../support/contextAt";
import { type StubAnswer, type StubCall, stubCloud } from "../support/stubCloud";

const source = {
  name: "ModelBuildWorkflowCode",
  actionTypeId: { category: "Source", owner: "AWS", provider: "CodeCommit", version: "1" },
  configuration: { RepositoryName: "churn", BranchName: "main" },
  outputArtifacts: [{ name: "SourceCode" }],
};
const build = {
  name: "BuildAndExecuteSageMakerPipeline",
  actionTypeId: { category: "Build", owner: "AWS", provider: "CodeBuild", version: "1" },
  configuration: {
    ProjectName: "churn-build",
    EnvironmentVariables: variables("#{codepipeline.PipelineExecutionId}"),
  },
  inputArtifacts: [{ name: "SourceCode" }],
};
const refused: StubAnswer = [400, { __type: "AccessDeniedException", message: "you may not" }];

const answers: Readonly<Record<string, StubAnswer>> = {
  "CodeCommit_20150413.GetBranch": [200, { branch: { commitId: "head" } }],
  "CodeCommit_20150413.GetCommit": [200, { commit: {} }],
  "CodeCommit_20150413.GetFolder": [200, { files: [{ absolutePath: "train.py" }] }],
  "CodeCommit_20150413.GetFile": [200, { fileContent: Buffer.from("pass").toString("base64") }],
  "CodePipeline_20150709.GetPipelineExecution": [
    200,
    { pipelineExecution: { status: "InProgress" } },
  ],
  "CodePipeline_20150709.EmulatorPlayAction": [
    200,
    { actionExecution: { actionExecutionId: "action-1", status: "InProgress" } },
  ],
  PUT: [200, ""],
  "CodeBuild_20161006.StartBuild": [200, { build: { id: "churn-build:1" } }],
  "CodeBuild_20161006.BatchGetProjects": refused,
};

interface Scenario {
  readonly actions?: readonly object[];
  readonly answers?: Readonly<Record<string, StubAnswer>>;
  readonly commitId?: string;
  readonly store?: object;
}

/** Plays a pipeline with these actions, each a stage, and returns its run and the calls under its role. */
async function simulate(scenario: Scenario) {
  const {
    actions = [source, build],
    commitId,
    store = { encryptionKey: { id: keyArn } },
  } = scenario;
  const stages = actions.map((action, index) => ({
    name: `Stage${String(index)}`,
    actions: [action],
  }));
  const artifactStore = { location: "artifacts", ...store };
  const pipeline = { name: "churn", roleArn: "role", version: 3, artifactStore, stages };
  const metadata = { pipelineArn: "arn:aws:codepipeline:us-east-1:123456789012:churn" };
  const answerTo = ({ operation }: StubCall): StubAnswer => {
    if (operation === "CodePipeline_20150709.GetPipeline") return [200, { pipeline, metadata }];
    const answer = { ...answers, ...scenario.answers }[operation];
    return answer ?? [500, { __type: "Unasked", message: operation }];
  };
  const cloud = await stubCloud(answerTo);
  const required: RequiredAction[] = [];
  const scratch = mkdtempSync(join(tmpdir(), "delivery-"));
  const proxy: Partial<AuthorizingProxy> = {
    assume: (roleArn, by) => {
      assert.ok("service" in by);
      const { service, sourceArn } = by;
      assert.deepEqual(
        [roleArn, service, sourceArn],
        ["role", "codepipeline.amazonaws.com", metadata.pipelineArn],
      );
      return Promise.resolve({ accessKeyId: "PIPELINE", secretAccessKey: "s", sessionToken: "t" });
    },
    require: (_, use) => Promise.resolve(void required.push(use)),
  };
  const context = { ...contextAt(cloud.endpoint, proxy), scratch };
  try {
    const order = {
      pipelineName: "churn",
      executionId: "execution-1",
      python: "/nowhere",
      commitId,
      note: () => undefined,
      send: () => Promise.resolve(),
    };
    const run = await simulateDelivery(order, context);
    const authorized = cloud.calls.filter(({ accessKeyId }) => accessKeyId === "PIPELINE");
    return { authorized, required, run };
  } finally {
    cloud.close();
    rmSync(scratch, { recursive: true });
  }
}

describe("a CodePipeline execution on the local cloud", () => {
  it("reads the commit, then uploads the source artifact with the pipeline role and the deployed key", async () => {
    const { authorized, required, run } = await simulate({ actions: [source] });
    assert.deepEqual(
      authorized.map(({ operation }) => operation),
      ["CodeCommit_20150413.GetBranch", "CodeCommit_20150413.GetCommit", "PUT"],
    );
    const put = authorized.at(-1);
    assert.match(put?.path ?? "", /^\/artifacts\/churn\/SourceCode\/[\w-]{7}\.zip(\?|$)/);
    assert.equal(put?.headers["x-amz-server-side-encryption"], "aws:kms");
    assert.equal(put.headers["x-amz-server-side-encryption-aws-kms-key-id"], keyArn);
    const resource = "arn:aws:codecommit:us-east-1:123456789012:churn";
    assert.deepEqual(required, [
      { action: "codecommit:UploadArchive", resource },
      { action: "codecommit:GetUploadArchiveStatus", resource },
    ]);
    assert.deepEqual([run.commitId, run.pipelineVersion, run.failure], ["head", 3, undefined]);
  });

  it("uses the bucket encryption if the pipeline has no key", async () => {
    const { authorized } = await simulate({ actions: [source], store: {} });
    const names = Object.keys(authorized.at(-1)?.headers ?? {});
    assert.deepEqual(
      names.filter((name) => name.includes("encryption")),
      [],
    );
  });

  it("builds the commit of the trigger, not the latest commit of the branch", async () => {
    const { authorized, run } = await simulate({ actions: [source], commitId: "pinned" });
    const read = authorized.find(({ operation }) => operation.endsWith(".GetCommit"));
    assert.deepEqual([read?.body.commitId, run.commitId], ["pinned", "pinned"]);
  });

  it("passes variables to the build and resolves PipelineExecutionId", async () => {
    const { authorized } = await simulate({});
    const started = authorized.find(({ operation }) => operation.endsWith(".StartBuild"));
    assert.deepEqual(started?.body, {
      projectName: "churn-build",
      environmentVariablesOverride: [{ name: "ID", type: "PLAINTEXT", value: "execution-1" }],
    });
  });

  it("fails with AWS's message in the action whose call is denied, and runs no other action", async () => {
    const { authorized, run } = await simulate({
      answers: { "CodeCommit_20150413.GetCommit": refused },
    });
    assert.deepEqual(run.failure, {
      actionExecutionId: "action-1",
      token: undefined,
      stage: "Stage0",
      action: source.name,
      type: source.actionTypeId,
      reason: "you may not",
      build: undefined,
    });
    assert.ok(!authorized.some(({ operation }) => /PUT|StartBuild/.test(operation)));
    const { run: other } = await simulate({
      answers: { "CodeBuild_20161006.StartBuild": refused },
    });
    assert.deepEqual([other.failure?.stage, other.failure?.reason], ["Stage1", "you may not"]);
  });

  it("rejects unsupported actions by name", async () => {
    const EnvironmentVariables = variables("#{SourceVariables.CommitId}");
    const configuration = { ...build.configuration, EnvironmentVariables };
    await assert.rejects(
      simulate({ actions: [source, { ...build, configuration }] }),
      /#\{SourceVariables\.CommitId\} has no value/,
    );
    const provided = (category: string, provider: string): object => ({
      ...source,
      actionTypeId: { ...source.actionTypeId, category, provider },
    });
    await assert.rejects(
      simulate({ actions: [provided("Source", "S3")] }),
      /ModelBuildWorkflowCode: .* source provider S3/,
    );
    await assert.rejects(
      simulate({ actions: [provided("Deploy", "CloudFormation")] }),
      /ModelBuildWorkflowCode: .* provider CloudFormation/,
    );
  });
});

function variables(value: string): string {
  return JSON.stringify([{ name: "ID", type: "PLAINTEXT", value }]);
}
