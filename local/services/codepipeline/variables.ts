import type { PipelineRun } from "./pipelineRun";
import type { ActionShape } from "./structure";

/**
 * The action's configuration with a value in place of each `#{namespace.name}`.
 * @throws Error naming the variable that has none
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
 */
export function resolved(
  { configuration }: ActionShape,
  pipelineRun: PipelineRun,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, text]) => [
      key,
      text.replaceAll(/#\{([^}.]*)\.?([^}]*)\}/g, (whole, namespace: string, name: string) => {
        const value = valueOf(namespace, name, pipelineRun);
        if (value === undefined) throw new Error(`${key}: ${whole} has no value`);
        return value;
      }),
    ]),
  );
}

function valueOf(
  namespace: string,
  name: string,
  { executionId, made, variables }: PipelineRun,
): string | undefined {
  if (namespace === "variables") return variables[name];
  if (namespace === "codepipeline") return name === "PipelineExecutionId" ? executionId : undefined;
  return made.namespaces.get(namespace)?.[name];
}
