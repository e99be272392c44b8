import type { ProcessingInstanceType, TrainingInstanceType } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

/*
 * The requests of jobs as steps may write them: the settings that a job on this machine reads are simulated, what only
 * sizes or places the instances is passed on, and anything else is an error that names it.
 */

export const tags = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));
export const texts = z.record(z.string(), z.string());
const stopping = z.strictObject({
  MaxRuntimeInSeconds: z.number().optional(),
  MaxWaitTimeInSeconds: z.number().optional(),
  MaxPendingTimeInSeconds: z.number().optional(),
});
export const jobNetwork = z.strictObject({
  SecurityGroupIds: z.array(z.string()),
  Subnets: z.array(z.string()),
});
export type JobNetwork = z.infer<typeof jobNetwork>;
const experiment = z.strictObject({
  ExperimentName: z.string().optional(),
  RunName: z.string().optional(),
  TrialComponentDisplayName: z.string().optional(),
  TrialName: z.string().optional(),
});
const common = {
  RoleArn: z.string(),
  Environment: texts.optional(),
  ExperimentConfig: experiment.optional(),
  Tags: tags.optional(),
};

/** Which instance types exist, only AWS knows: its list grows. */
export function instanceType<T extends string>(): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === "string" && value.startsWith("ml."), {
    error: ({ input }) => `must be an instance type (e.g. "ml.m5.large"), got ${String(input)}`,
  });
}

export const cluster = {
  InstanceCount: z.literal(1, { error: "the local cloud simulates only jobs on one instance" }),
  VolumeSizeInGB: z.number(),
  VolumeKmsKeyId: z.string().optional(),
};

// Any other folder would be one of this machine.
const localPath = z
  .string()
  .regex(
    /^\/opt\/ml\/(?!(.*\/)?\.\.(\/|$))/,
    "must be a folder under /opt/ml, e.g. /opt/ml/processing/input",
  );

const s3Input = z.strictObject({
  S3Uri: z.string(),
  LocalPath: localPath,
  S3DataType: z.enum(["S3Prefix"]),
  S3InputMode: z.enum(["File"]).optional(),
  S3DataDistributionType: z.enum(["FullyReplicated", "ShardedByS3Key"]).optional(),
  S3CompressionType: z.enum(["None"]).optional(),
});

const s3Output = z.strictObject({
  S3Uri: z.string(),
  LocalPath: localPath,
  S3UploadMode: z.enum(["EndOfJob", "Continuous"]),
});

/** The request of a processing job, less the name that the pipeline gives it. */
export const processingRequest = z.strictObject({
  ...common,
  AppSpecification: z.strictObject({
    ImageUri: z.string(),
    ContainerEntrypoint: z.array(z.string()).min(1),
    ContainerArguments: z.array(z.string()).optional(),
  }),
  NetworkConfig: z
    .strictObject({
      EnableInterContainerTrafficEncryption: z.boolean().optional(),
      EnableNetworkIsolation: z.boolean().optional(),
      VpcConfig: jobNetwork.optional(),
    })
    .optional(),
  ProcessingInputs: z
    .array(
      z.strictObject({
        InputName: z.string(),
        AppManaged: z.literal(false).optional(),
        S3Input: s3Input,
      }),
    )
    .default([]),
  ProcessingOutputConfig: z
    .strictObject({
      KmsKeyId: z.string().optional(),
      Outputs: z.array(
        z.strictObject({
          OutputName: z.string(),
          AppManaged: z.literal(false).optional(),
          S3Output: s3Output,
        }),
      ),
    })
    .default({ Outputs: [] }),
  ProcessingResources: z.strictObject({
    ClusterConfig: z.strictObject({
      ...cluster,
      InstanceType: instanceType<ProcessingInstanceType>(),
    }),
  }),
  StoppingCondition: z.strictObject({ MaxRuntimeInSeconds: z.number() }).optional(),
});
export type ProcessingRequest = z.infer<typeof processingRequest>;

/** Objects under a prefix. */
export const s3Source = { S3Uri: z.string(), S3DataType: z.enum(["S3Prefix"]) };

const channel = z.strictObject({
  ChannelName: z.string().regex(/^[\w.-]+$/, "must be a channel name without a slash, e.g. train"),
  ContentType: z.string().optional(),
  CompressionType: z.enum(["None"]).optional(),
  RecordWrapperType: z.enum(["None"]).optional(),
  InputMode: z.enum(["File"]).optional(),
  DataSource: z.strictObject({
    S3DataSource: z.strictObject({
      ...s3Source,
      S3DataDistributionType: z.enum(["FullyReplicated", "ShardedByS3Key"]).optional(),
    }),
  }),
});

const rule = z.strictObject({
  InstanceType: instanceType<ProcessingInstanceType>().optional(),
  LocalPath: z.string().optional(),
  RuleConfigurationName: z.string(),
  RuleEvaluatorImage: z.string(),
  RuleParameters: texts.optional(),
  S3OutputPath: z.string().optional(),
  VolumeSizeInGB: z.number().optional(),
});

/** What watches a training job and does not change it: accepted, and not simulated. */
const watching = {
  DebugHookConfig: z
    .strictObject({
      CollectionConfigurations: z
        .array(
          z.strictObject({
            CollectionName: z.string().optional(),
            CollectionParameters: texts.optional(),
          }),
        )
        .optional(),
      HookParameters: texts.optional(),
      LocalPath: z.string().optional(),
      S3OutputPath: z.string(),
    })
    .optional(),
  DebugRuleConfigurations: z.array(rule).optional(),
  ProfilerConfig: z
    .strictObject({
      DisableProfiler: z.boolean().optional(),
      ProfilingIntervalInMilliseconds: z.number().optional(),
      ProfilingParameters: texts.optional(),
      S3OutputPath: z.string().optional(),
    })
    .optional(),
  ProfilerRuleConfigurations: z.array(rule).optional(),
};

/** The request of a training job, less the name that the pipeline gives it. */
export const trainingRequest = z.strictObject({
  ...common,
  AlgorithmSpecification: z.strictObject({
    TrainingImage: z.string(),
    TrainingInputMode: z.enum(["File"]),
    ContainerEntrypoint: z.array(z.string()).min(1).optional(),
    ContainerArguments: z.array(z.string()).optional(),
    EnableSageMakerMetricsTimeSeries: z.boolean().optional(),
    MetricDefinitions: z.array(z.strictObject({ Name: z.string(), Regex: z.string() })).optional(),
  }),
  // A definition may hold numbers where the API has text.
  HyperParameters: z.record(z.string(), z.coerce.string()).default({}),
  InputDataConfig: z.array(channel).min(1).optional(),
  OutputDataConfig: z.strictObject({
    S3OutputPath: z.string(),
    KmsKeyId: z.string().optional(),
    CompressionType: z.enum(["GZIP"]).optional(),
  }),
  ResourceConfig: z.strictObject({
    ...cluster,
    InstanceType: instanceType<TrainingInstanceType>(),
    KeepAlivePeriodInSeconds: z.number().optional(),
  }),
  StoppingCondition: stopping.optional(),
  VpcConfig: jobNetwork.optional(),
  EnableNetworkIsolation: z.boolean().optional(),
  EnableInterContainerTrafficEncryption: z.boolean().optional(),
  EnableManagedSpotTraining: z.boolean().optional(),
  ...watching,
  RetryStrategy: z.strictObject({ MaximumRetryAttempts: z.number() }).optional(),
});
export type TrainingRequest = z.infer<typeof trainingRequest>;
