import { type AwsContext, namesFor } from "../names/names";
import { ownProtections, type Role } from "../policies/protections";
import { problem } from "./errors";
import { ruleText, type StringInput } from "./fields";
import { matchesAction } from "./policyStatements";
import type { Settings } from "./resolveSettings";

type Statements = Settings["build"]["policyStatements"];

interface StatementSettings extends Pick<Settings, "namePrefix" | "projectId" | "projectName"> {
  build?: { policyStatements?: Statements };
  training?: { policyStatements: Statements };
}

/** Problems of policy statements that a Deny statement of the stack makes useless. */
export function stackResourceProblems(settings: StatementSettings, context: AwsContext): string[] {
  const { build, training } = settings;
  return [
    ...roleProblems("build", "build", build?.policyStatements),
    ...roleProblems("training", "execution", training?.policyStatements),
  ];

  function roleProblems(key: string, role: Role, statements: Statements = []): string[] {
    const protectedResources = ownProtections(namesFor(settings, context), role);
    return statements.flatMap(({ actions, resources }, index) =>
      resources.flatMap((resource, place) => {
        const denied = protectedResources.flatMap((it) =>
          it.resources.some((pattern) => overlaps(pattern, resource)) ? it.actions : [],
        );
        const useless = actions.filter((action) =>
          denied.some((pattern) => matchesAction(pattern, action)),
        );
        if (useless.length === 0) return [];
        const rule = `must not be a resource of this stack: its roles may not call ${useless.join(", ")} there`;
        const path = `${key}.policyStatements[${String(index)}].resources[${String(place)}]`;
        return [problem(path, ruleText(rule, "arn:aws:s3:::churn-features/*"), resource)];
      }),
    );
  }
}

/** Whether an ARN, or an ARN that ends in `*`, and a resource of a statement may match the same. */
function overlaps(pattern: string, resource: StringInput): boolean {
  if (typeof resource !== "string") return false;
  const [own = ""] = pattern.split("*");
  const [named = "", ...wildcards] = resource.split(/[*?]/);
  if (wildcards.length > 0 && own.startsWith(named)) return true;
  return pattern === own ? resource === own : named.startsWith(own);
}
