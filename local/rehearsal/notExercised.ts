import type { DeployedSource } from "./deployedSource";

/** What a rehearsal says nothing about, in sentences; `deploys` says whether it played the deployment of models. */
export function notExercised({ provider }: DeployedSource, deploys: boolean): string[] {
  return [
    "AWS itself; its limits, prices and delays; service control policies and session policies",
    "the images of build and training: this machine's Python and packages stand for them",
    "the console's links, and e-mail: a queue subscribes in its place",
    "what another account says of its own (image registries), and KMS's encryption context but for the queue",
    "routes and security groups: builds and jobs reach what this machine reaches, wherever they are to run",
    "execution modes: runs of the CodePipeline are played one after the other, none is superseded",
    "retries: EventBridge delivers at once, or leaves the event in the dead-letter queue at once",
    ...(deploys
      ? ["traffic that moves over step by step, the minutes in which it does, and scaling by load"]
      : ["the deployment of models, which a full rehearsal of the starter's code in dev plays"]),
    ...(provider === "CodeCommit" ? [] : ["the connection's handshake and its own trigger"]),
  ];
}
