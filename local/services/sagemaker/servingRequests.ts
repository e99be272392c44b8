import type { TransformInstanceType } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { cluster, instanceType, jobNetwork, s3Source, tags, texts } from "./jobRequests";

const container = z.strictObject({
  Image: z.string(),
  ModelDataUrl: z.string(),
  Environment: texts.optional(),
  Mode: z.enum(["SingleModel"]).optional(),
});

/** The request of a model, less the name that the pipeline gives it. */
export const modelCreation = z
  .strictObject({
    ExecutionRoleArn: z.string(),
    PrimaryContainer: container.optional(),
    Containers: z.array(container).length(1).optional(),
    EnableNetworkIsolation: z.boolean().optional(),
    Tags: tags.optional(),
    VpcConfig: jobNetwork.optional(),
  })
  .transform((request, context) => {
    const only = request.PrimaryContainer ?? request.Containers?.[0];
    if (only !== undefined) return { ...request, image: only.Image };
    context.addIssue("a model needs one container");
    return z.NEVER;
  });

/** The request of a transform job, less the name that the pipeline gives it. */
export const transformRequest = z.strictObject({
  ModelName: z.string(),
  BatchStrategy: z.enum(["MultiRecord", "SingleRecord"]).optional(),
  Environment: texts.optional(),
  // Limits of AWS's agent, which sends the requests.
  MaxConcurrentTransforms: z.number().optional(),
  MaxPayloadInMB: z.number().optional(),
  ModelClientConfig: z
    .strictObject({
      InvocationsMaxRetries: z.number().optional(),
      InvocationsTimeoutInSeconds: z.number().optional(),
    })
    .optional(),
  Tags: tags.optional(),
  TransformInput: z.strictObject({
    CompressionType: z.enum(["None"]).optional(),
    ContentType: z.string().optional(),
    DataSource: z.strictObject({ S3DataSource: z.strictObject(s3Source) }),
    SplitType: z.enum(["Line", "None"]).optional(),
  }),
  TransformOutput: z.strictObject({
    Accept: z.string().optional(),
    AssembleWith: z.enum(["Line", "None"]).optional(),
    KmsKeyId: z.string().optional(),
    S3OutputPath: z.string(),
  }),
  TransformResources: z.strictObject({
    InstanceCount: cluster.InstanceCount,
    InstanceType: instanceType<TransformInstanceType>(),
    VolumeKmsKeyId: cluster.VolumeKmsKeyId,
  }),
});
export type TransformRequest = z.infer<typeof transformRequest>;
