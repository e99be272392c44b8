import type { Reference } from "./references";

/** An arrow between two boxes. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly word: string;
  /** Whether it only happens when something fails, or waits for a person. */
  readonly aside: boolean;
}

/** What a reference means to a reader. */
interface Meaning {
  readonly at: string;
  /** Only between these boxes. */
  readonly from?: string;
  readonly to?: string;
  readonly word: string;
  readonly aside?: boolean;
}

/** The meaning of a rule that listens, by its name. */
const events: Readonly<Record<string, string>> = {
  "deploy-on-approval": "approved, rejected",
  "deploy-on-declined": "ended",
  "deploy-on-deployed": "ended",
  "deploy-on-rolledback": "ended",
  "deploy-on-undeployed": "ended",
  "deploy-on-waiting": "waits for approval",
  "on-failed": "failed",
  "on-letter": "not empty",
  "on-pending": "waits for approval",
  "on-push": "branch moved",
  "on-step": "failed",
  "on-stopped": "stopped",
};

/** The rules that start a pipeline: that is the story. */
const starting = ["deploy-on-approval", "on-push"];

const meanings: readonly Meaning[] = [
  { at: "cloudwatch/EventTarget.arn", to: "pipeline", word: "starts" },
  { at: "cloudwatch/EventTarget.arn", to: "deployPipeline", word: "starts" },
  { at: "cloudwatch/EventTarget.arn", to: "topic", word: "tell", aside: true },
  { at: "cloudwatch/EventTarget.deadLetterConfig", from: "push", word: "undelivered", aside: true },
  { at: "codepipeline/Pipeline.stages", to: "build", word: "runs" },
  { at: "codepipeline/Pipeline.stages", to: "deployBuilds", word: "runs" },
  { at: "codepipeline/Pipeline.stages", to: "deployRepository", word: "takes code of" },
  { at: "codepipeline/Pipeline.artifactStores", from: "pipeline", to: "bucket", word: "keeps" },
  { at: "sagemaker:CreateEndpoint", word: "brings up" },
  { at: "sagemaker:InvokeEndpoint", word: "tests" },
  { at: "sagemaker:StartPipelineExecution", word: "starts" },
  { at: "sagemaker:CreateModelPackage", word: "registers" },
  { at: "s3:PutObject", from: "training", word: "keeps" },
  { at: "s3:PutObject", from: "deployBuilds", to: "state", word: "keeps" },
  { at: "s3/BucketServerSideEncryptionConfiguration.rules", from: "bucket", word: "encrypted by" },
];

/** Inputs that would draw an arrow over another, or one from everywhere to the key. */
const unsaid = [
  "codepipeline/Pipeline.stages", // reads the repository
  "codepipeline/Pipeline.artifactStores",
  "cloudwatch/EventTarget.deadLetterConfig",
  "cloudwatch/LogGroup.kmsKeyId",
  "codebuild/Project.encryptionKey",
  "codebuild/Project.environment",
  "s3/BucketObjectv2.content",
  "s3/BucketPolicy.policy",
  "s3/BucketServerSideEncryptionConfiguration.rules",
  "sns/Topic.kmsMasterKeyId",
  "sqs/Queue.kmsMasterKeyId",
];

/** The arrows that references draw, one between two boxes: an input that means nothing yet is an error. */
export function arrows(references: readonly Reference[]): Arrow[] {
  const drawn = new Map<string, Arrow>();
  for (const arrow of references.flatMap((one) => arrowOf(one) ?? [])) {
    const key = `${arrow.from} ${arrow.to}`;
    const words = new Set([...(drawn.get(key)?.word.split(", ") ?? []), arrow.word]);
    drawn.set(key, { ...arrow, word: [...words].sort().join(", ") });
  }
  return [...drawn.values()];
}

function arrowOf({ at, from, name, to }: Reference): Arrow | undefined {
  if (at === "cloudwatch/EventRule.eventPattern") {
    const word = events[name];
    if (word === undefined) throw meaningless(`the rule ${name}`, "events");
    return { from: to, to: from, word, aside: !starting.includes(name) };
  }
  const meaning = meanings.find(
    (it) => it.at === at && (it.from ?? from) === from && (it.to ?? to) === to,
  );
  if (meaning !== undefined) return { from, to, word: meaning.word, aside: meaning.aside ?? false };
  // Most of what a role may do is no step of the story.
  const isAction = /^\w+:/.test(at);
  if (isAction || unsaid.includes(at)) return undefined;
  throw meaningless(`${at} from ${from} to ${to}`, "meanings or unsaid");
}

function meaningless(what: string, table: string): Error {
  return new Error(`${what} must have a word in ${table} of scripts/diagram/arrows.ts`);
}
