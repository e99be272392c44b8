import { type Names, namesFor, type Place } from "../../components/names";
import type { Calls } from "./calls";
import { type Finding, fix, note, ok, reasonOf } from "./finding";
import type { Stack } from "./stack";

/** A name that AWS takes once, and whether it is taken. */
interface Taken {
  readonly what: string;
  readonly name: string;
  readonly isThere: (name: string) => Promise<boolean>;
}

/** Each name that outlives a stack: free, the stack's own, or taken by something that it knows nothing of. */
export function examineNames(
  calls: Calls,
  { settings, standing }: Pick<Stack, "settings" | "standing">,
  place: Place,
): Promise<Finding[]> {
  const { deploy, projectId, projectName, source } = settings;
  const { codecommit } = source;
  const names = namesFor(
    {
      deployRepositoryName: deploy.source.codecommit?.repositoryName,
      projectId,
      projectName,
      repositoryName: codecommit?.repositoryName,
    },
    place,
  );
  const mine = [
    ...outliving(calls, names),
    ...(deploy.enabled ? outlivingDeployment(calls, names) : []),
  ].filter(
    ({ what }) =>
      (what !== "repository" || codecommit !== undefined) &&
      (what !== deployRepository || deploy.source.codecommit !== undefined),
  );
  return Promise.all(mine.map((taken) => nameFinding(taken, standing)));
}

function outliving(calls: Calls, names: Names): Taken[] {
  return [
    { what: "repository", name: names.repository, isThere: calls.hasRepository },
    { what: "artifact bucket", name: names.artifactBucket, isThere: calls.hasBucket },
    { what: "access log bucket", name: names.logBucket, isThere: calls.hasBucket },
    { what: "key alias", name: names.keyAlias, isThere: calls.hasAlias },
    {
      what: "model package group",
      name: names.modelPackageGroup,
      isThere: calls.hasModelPackageGroup,
    },
    { what: "log group", name: names.logGroup, isThere: calls.hasLogGroup },
  ];
}

const deployRepository = "repository of the deployment";

function outlivingDeployment(calls: Calls, { deploy }: Names): Taken[] {
  const { prod, staging, test } = deploy;
  return [
    { what: deployRepository, name: deploy.repository, isThere: calls.hasRepository },
    { what: "state bucket", name: deploy.stateBucket, isThere: calls.hasBucket },
    ...[staging, test, prod].map(({ logGroup }) => ({
      what: "log group",
      name: logGroup,
      isThere: calls.hasLogGroup,
    })),
  ];
}

async function nameFinding(
  { isThere, name, what }: Taken,
  standing: ReadonlySet<string>,
): Promise<Finding> {
  const title = `${what} ${name}`;
  try {
    const found = await isThere(name);
    if (standing.has(name) && !found)
      return fix(`${title} is gone from AWS`, 'put it back: "pulumi up --refresh"');
    if (standing.has(name)) return ok(`${title}: this stack's own`);
    if (!found) return ok(`${title}: free`);
    return fix(
      `${title} is there already, and not this stack's`,
      'import it (docs/operations.md, "A prod stack is to come back"), or set another projectId',
    );
  } catch (error) {
    return note(`${title} could not be looked at`, reasonOf(error));
  }
}
