import type { DeployedSource } from "./deployedSource";

/** What an end-to-end run says nothing about, in sentences; `deploys` says whether it played the deployment of models. */
export function notExercised({ provider }: DeployedSource, deploys: boolean): string[] {
  return [
    "AWS itself with its limits, prices and delays; service control policies and session policies",
    "the images of build and training: the Python and packages of this machine replace them",
    "console links, and email: an SQS queue subscribes to the topic instead",
    "resource policies in other accounts (ECR), and the KMS encryption context except that of the SQS queue",
    "routes and security groups: builds and jobs reach every host that this machine reaches",
    "execution modes: CodePipeline executions run one after the other, none is superseded",
    "retries: EventBridge delivers immediately, or sends the event to the dead-letter queue immediately",
    ...(deploys
      ? ["gradual traffic shifting and its duration, and scaling by load"]
      : ["deployment of models: a full end-to-end run of the starter in dev covers it"]),
    ...(provider === "CodeCommit" ? [] : ["the handshake and the trigger of the connection"]),
  ];
}
