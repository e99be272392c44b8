import type { awsContext } from "../../support/mocks";
import { authorizationOf, isGlobal } from "./authorization";
import { isKey, isOfFormat } from "./formats";
import { overLimit } from "./overLimit";
import type { PolicyDocument } from "./policyDocuments";
import { type Statement, statements } from "./statements";

type Place = typeof awsContext;

/** Everything that AWS would refuse or never use in a policy, and everything wider than one thing; one line each. */
export async function lint(policy: PolicyDocument, where: Place): Promise<string[]> {
  const findings = await Promise.all(
    statements(policy.document).map(async (statement) => {
      const said = [
        ...wildcards(statement),
        ...(await unknownActions(statement)),
        ...(await misfits(statement, resourcesOf(statement, policy, where))),
        ...(await unsupportedConditions(statement)),
        ...unguardedPassRole(statement),
        ...oneFormOfLogGroups(statement),
        ...elsewhere(statement, where),
      ];
      return said.map((finding) => `${policy.name} ${statement.Sid}: ${finding}`);
    }),
  );
  return [...findings.flat(), ...overLimit(policy).map((finding) => `${policy.name}: ${finding}`)];
}

/** Wherever `*` or `?` stands for more than one thing. */
function wildcards({ Action, Condition, Principal = {}, Resource = [] }: Statement): string[] {
  const elements: (readonly [element: string, values: readonly string[]])[] = [
    ["Action", Action],
    ["Resource", Resource],
    ...Object.values(Principal).map((values) => ["Principal", values] as const),
    ...conditionsOf(Condition),
  ];
  return elements.flatMap(([element, values]) =>
    values.filter((value) => /[*?]/.test(value)).map((value) => `${element} ${short(value)}`),
  );
}

async function unknownActions({ Action }: Statement): Promise<string[]> {
  const known = await Promise.all(concrete(Action).map(authorizationOf));
  return concrete(Action)
    .filter((_, index) => known[index] === undefined)
    .map((action) => `AWS knows no ${action}`);
}

/** What the statement is about. To a key's own policy, `*` is the key. */
function resourcesOf({ Resource = [] }: Statement, { kind }: PolicyDocument, where: Place) {
  const { accountId, partition, region } = where;
  return kind === "key"
    ? Resource.map((one) => one.replace("*", `arn:${partition}:kms:${region}:${accountId}:key/own`))
    : Resource;
}

/** Each action needs a resource to act on, and each resource an action. */
async function misfits({ Action }: Statement, resources: readonly string[]): Promise<string[]> {
  const formats = new Map<string, readonly string[]>();
  for (const action of concrete(Action)) {
    const known = await authorizationOf(action);
    if (known !== undefined) formats.set(action, known.resources);
  }
  const fits = (arn: string, action: string) =>
    formats.get(action)?.some((format) => isOfFormat(withoutSuffix(arn), format)) ?? false;
  if (resources.includes("*")) {
    return [...formats]
      .filter(([, known]) => known.length > 0)
      .map(([action, known]) => `${action} may be limited to ${known.map(short).join()}`);
  }
  // An unknown action or a wildcard is a finding of its own.
  if (resources.length === 0 || formats.size < Action.length) return [];
  const idle = Action.filter((action) => !resources.some((arn) => fits(arn, action)));
  const useless = resources.filter((arn) => !Action.some((action) => fits(arn, action)));
  return [
    ...idle.map((action) => `${action} acts on none of the resources`),
    ...useless.map((arn) => `none of the actions acts on ${short(arn)}`),
  ];
}

/** A log group by the one form of its ARN that the service authorization reference has. */
function withoutSuffix(arn: string): string {
  return arn.replace(/(:log-group:[^:]+):\*$/, "$1");
}

async function unsupportedConditions({ Action, Condition }: Statement): Promise<string[]> {
  const findings: string[] = [];
  for (const [key] of conditionsOf(Condition)) {
    if (await isGlobal(key)) continue;
    for (const action of concrete(Action)) {
      const keys = (await authorizationOf(action))?.conditionKeys ?? [];
      if (!keys.some((format) => isKey(key, format))) findings.push(`${action} knows no ${key}`);
    }
  }
  return findings;
}

function unguardedPassRole({ Action, Condition, Effect }: Statement): string[] {
  const services = Condition.StringEquals?.["iam:PassedToService"] ?? [];
  return Effect === "Allow" && Action.includes("iam:PassRole") && services.length !== 1
    ? ["iam:PassRole names no one service"]
    : [];
}

/** By region and call, CloudWatch Logs compares with a log group's ARN, or with the ARN and a suffix. */
function oneFormOfLogGroups({ Effect, Resource = [] }: Statement): string[] {
  if (Effect !== "Allow") return [];
  return Resource.flatMap((arn) => {
    const group = /^arn:[^:]*:logs:[^:]*:[^:]*:log-group:[^:]*[^:*](?=$|:\*$)/.exec(arn)?.[0];
    if (group === undefined) return [];
    return [group, `${group}:*`]
      .filter((form) => !Resource.includes(form))
      .map((form) => `log group without the form ${short(form)}`);
  });
}

/** Names of another partition, which would match nothing. */
function elsewhere(statement: Statement, { dnsSuffix, partition }: Place): string[] {
  const regional = /^[a-z0-9]+\.[a-z]+(-[a-z]+)+-\d\./;
  return JSON.stringify(statement)
    .split('"')
    .filter((text) =>
      text.startsWith("arn:")
        ? !text.startsWith(`arn:${partition}:`)
        : regional.test(text) && !text.endsWith(`.${dnsSuffix}`),
    )
    .map((name) => `${name} lies in another partition`);
}

function conditionsOf(condition: Statement["Condition"]) {
  return Object.values(condition).flatMap((keys) => Object.entries(keys));
}

/** The actions that name one; the others are findings of their own. */
function concrete(actions: readonly string[]): string[] {
  return actions.filter((action) => !/[*?]/.test(action));
}

/** The same in every AWS context: no partition, region, account, or bucket name part of them. */
function short(value: string): string {
  return value
    .replace(/^arn:[^:]*:([^:]*):[^:]*:[^:]*:/, "$1:")
    .replace(/(mlops-churn--(?:dev|state))--?[0-9a-f]{8}/, "$1");
}
