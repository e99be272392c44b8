import { strict as assert } from "node:assert";

import type { SourceArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { asDocument, reviewed } from "../support/documents";
import { record, type Recording } from "../support/mocks";

const connectionArn =
  "arn:aws:codeconnections:us-east-1:123456789012:connection/11111111-2222-3333-4444-555555555555";

describe("an existing CodeCommit repository", () => {
  let recording: Recording;
  let pipeline: ModelBuildPipeline;

  before(async () => {
    recording = await record(() => {
      pipeline = withSource({ existing: { repositoryName: "team-model", branch: "release" } });
    });
  });

  it("creates the same resources except the repository", async () => {
    const created = await record(() => withSource({ codecommit: {} }));
    assert.deepEqual(
      recording.inventory(),
      created.inventory().filter((it) => it !== "codecommit/Repository build-source"),
    );
  });

  it("is the pipeline's source, at its branch, without polling", () => {
    assert.deepEqual(sourceAction(recording), {
      category: "Source",
      configuration: {
        BranchName: "release",
        PollForSourceChanges: "false",
        RepositoryName: "team-model",
      },
      name: "ModelBuildWorkflowCode",
      outputArtifacts: ["SourceCode"],
      owner: "AWS",
      provider: "CodeCommit",
      version: "1",
    });
  });

  it("is the only repository in the push rule and the pipeline role's policy", () => {
    const arn = "arn:aws:codecommit:us-east-1:123456789012:team-model";
    const { eventPattern } = recording.inputsOf("cloudwatch/EventRule", "build-push-rule");
    assert.deepEqual(JSON.parse(String(eventPattern)), {
      account: ["123456789012"],
      source: ["aws.codecommit"],
      "detail-type": ["CodeCommit Repository State Change"],
      resources: [arn],
      detail: {
        event: ["referenceCreated", "referenceUpdated"],
        referenceType: ["branch"],
        referenceName: ["release"],
      },
    });
    const createdArn = "arn:aws:codecommit:us-east-1:123456789012:mlops-churn--dev--modelbuild";
    assert.deepEqual(
      recording.inputsOf("iam/RolePolicy", "build-pipeline-role").policy,
      JSON.parse(JSON.stringify(reviewed("pipeline-role-policy")).replaceAll(createdArn, arn)),
    );
  });

  it("has its name and clone URL as outputs", async () => {
    assert.equal(await value(pipeline.sourceRepositoryName), "team-model");
    assert.equal(
      await value(pipeline.sourceRepositoryCloneUrl),
      "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/team-model",
    );
  });
});

describe("a repository with a connection", () => {
  const connection = { connectionArn, fullRepositoryId: "acme/churn-model" };
  let recording: Recording;
  let pipeline: ModelBuildPipeline;

  before(async () => {
    recording = await record(() => {
      pipeline = withSource({ connection });
    });
  });

  it("creates no repository, push rule or push rule role", async () => {
    const created = await record(() => withSource({ codecommit: {} }));
    const missing = created.inventory().filter((it) => !recording.inventory().includes(it));
    assert.deepEqual(missing, [
      "cloudwatch/EventRule build-push-rule",
      "cloudwatch/EventTarget build-push-rule",
      "codecommit/Repository build-source",
      "iam/Role build-push-rule-role",
      "iam/RolePolicy build-push-rule-role",
    ]);
    assert.equal(recording.resources.length, created.resources.length - missing.length);
  });

  it("is the pipeline's source through its connection", () => {
    assert.deepEqual(sourceAction(recording), {
      category: "Source",
      configuration: {
        BranchName: "main",
        ConnectionArn: connectionArn,
        FullRepositoryId: "acme/churn-model",
      },
      name: "ModelBuildWorkflowCode",
      outputArtifacts: ["SourceCode"],
      owner: "AWS",
      provider: "CodeStarSourceConnection",
      version: "1",
    });
  });

  it("starts the pipeline on a push to the branch", () => {
    assert.deepEqual(triggers(recording), [
      {
        gitConfiguration: {
          pushes: [{ branches: { includes: ["main"] } }],
          sourceActionName: "ModelBuildWorkflowCode",
        },
        providerType: "CodeStarSourceConnection",
      },
    ]);
  });

  it("starts the pipeline only for the configured paths", async () => {
    const paths = ["pipelines/**", "pyproject.toml"];
    const filtered = await record(() => withSource({ connection: { ...connection, paths } }));
    assert.deepEqual(triggers(filtered), [
      {
        gitConfiguration: {
          pushes: [{ branches: { includes: ["main"] }, filePaths: { includes: paths } }],
          sourceActionName: "ModelBuildWorkflowCode",
        },
        providerType: "CodeStarSourceConnection",
      },
    ]);
  });

  for (const prefix of ["codeconnections", "codestar-connections"]) {
    it(`allows both ARN prefixes of the service, with a ${prefix} ARN`, async () => {
      const arn = connectionArn.replace("codeconnections", prefix);
      const other = await record(() =>
        withSource({ connection: { ...connection, connectionArn: arn } }),
      );
      assert.deepEqual(
        other.inputsOf("iam/RolePolicy", "build-pipeline-role").policy,
        reviewed("pipeline-role-policy-connection"),
      );
    });
  }

  it("omits the push rule from the DLQ's policy", () => {
    const push = "arn:aws:events:us-east-1:123456789012:rule/mlops-churn--dev--push";
    const standard = JSON.stringify(reviewed("dead-letter-queue-policy"));
    assert.ok(standard.includes(`"${push}",`));
    assert.deepEqual(
      asDocument(recording.inputsOf("sqs/QueuePolicy", "build-undelivered-events").policy),
      JSON.parse(standard.replace(`"${push}",`, "")),
    );
  });

  it("has a name but no clone URL as outputs", async () => {
    assert.equal(await value(pipeline.sourceRepositoryName), "acme/churn-model");
    assert.equal(pipeline.sourceRepositoryCloneUrl, undefined);
  });
});

describe("a created CodeCommit repository", () => {
  it("has no pipeline trigger, only the push rule", async () => {
    const recording = await record(() => withSource({ codecommit: {} }));
    assert.equal(triggers(recording), undefined);
  });
});

function withSource(source: SourceArgs): ModelBuildPipeline {
  return new ModelBuildPipeline("build", { projectName: "churn", projectId: "dev", source });
}

function triggers(recording: Recording): unknown {
  return recording.inputsOf("codepipeline/Pipeline", "build-pipeline").triggers;
}

function sourceAction(recording: Recording): unknown {
  const { stages } = recording.inputsOf("codepipeline/Pipeline", "build-pipeline") as {
    stages: { actions: unknown[] }[];
  };
  assert.equal(stages[0]?.actions.length, 1);
  return stages[0].actions[0];
}

function value(output: ModelBuildPipeline["sourceRepositoryCloneUrl"]): Promise<unknown> {
  return new Promise((resolve) => output?.apply(resolve));
}
