import { type Document, isMap, isNode, isScalar } from "yaml";

import { parseYaml } from "../../toolchain/yaml";
import { type BuildspecFile, buildspecShape } from "./buildspecShape";
import { notSimulated } from "./buildspecWarnings";

const phaseNames = ["install", "pre_build", "build", "post_build"] as const;

/** One phase of a build. */
interface Phase {
  readonly name: string;
  readonly commands: readonly string[];
  /** Run after the commands, whether they failed or not. */
  readonly finally: readonly string[];
  /** Whether the build goes on to the next phase after a failure. */
  readonly goesOn: boolean;
}

/** What a buildspec asks of CodeBuild. */
export interface Buildspec {
  /** As it stands there, for who makes output artifacts. */
  readonly artifacts: unknown;
  /** Variables whose values at the end are the build's output. */
  readonly exported: readonly string[];
  readonly name: string;
  readonly phases: readonly Phase[];
  readonly reports: NonNullable<BuildspecFile["reports"]>;
  /** Runtimes of the image that it picks, such as `python: "3.12"`. */
  readonly runtimes: Readonly<Record<string, string>>;
  readonly shell: "bash" | "sh";
  readonly variables: Readonly<Record<string, string>>;
  /** Keys of AWS that have no effect in the local cloud, a line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads a buildspec as CodeBuild does (version 0.2).
 * @throws Error with file and line if it is no YAML, or has a key that AWS does not know; without the text of the line,
 * which may be a secret
 */
export function readBuildspec(text: string, name: string): Buildspec {
  const file = parseFile(text, name);
  const { artifacts, env, phases, reports } = file;
  return {
    artifacts,
    exported: env?.["exported-variables"] ?? [],
    name,
    phases: phaseNames.flatMap((one) => {
      const given = phases[one];
      if (given === undefined) return [];
      const { "on-failure": onFailure, commands, finally: last } = given;
      // CodeBuild runs post_build after a build that failed, but no further phase after another failure.
      const goesOn = onFailure === "CONTINUE" || (one === "build" && onFailure !== "ABORT");
      return [{ name: one, commands, finally: last, goesOn }];
    }),
    reports: reports ?? {},
    runtimes: phases.install?.["runtime-versions"] ?? {},
    shell: env?.shell?.endsWith("bash") === true ? "bash" : "sh",
    variables: env?.variables ?? {},
    warnings: notSimulated(file).map((line) => `${name}: ${line}`),
  };
}

function parseFile(text: string, name: string): BuildspecFile {
  // Every value is a text: CodeBuild reads 3.10 so, and not as the number 3.1.
  const { document, lineCounter } = parseYaml(text, name, {
    customTags: ["null"],
    schema: "failsafe",
  });
  const { data, error } = buildspecShape.safeParse(document.toJS());
  if (error === undefined) return data;
  const lines = error.issues.map((issue) => {
    const [key] = issue.code === "unrecognized_keys" ? issue.keys : [];
    const line = lineCounter.linePos(offsetOf(document, issue.path, key)).line.toString();
    const path = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
    return `  line ${line}: ${path}${issue.message}`;
  });
  throw new Error(`${name}: the local cloud cannot run this buildspec:\n${lines.join("\n")}`);
}

/** Where the value at the path begins, or the key in it; of a value that is missing, the one around it. */
function offsetOf(document: Document, path: readonly PropertyKey[], key?: string): number {
  const node = document.getIn(path, true);
  const keys = isMap(node) ? node.items.map((item) => item.key) : [];
  const found = keys.find((one) => isScalar(one) && one.value === key) ?? node;
  if (isNode(found) && found.range) return found.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}
