import type { CodeBuild } from "@aws-sdk/client-codebuild";
import type { IAM } from "@aws-sdk/client-iam";
import type { S3 } from "@aws-sdk/client-s3";
import type { SageMaker } from "@aws-sdk/client-sagemaker";

import type { ClientOptions } from "../../components/seeding/credentials";

/** AWS clients of the services in which a role can be active. */
export interface RevokeClients {
  readonly codebuild: Pick<CodeBuild, "batchGetBuilds" | "listBuildsForProject" | "stopBuild">;
  readonly iam: Pick<IAM, "putRolePolicy">;
  readonly s3: Pick<S3, "abortMultipartUpload" | "listMultipartUploads">;
  readonly sagemaker: Pick<
    SageMaker,
    | "describeModel"
    | "describeProcessingJob"
    | "describeTrainingJob"
    | "describeTransformJob"
    | "listPipelineExecutions"
    | "listProcessingJobs"
    | "listTrainingJobs"
    | "listTransformJobs"
    | "stopPipelineExecution"
    | "stopProcessingJob"
    | "stopTrainingJob"
    | "stopTransformJob"
  >;
}

/** Creates the clients; loads each SDK package only here. */
export async function revokeClients(where: ClientOptions): Promise<RevokeClients> {
  const { CodeBuild: Builds } = await import("@aws-sdk/client-codebuild");
  const { IAM: Roles } = await import("@aws-sdk/client-iam");
  const { S3: Buckets } = await import("@aws-sdk/client-s3");
  const { SageMaker: Models } = await import("@aws-sdk/client-sagemaker");
  // Each round describes every job of the account: SageMaker may throttle that.
  const patient = { ...where, maxAttempts: 10 };
  return {
    codebuild: new Builds(patient),
    iam: new Roles(patient),
    s3: new Buckets(patient),
    sagemaker: new Models(patient),
  };
}
