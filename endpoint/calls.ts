import type { CodePipeline } from "@aws-sdk/client-codepipeline";
import type { S3 } from "@aws-sdk/client-s3";
import type { SageMaker } from "@aws-sdk/client-sagemaker";

import { type ModelVersion, modelVersion } from "./modelVersions";
import { isMissing, type Running, runningOn } from "./running";
import type { Kind } from "./state";

/** A run of the pipeline, as far as another asks. */
export interface Run {
  readonly id: string;
  readonly modelPackageArn: string;
  readonly started: Date;
}

/** What a deployment asks AWS, and the little that it changes there beside Pulumi. */
export interface Calls {
  readonly modelVersion: (arn: string) => Promise<ModelVersion | undefined>;
  readonly running: (endpointName: string) => Promise<Running | undefined>;
  readonly exists: (kind: Kind, name: string) => Promise<boolean>;
  readonly deleteEndpoint: (endpointName: string) => Promise<void>;
  /** What started this run, for example `CloudWatchEvent`. */
  readonly trigger: () => Promise<string>;
  /** Status of any run, for example `Failed`. */
  readonly runStatus: (id: string) => Promise<string>;
  /** The runs that began before this one, and are not over. */
  readonly runsAhead: () => Promise<Run[]>;
  readonly stopThisRun: (reason: string) => Promise<void>;
  /** When an object was last written, or undefined if it is not there. */
  readonly written: (uri: string) => Promise<Date | undefined>;
  /** An object's text, or undefined if it is not there. */
  readonly read: (uri: string) => Promise<string | undefined>;
  readonly write: (uri: string, text: string) => Promise<void>;
}

/** The clients, as far as they are used: tests give others. */
export interface Clients {
  readonly codepipeline: Pick<
    CodePipeline,
    "getPipelineExecution" | "listPipelineExecutions" | "stopPipelineExecution"
  >;
  readonly s3: Pick<S3, "getObject" | "headObject" | "putObject">;
  readonly sagemaker: Pick<
    SageMaker,
    | "deleteEndpoint"
    | "describeEndpoint"
    | "describeEndpointConfig"
    | "describeModel"
    | "describeModelPackage"
    | "listTags"
  >;
}

/** AWS's limit of a reason. */
const LONGEST_REASON = 200;

/** The calls of one run of a pipeline. */
export function callsOf(
  { codepipeline, s3, sagemaker }: Clients,
  { executionId, pipelineName }: { readonly executionId: string; readonly pipelineName: string },
): Calls {
  const run = async (pipelineExecutionId: string) => {
    const request = { pipelineExecutionId, pipelineName };
    return (await codepipeline.getPipelineExecution(request)).pipelineExecution;
  };
  const describe = {
    config: (EndpointConfigName: string) =>
      sagemaker.describeEndpointConfig({ EndpointConfigName }),
    endpoint: (EndpointName: string) => sagemaker.describeEndpoint({ EndpointName }),
    model: (ModelName: string) => sagemaker.describeModel({ ModelName }),
  };
  return {
    modelVersion: (arn) => modelVersion(sagemaker, arn),
    running: (endpointName) => runningOn(sagemaker, endpointName),
    exists: async (kind, name) => {
      try {
        await describe[kind](name);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    deleteEndpoint: async (EndpointName) => {
      await sagemaker.deleteEndpoint({ EndpointName });
    },
    trigger: async () => (await run(executionId))?.trigger?.triggerType ?? "",
    runStatus: async (id) => (await run(id))?.status ?? "",
    runsAhead: async () => {
      const { pipelineExecutionSummaries: runs = [] } = await codepipeline.listPipelineExecutions({
        pipelineName,
      });
      const mine = runs.find(({ pipelineExecutionId }) => pipelineExecutionId === executionId);
      const began = mine?.startTime ?? new Date();
      const ahead: Run[] = [];
      for (const { pipelineExecutionId: id = "", startTime = began, status } of runs) {
        if (status !== "InProgress" || startTime >= began) continue;
        const { variables = [] } = (await run(id)) ?? {};
        const given = variables.find(({ name }) => name === "MODEL_PACKAGE_ARN");
        ahead.push({ id, modelPackageArn: given?.resolvedValue ?? "", started: startTime });
      }
      return ahead;
    },
    stopThisRun: async (reason) => {
      await codepipeline.stopPipelineExecution({
        // Its only action in progress is this build, which would else be waited for.
        abandon: true,
        pipelineExecutionId: executionId,
        pipelineName,
        reason: reason.slice(0, LONGEST_REASON),
      });
    },
    written: (uri) =>
      unlessMissing(async () => {
        const { LastModified } = await s3.headObject(placeOf(uri));
        return LastModified;
      }),
    read: (uri) =>
      unlessMissing(async () => (await s3.getObject(placeOf(uri))).Body?.transformToString()),
    write: async (uri, text) => {
      await s3.putObject({ ...placeOf(uri), Body: text, ContentType: "application/json" });
    },
  };
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    // S3 answers a HEAD without a body, so without an error's name of its own.
    if (error instanceof Error && /^(NoSuchKey|NotFound)$/.test(error.name)) return undefined;
    throw error;
  }
}

/** Bucket and key of `s3://bucket/key`. */
function placeOf(uri: string): { Bucket: string; Key: string } {
  const { Bucket = "", Key = "" } = /^s3:\/\/(?<Bucket>[^/]+)\/(?<Key>.+)$/.exec(uri)?.groups ?? {};
  if (Bucket === "") throw new Error(`${uri} is no S3 URI of an object`);
  return { Bucket, Key };
}
