import { type Json, membersOf } from "./json";

/** What the functions of a definition can ask for. */
export interface Scope {
  /** Values of the execution's parameters. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** `PipelineExecutionId`, `PipelineArn` and the like. */
  readonly execution: Readonly<Record<string, string>>;
  /** What the step's Describe call answers, by step. */
  readonly steps: Readonly<Record<string, Json>>;
  /** Contents of property files: by step, then by name. */
  readonly propertyFiles: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** The value with every pipeline function in it replaced by what it stands for; throws if one has no answer. */
export function resolve(value: Json, scope: Scope): Json {
  if (Array.isArray(value)) return value.map((one) => resolve(one, scope));
  const members = membersOf(value);
  if (members === undefined) return value;

  const [name, ...others] = Object.keys(members);
  if (name !== undefined && others.length === 0) {
    const given = members[name] ?? null;
    if (name === "Get") return get(given, scope);
    if (name === "Std:Join") return join(given, scope);
    if (name === "Std:JsonGet") return jsonGet(given, scope);
    if (name.startsWith("Std:"))
      throw new Error(`the local cloud does not simulate the function ${name}`);
  }
  return Object.fromEntries(
    Object.entries(members).map(([key, one]) => [key, resolve(one, scope)]),
  );
}

function get(reference: Json, scope: Scope): Json {
  const text = textOf(reference, "Get");
  const [kind = "", ...path] = pathOf(text);
  const roots: Record<string, Json> = {
    Parameters: scope.parameters,
    Execution: scope.execution,
    Steps: scope.steps,
  };
  return along(roots[kind], path, `{"Get": "${text}"}`);
}

function join(given: Json, scope: Scope): Json {
  const { On = "", Values } = membersOf(given) ?? {};
  if (!Array.isArray(Values)) throw new Error("Std:Join needs a list of Values");
  const texts = Values.map((one) => {
    const resolved = resolve(one, scope);
    return typeof resolved === "string" ? resolved : JSON.stringify(resolved);
  });
  return texts.join(textOf(On, "Std:Join"));
}

function jsonGet(given: Json, scope: Scope): Json {
  const { PropertyFile, Path } = membersOf(given) ?? {};
  const file = textOf(membersOf(PropertyFile)?.Get, "Std:JsonGet");
  const [, step, name] = /^Steps\.([^.]+)\.PropertyFiles\.(.+)$/.exec(file) ?? [];
  const content = scope.propertyFiles[step ?? ""]?.[name ?? ""];
  if (content === undefined) throw new Error(`Std:JsonGet: no step has written ${file}`);
  const path = textOf(Path, "Std:JsonGet");
  return along(content, pathOf(path), `the property file ${file} at ${path}`);
}

/** SageMaker's paths: names after dots, or quoted in brackets; numbers in brackets. */
function pathOf(text: string): string[] {
  const parts = text.matchAll(/\.?([^.[\]'"]+)|\[(\d+)\]|\[(['"])(.*?)\3\]/g);
  return [...parts].map(([, name, index, , quoted]) => name ?? index ?? quoted ?? "");
}

function along(root: Json | undefined, path: readonly string[], what: string): Json {
  let value = root;
  for (const key of path) {
    value = Array.isArray(value) ? entry(value, key) : membersOf(value)?.[key];
  }
  if (value === undefined) throw new Error(`${what} has no value`);
  return value;
}

/** SageMaker finds an entry of a list by its number, or by what the list's entries are named by. */
function entry(list: readonly Json[], key: string): Json | undefined {
  if (/^\d+$/.test(key)) return list[Number(key)];
  return list.find((one) => {
    const { ChannelName, InputName, OutputName } = membersOf(one) ?? {};
    return [ChannelName, InputName, OutputName].includes(key);
  });
}

function textOf(value: Json | undefined, where: string): string {
  if (typeof value === "string") return value;
  throw new Error(`${where} needs text, got ${JSON.stringify(value)}`);
}
