import type { Project } from "@aws-sdk/client-codebuild";
import type { z } from "zod";

import { lazy } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";
import { lowerTagList, lowerTagMap } from "../tags";
import type { Properties } from "../values";
import { projectInputs } from "./projectInputs";

/** CodeBuild projects. */
export function codebuildHandlers(options: ClientOptions): readonly Handler[] {
  const codebuild = lazy(
    async () => new (await import("@aws-sdk/client-codebuild")).CodeBuild(options),
  );

  return [
    defineHandler({
      type: "aws:codebuild/project:Project",
      inputs: projectInputs,
      replaceOn: ["name"],
      // Without a key of its own, a project uses the account's S3 key.
      computed: ["encryptionKey"],

      async create(inputs) {
        const { project } = await (await codebuild()).createProject(request(inputs));
        return project?.arn ?? "";
      },

      async read(id) {
        const { projects } = await (await codebuild()).batchGetProjects({ names: [id] });
        return projects?.[0] && properties(projects[0]);
      },

      async update(_id, news) {
        await (
          await codebuild()
        ).updateProject({
          ...request(news),
          // Absent means "keep" to UpdateProject: these take a value away.
          description: news.description ?? "",
          concurrentBuildLimit: news.concurrentBuildLimit ?? -1,
          sourceVersion: news.sourceVersion ?? "",
          logsConfig: request(news).logsConfig ?? {},
          vpcConfig: news.vpcConfig ?? {},
        });
      },

      async delete(id) {
        await (await codebuild()).deleteProject({ name: id.split("/").pop() });
      },
    }),
  ];
}

function request(inputs: z.output<typeof projectInputs>) {
  const { logsConfig } = inputs;
  return {
    name: inputs.name,
    description: inputs.description,
    serviceRole: inputs.serviceRole,
    encryptionKey: inputs.encryptionKey,
    timeoutInMinutes: inputs.buildTimeout,
    queuedTimeoutInMinutes: inputs.queuedTimeout,
    concurrentBuildLimit: inputs.concurrentBuildLimit,
    artifacts: inputs.artifacts,
    source: inputs.source,
    sourceVersion: inputs.sourceVersion,
    environment: inputs.environment,
    logsConfig: logsConfig && {
      cloudWatchLogs: logsConfig.cloudwatchLogs,
      s3Logs: logsConfig.s3Logs,
    },
    vpcConfig: inputs.vpcConfig,
    tags: lowerTagList(inputs.tags),
  };
}

function properties(project: Project): Properties {
  const { artifacts, source, environment, logsConfig, vpcConfig } = project;
  return {
    name: project.name,
    // An update sends "" to take a value away.
    description: project.description === "" ? undefined : project.description,
    serviceRole: project.serviceRole,
    encryptionKey: project.encryptionKey,
    buildTimeout: project.timeoutInMinutes,
    queuedTimeout: project.queuedTimeoutInMinutes,
    concurrentBuildLimit: project.concurrentBuildLimit,
    artifacts: artifacts && {
      type: artifacts.type,
      location: artifacts.location,
      name: artifacts.name,
      namespaceType: artifacts.namespaceType,
      packaging: artifacts.packaging,
      path: artifacts.path,
    },
    source: source && {
      type: source.type,
      buildspec: source.buildspec,
      gitCloneDepth: source.gitCloneDepth,
      location: source.location,
    },
    sourceVersion: project.sourceVersion === "" ? undefined : project.sourceVersion,
    environment: {
      computeType: environment?.computeType,
      image: environment?.image,
      type: environment?.type,
      imagePullCredentialsType: environment?.imagePullCredentialsType,
      privilegedMode: environment?.privilegedMode,
      environmentVariables: environment?.environmentVariables?.map(({ name, value, type }) => ({
        name,
        value,
        type,
      })),
    },
    logsConfig: logsConfig && {
      cloudwatchLogs: logsConfig.cloudWatchLogs && {
        status: logsConfig.cloudWatchLogs.status,
        groupName: logsConfig.cloudWatchLogs.groupName,
      },
      s3Logs: logsConfig.s3Logs && {
        status: logsConfig.s3Logs.status,
        encryptionDisabled: logsConfig.s3Logs.encryptionDisabled,
      },
    },
    vpcConfig: vpcConfig?.vpcId && {
      vpcId: vpcConfig.vpcId,
      subnets: vpcConfig.subnets,
      securityGroupIds: vpcConfig.securityGroupIds,
    },
    tagsAll: lowerTagMap(project.tags),
    arn: project.arn,
  };
}
