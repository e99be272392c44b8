import { type AwsContext, type Names, namesFor } from "../../components/names/names";
import type { Deployment } from "../endpoints/deployment";
import type { Stack } from "../doctor/stack";
import type { Guarded } from "./guard";

/** Stack that a run deploys and destroys. */
export interface Target extends Pick<Stack, "access" | "settings"> {
  readonly context: AwsContext;
  readonly deployment: Deployment;
  readonly names: Names;
  /** Texts that no page may contain. */
  readonly secrets: readonly string[];
  readonly stackName: string;
  /** Start of every name of the project. */
  readonly stem: string;
}

/**
 * Target of a run.
 * @throws if the stack is in use, or its settings do not allow the run
 */
export function targetOf(
  stackName: string,
  { access, resourceIds, settings }: Stack,
  context: AwsContext,
  secrets: readonly string[],
): Target {
  const problem = problemOf(settings, resourceIds.size);
  if (problem !== undefined) throw new Error(`stack ${stackName} ${problem}`);
  const { namePrefix, projectId, projectName } = settings;
  const names = namesFor({ namePrefix, projectId, projectName }, context);
  const deployment = {
    accountId: context.accountId,
    modelPackageArn: names.modelPackageArns.replace(/\*$/, ""),
    names: names.deploy,
    project: `${projectName} (${projectId})`,
    region: context.region,
  };
  const stem = names.modelPackageGroup.replace(/--models$/, "");
  return { access, context, deployment, names, secrets, settings, stackName, stem };
}

function problemOf(
  { deploy, posture, source }: Stack["settings"],
  resources: number,
): string | undefined {
  if (resources > 0)
    return (
      "is deployed, and this command destroys its stack at the end. " +
      "Next: name a stack that is not deployed, for example of pulumi stack init prove"
    );
  if (posture !== "dev") return `must have the posture dev, got ${posture}: prod retains its data`;
  if (!deploy.enabled) return "must deploy models: set deploy.enabled to true";
  if (source.codecommit?.seed !== true || deploy.source.codecommit?.seed !== true)
    return "must create its repositories with the starters: leave source and deploy.source out";
  return undefined;
}

/** Account, region and names that the guard of a run needs. */
export function guardedBy({ context, stem }: Pick<Target, "context" | "stem">): Guarded {
  const { accountId, partition, region } = context;
  return { accountId, partition, region, stem };
}
