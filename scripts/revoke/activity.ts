import type { RevokeClients } from "./clients";
import { buildsOf } from "./builds";
import { jobsOf, pipelineExecutionsOf } from "./jobs";
import type { Role } from "./role";
import { uploadsIn } from "./uploads";

/** A job, build, execution or upload in progress. */
export interface Activity {
  /** Whether AWS is stopping it already. */
  readonly isStopping: boolean;
  /** Kind and name, as in a report. */
  readonly resource: string;
  readonly stop: () => Promise<unknown>;
}

/** Artifact bucket of a project. */
export interface Bucket {
  readonly accountId: string;
  readonly name: string;
}

/**
 * Activities of a role, and every incomplete upload to the artifact bucket: S3 dates an object by the
 * start of its upload, so an upload that a revoked session began could be completed as an old object.
 * The SageMaker pipeline is first, because it starts jobs.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export async function activitiesOf(
  role: Role,
  bucket: Bucket,
  { codebuild, s3, sagemaker }: RevokeClients,
): Promise<Activity[]> {
  const { buildProject, sagemakerPipeline } = role;
  return [
    ...(sagemakerPipeline === undefined
      ? []
      : [
          ...(await pipelineExecutionsOf(sagemakerPipeline, sagemaker)),
          ...(await jobsOf(role, bucket, sagemaker)),
        ]),
    ...(buildProject === undefined ? [] : await buildsOf(buildProject, codebuild)),
    ...(await uploadsIn(bucket, s3)),
  ];
}
