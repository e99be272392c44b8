import { readFileSync } from "node:fs";
import { join } from "node:path";

import ts from "typescript";

const components = join(__dirname, "..", "..", "components");
const files = [
  "modelBuild/modelBuildPipelineArgs.ts",
  "modelDeploy/modelDeployPipelineArgs.ts",
  "validation/modelDeploySchema.ts",
];

/** A key of an arguments interface, with its doc comment. */
export interface DocumentedKey extends DocComment {
  isRequired: boolean;
  /** Path in dotted form, for example `build.image`. */
  path: string;
  /** Path of a group with the same keys, documented there. */
  sameKeysAs?: string;
  /** Type in a stack config, for example `list of strings`; `object` for a group of keys. */
  type: string;
}

interface DocComment {
  /** Text of the tag `@default`. */
  defaultTag?: string;
  description: string;
  /** Addresses of the tags `@see`. */
  links: string[];
}

interface Member extends DocComment {
  isRequired: boolean;
  name: string;
  type: string;
}

/** Every key of an interface, those of its groups included, in the order of the source. */
export function documentedKeys(interfaceName: string): DocumentedKey[] {
  const interfaces = new Map(files.flatMap(interfacesIn).map((it) => [it.name.text, it]));
  const groups = new Map<string, string>();

  const membersOf = (name: string): Member[] => {
    const found = interfaces.get(name);
    if (found === undefined) throw new Error(`no interface ${name} in ${files.join(", ")}`);
    const inherited = (found.heritageClauses ?? []).flatMap(({ types }) => {
      const [, base = "", omitted] = /^Omit<(\w+), "(\w+)">$/.exec(types[0]?.getText() ?? "") ?? [];
      return membersOf(base).filter((member) => member.name !== omitted);
    });
    return [...inherited, ...found.members.filter(ts.isPropertySignature).map(member)];
  };
  const keysOf = (name: string, prefix: string): DocumentedKey[] =>
    membersOf(name).flatMap(({ name: key, type, ...rest }) => {
      const path = prefix + key;
      if (!interfaces.has(type)) return [{ ...rest, path, type: configType(type) }];
      const sameKeysAs = groups.get(type);
      const group = { ...rest, path, type: "object" };
      if (sameKeysAs !== undefined) return [{ ...group, sameKeysAs }];
      groups.set(type, path);
      return [group, ...keysOf(type, `${path}.`)];
    });
  return keysOf(interfaceName, "");
}

function interfacesIn(file: string): ts.InterfaceDeclaration[] {
  const code = readFileSync(join(components, file), "utf8");
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
  return source.statements.filter(ts.isInterfaceDeclaration);
}

function member(node: ts.PropertySignature): Member {
  return {
    ...docComment(node),
    isRequired: node.questionToken === undefined,
    name: node.name.getText(),
    type: node.type?.getText() ?? "",
  };
}

/** Doc comment as text: the parser of TypeScript takes the addresses of `@see` apart. */
function docComment(node: ts.Node): DocComment {
  const comment = ts.getJSDocCommentsAndTags(node)[0]?.getText() ?? "";
  const lines = comment
    .replace(/^\/\*\*|\*\/$/g, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\*/, "").trim());
  const [description = "", ...tags] = lines.join("\n").split(/^@/m);
  const texts = (name: string) =>
    tags.filter((tag) => tag.startsWith(`${name} `)).map((tag) => oneLine(tag.slice(name.length)));
  const [defaultTag] = texts("default");
  return {
    ...(defaultTag === undefined ? {} : { defaultTag }),
    description: oneLine(description),
    links: texts("see"),
  };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Type of a value in a stack config. */
function configType(type: string): string {
  const plain = type.replace(/pulumi\.Input<(.+)>/g, "$1").replace(/pulumi\.Input<(.+)>/g, "$1");
  const names = new Map([
    ["string", "string"],
    ["number", "integer"],
    ["boolean", "boolean"],
    ["string[]", "list of strings"],
    ["Record<string, string>", "map of strings"],
    ["PolicyStatementArgs[]", "list of policy statements"],
  ]);
  const name = names.get(plain);
  if (name === undefined) throw new Error(`no name for the type ${type} of a stack config`);
  return name;
}
