import { namesFor } from "../names/names";
import { problem } from "./errors";
import { isRecord, ruleText } from "./fields";
import { type Identity, validIdentity } from "./nameProblems";
import { defaultBranch } from "./source";

/** Problem of a source that is not exactly one of the kinds. */
export function sourceProblems(source: unknown, key: string): string[] {
  const kinds = ["codecommit", "existing", "connection"];
  if (!isRecord(source)) return [];
  const chosen = kinds.map((kind) => source[kind]).filter((kind) => kind !== undefined);
  // The schema reports a kind that is no object.
  if (chosen.length === 1 || !chosen.every(isRecord)) return [];
  const rule = ruleText(`must have exactly one of ${kinds.join(", ")}`, {
    codecommit: defaultBranch,
  });
  return [problem(key, rule, source)];
}

interface Sources {
  /** `source` of the model build; `undefined` for the default. */
  build?: unknown;
  /** `source` of the deployment; `undefined` for the default. */
  deploy?: unknown;
  deployKey?: string;
}

/** Problem of one CodeCommit repository for both model build and deployment. */
export function sameRepositoryProblems(identity: Identity, sources: Sources): string[] {
  const { build, deploy, deployKey = "deploy.source" } = sources;
  const names = derivedNames(identity);
  const buildRepository = repositoryOf(build, "source");
  const deployRepository = repositoryOf(deploy, deployKey);
  if (buildRepository === undefined || deployRepository === undefined) return [];

  const buildName = buildRepository.name ?? names?.defaultRepository;
  const deployName = deployRepository.name ?? names?.deploy.defaultRepository;
  if (buildName === undefined || buildName !== deployName) return [];
  if (deployRepository.name !== undefined) {
    const rule = ruleText("must not be the repository of the model build", "churn-deploy");
    return [problem(deployRepository.key, rule, deployName)];
  }
  const rule = ruleText("must not be the repository of the deployment", "churn-model");
  return [problem(buildRepository.key, rule, buildName)];
}

/** CodeCommit repository of a source, without a name if the name is derived. */
function repositoryOf(source: unknown, key: string): { key: string; name?: string } | undefined {
  if (source === undefined) return { key };
  if (!isRecord(source) || source.connection !== undefined) return undefined;
  const kind = source.existing === undefined ? "codecommit" : "existing";
  const repository = source[kind];
  if (!isRecord(repository)) return undefined;
  const { repositoryName: name } = repository;
  return { key: `${key}.${kind}.repositoryName`, ...(typeof name === "string" ? { name } : {}) };
}

function derivedNames(identity: Identity) {
  const valid = validIdentity(identity);
  // The names of repositories depend on no region or account.
  const context = { accountId: "", dnsSuffix: "", partition: "", region: "" };
  return valid === undefined ? undefined : namesFor(valid, context);
}
