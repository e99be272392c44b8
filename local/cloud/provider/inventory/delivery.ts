import type { ClientOptions } from "../clients";
import type { Row } from "../inventory";

/** Every CodeCommit repository. */
export async function repositories(options: ClientOptions): Promise<Row[]> {
  const { CodeCommit } = await import("@aws-sdk/client-codecommit");
  const api = new CodeCommit(options);
  const { repositories: found = [] } = await api.listRepositories({});
  return Promise.all(
    found.map(async ({ repositoryName = "" }) => {
      const { repositoryMetadata: one } = await api.getRepository({ repositoryName });
      const key = one?.kmsKeyId === undefined ? "AWS managed key" : "customer managed key";
      const { branches = [] } = await api.listBranches({ repositoryName });
      const code = branches.length === 0 ? "no commit" : `code on ${branches.join(", ")}`;
      const detail = `${key}, ${code}`;
      return { service: "CodeCommit", kind: "repository", name: repositoryName, detail };
    }),
  );
}

/** Every CodeBuild project. */
export async function projects(options: ClientOptions): Promise<Row[]> {
  const { CodeBuild } = await import("@aws-sdk/client-codebuild");
  const api = new CodeBuild(options);
  const { projects: names = [] } = await api.listProjects({});
  if (names.length === 0) return [];
  const { projects: found = [] } = await api.batchGetProjects({ names });
  return found.map(({ name = "", source, environment, timeoutInMinutes }) => ({
    service: "CodeBuild",
    kind: "project",
    name,
    detail:
      `runs ${source?.buildspec ?? "its default buildspec"} on ${environment?.image ?? "no image"}, ` +
      `${String(environment?.environmentVariables?.length ?? 0)} variables, ` +
      `${String(timeoutInMinutes)} minutes at most`,
  }));
}

/** Every CodePipeline pipeline. */
export async function pipelines(options: ClientOptions): Promise<Row[]> {
  const { CodePipeline } = await import("@aws-sdk/client-codepipeline");
  const api = new CodePipeline(options);
  const { pipelines: found = [] } = await api.listPipelines({});
  return Promise.all(
    found.map(async ({ name = "" }) => {
      const { pipeline } = await api.getPipeline({ name });
      const stages = pipeline?.stages?.map((stage) => stage.name).join(" -> ") ?? "no stages";
      const detail = `${pipeline?.pipelineType ?? "V1"} ${pipeline?.executionMode ?? ""}: ${stages}`;
      return { service: "CodePipeline", kind: "pipeline", name, detail };
    }),
  );
}

/** Every SageMaker model package group. */
export async function modelPackageGroups(options: ClientOptions): Promise<Row[]> {
  const { SageMaker } = await import("@aws-sdk/client-sagemaker");
  const api = new SageMaker(options);
  const { ModelPackageGroupSummaryList: found = [] } = await api.listModelPackageGroups({});
  return Promise.all(
    found.map(async ({ ModelPackageGroupName: name = "" }) => {
      const { ModelPackageSummaryList: versions = [] } = await api.listModelPackages({
        ModelPackageGroupName: name,
      });
      const count = versions.length;
      const detail = `${String(count)} model ${count === 1 ? "version" : "versions"}`;
      return { service: "SageMaker", kind: "model package group", name, detail };
    }),
  );
}
