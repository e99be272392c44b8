interface TrialIdentity {
  arn: (service: string, rest: string) => string;
  artifactBucketArn: string;
  /** Name and ARN of a role of the project. */
  role: (part: string) => { arn: string; name: string };
  /** What every name begins with. */
  stem: string;
}

/** Names and ARNs of trials: a SageMaker pipeline, its folder in the artifact bucket, three roles. */
export function trialNamesFor({ arn, artifactBucketArn, role, stem }: TrialIdentity) {
  const pipeline = `${stem}--trial`;
  return {
    folder: pipeline,
    /** Role of the jobs, which run the code of a pull request. */
    job: role("trial-job"),
    objectsArn: `${artifactBucketArn}/${pipeline}/*`,
    /** Output of the jobs. */
    outputsArn: `${artifactBucketArn}/${pipeline}/executions/*`,
    pipeline,
    /** Result of each trial, a file named by its commit. */
    results: `${pipeline}/results`,
    resultsArn: `${artifactBucketArn}/${pipeline}/results/*`,
    pipelineArn: arn("sagemaker", `pipeline/${pipeline}`),
    /** Role of the SageMaker pipeline, which creates the jobs. */
    pipelineRole: role("trial-pipeline"),
    /** Role of the command that starts a trial. */
    starter: role("trial"),
  };
}
