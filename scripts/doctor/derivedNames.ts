import { type AwsContext, type Names, namesFor } from "../../components/names/names";
import type { Calls } from "./calls";
import { type Finding, fix, note, ok, reasonOf } from "./finding";
import type { Stack } from "./stack";

/** A name that must be unique in AWS, and the call that shows whether it is in use. */
interface UniqueName {
  readonly what: string;
  readonly name: string;
  readonly isThere: (name: string) => Promise<boolean>;
}

/**
 * Checks the names of resources that can outlive a stack: each name is free, used by this stack, or
 * used by a resource that does not belong to this stack.
 */
export function examineNames(
  calls: Calls,
  { resourceIds, settings }: Pick<Stack, "resourceIds" | "settings">,
  context: AwsContext,
): Promise<Finding[]> {
  const { deploy, namePrefix, projectId, projectName, source } = settings;
  const names = namesFor({ namePrefix, projectId, projectName }, context);
  const unique = [
    ...repositoryNames("repository", source, names.defaultRepository, calls),
    ...retainedNames(calls, names),
    ...(deploy.enabled
      ? [
          ...repositoryNames(
            "deployment repository",
            deploy.source,
            names.deploy.defaultRepository,
            calls,
          ),
          ...retainedDeployNames(calls, names),
        ]
      : []),
  ];
  return Promise.all(unique.map((one) => nameFinding(one, resourceIds)));
}

/** Name of a repository that the stack creates. */
function repositoryNames(
  what: string,
  { codecommit }: Stack["settings"]["source"],
  defaultName: string,
  { hasRepository }: Calls,
): UniqueName[] {
  if (codecommit === undefined) return [];
  return [{ what, name: codecommit.repositoryName ?? defaultName, isThere: hasRepository }];
}

function retainedNames(calls: Calls, names: Names): UniqueName[] {
  return [
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

function retainedDeployNames(calls: Calls, { deploy }: Names): UniqueName[] {
  const { prod, queue, staging, test } = deploy;
  return [queue, staging, test, prod].map(({ logGroup }) => ({
    what: "log group",
    name: logGroup,
    isThere: calls.hasLogGroup,
  }));
}

async function nameFinding(
  { isThere, name, what }: UniqueName,
  resourceIds: ReadonlySet<string>,
): Promise<Finding> {
  const title = `${what} ${name}`;
  try {
    const found = await isThere(name);
    if (resourceIds.has(name) && !found)
      return fix(`${title} is missing in AWS`, 'recreate it with "pulumi up --refresh"');
    if (resourceIds.has(name)) return ok(`${title}: this stack's own`);
    if (!found) return ok(`${title}: free`);
    return fix(
      `${title} exists already and does not belong to this stack`,
      'import it (docs/operations.md, "Restore a prod stack"), or set another projectId',
    );
  } catch (error) {
    return note(`${title} could not be checked`, reasonOf(error));
  }
}
