import type { DeployedSource } from "./deployedSource";
import type { StackOutputs } from "./testEnvironment";

/** Environment, project, scope, start and duration of an end-to-end run. */
export function factsOf(
  outputs: StackOutputs,
  source: DeployedSource,
  { full, started }: { readonly full: boolean; readonly started: Date },
): (readonly [string, string])[] {
  const [, , , region = "", accountId = ""] = outputs.modelBuildPipelineArn.split(":");
  const seconds = (Date.now() - started.getTime()) / 1000;
  const { branchName, provider, repositoryName } = source;
  return [
    [
      "Environment",
      `local cloud: emulated account ${accountId}, region ${region}; nothing runs on AWS`,
    ],
    ["CodePipeline", outputs.modelBuildPipelineName],
    ["Model package group", outputs.modelPackageGroupName],
    ["Source", `${provider}: ${repositoryName}, branch ${branchName}`],
    ["Scope", full ? "full, with failure scenarios" : "brief, without failure scenarios"],
    ["Started", started.toISOString()],
    ["Duration", `${seconds.toFixed(0)} s`],
    ["Runtime", `Node ${process.version}, ${process.platform}`],
  ];
}

/** Parts of AWS and of the project that an end-to-end run does not cover; `deploys` is whether it deploys models. */
export function notExercised({ provider }: DeployedSource, deploys: boolean): string[] {
  return [
    "AWS itself with its limits, prices and delays; service control policies and session policies",
    "the images of build and training: Python environments of this machine replace them, that of builds with boto3",
    "console links, and email: an SQS queue subscribes to the topic instead",
    "resource policies in other accounts (ECR), and the KMS encryption context except that of the SQS queue",
    "routes and security groups: builds and jobs reach every host that this machine reaches, except for deployments in a private network, which reach none",
    "execution modes: none is superseded; of two queued executions, the younger goes on only while the older waits for its approval",
    "times of schedules: they fire when the end-to-end run says so, and retry after seconds",
    "retries: EventBridge delivers immediately, or sends the event to the DLQ immediately",
    ...(deploys
      ? [
          "durations of deployments (a minute of AWS takes 2 s), start of instances, scaling by load",
        ]
      : ["deployment of models: a full end-to-end run of the starter in dev covers it"]),
    ...(provider === "CodeCommit" ? [] : ["the handshake and the trigger of the connection"]),
  ];
}
