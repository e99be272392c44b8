import type {
  ProductionVariantInstanceType,
  TransformInstanceType,
} from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { instanceType } from "./jobRequests";

const texts = z.record(z.string(), z.string());
const instanceTypes = <T extends string>() => z.array(instanceType<T>()).optional();

const source = z.strictObject({
  ContentType: z.string(),
  S3Uri: z.string(),
  ContentDigest: z.string().optional(),
});

const container = z.strictObject({
  Image: z.string(),
  ImageDigest: z.string().optional(),
  ModelDataUrl: z.string(),
  Environment: texts.optional(),
  ContainerHostname: z.string().optional(),
  Framework: z.string().optional(),
  FrameworkVersion: z.string().optional(),
  NearestModelName: z.string().optional(),
});

/** The request that registers a model version, as a RegisterModel step may write it. */
export const modelRequest = z.strictObject({
  ModelPackageGroupName: z.string(),
  ModelPackageDescription: z.string().optional(),
  InferenceSpecification: z.strictObject({
    Containers: z.array(container).length(1),
    SupportedContentTypes: z.array(z.string()).optional(),
    SupportedResponseMIMETypes: z.array(z.string()).optional(),
    SupportedRealtimeInferenceInstanceTypes: instanceTypes<ProductionVariantInstanceType>(),
    SupportedTransformInstanceTypes: instanceTypes<TransformInstanceType>(),
  }),
  // The role of the pipeline may not set it: the stage of a version is the approvers' to set.
  ModelLifeCycle: z.undefined({ error: "must be left out: approvers set the stage" }).optional(),
  ModelApprovalStatus: z.enum(["Approved", "Rejected", "PendingManualApproval"]).optional(),
  ModelMetrics: z
    .strictObject({
      ModelQuality: z
        .strictObject({ Statistics: source.optional(), Constraints: source.optional() })
        .optional(),
      ModelDataQuality: z
        .strictObject({ Statistics: source.optional(), Constraints: source.optional() })
        .optional(),
      Bias: z
        .strictObject({
          Report: source.optional(),
          PreTrainingReport: source.optional(),
          PostTrainingReport: source.optional(),
        })
        .optional(),
      Explainability: z.strictObject({ Report: source.optional() }).optional(),
    })
    .optional(),
  MetadataProperties: z
    .strictObject({
      CommitId: z.string().optional(),
      Repository: z.string().optional(),
      GeneratedBy: z.string().optional(),
      ProjectId: z.string().optional(),
    })
    .optional(),
  CustomerMetadataProperties: z
    .record(z.string().min(1).max(128), z.string().min(1).max(256))
    .optional(),
  ModelCard: z
    .strictObject({
      ModelCardContent: z.string().max(100_000),
      ModelCardStatus: z.enum(["Draft", "PendingReview", "Approved", "Archived"]),
    })
    .optional(),
  Domain: z.string().optional(),
  Task: z.string().optional(),
  SamplePayloadUrl: z.string().optional(),
  SkipModelValidation: z.enum(["All", "None"]).optional(),
  SourceUri: z.string().optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
});
