import type { Condition, StageDeclaration } from "@aws-sdk/client-codepipeline";

import type { Properties } from "../values";
import type { PipelineInputs } from "./pipelineInputs";

type StageInputs = PipelineInputs["stages"][number];
type ConditionInputs = NonNullable<StageInputs["beforeEntry"]>["condition"];
type Conditions = Pick<StageDeclaration, "beforeEntry" | "onFailure" | "onSuccess">;

/** What a stage asks before, and does after, as CodePipeline's API takes it. */
export function conditionsOf({ beforeEntry, onFailure, onSuccess }: StageInputs): Conditions {
  return {
    ...(beforeEntry && { beforeEntry: { conditions: [conditionOf(beforeEntry.condition)] } }),
    ...(onFailure && {
      onFailure: {
        result: onFailure.result,
        retryConfiguration: onFailure.retryConfiguration,
        ...(onFailure.condition && { conditions: [conditionOf(onFailure.condition)] }),
      },
    }),
    ...(onSuccess && { onSuccess: { conditions: [conditionOf(onSuccess.condition)] } }),
  };
}

/** The same in the shape of the program's inputs, which know one condition where the API knows a list. */
export function conditionProperties({ beforeEntry, onFailure, onSuccess }: Conditions): Properties {
  return {
    beforeEntry: beforeEntry && { condition: propertiesOf(beforeEntry.conditions) },
    onFailure: onFailure && {
      condition: propertiesOf(onFailure.conditions),
      result: onFailure.result,
      retryConfiguration: onFailure.retryConfiguration,
    },
    onSuccess: onSuccess && { condition: propertiesOf(onSuccess.conditions) },
  };
}

function conditionOf({ result, rules }: ConditionInputs): Condition {
  return {
    result,
    rules: rules.map(({ inputArtifacts, ...rule }) => ({
      ...rule,
      inputArtifacts: inputArtifacts.map((name) => ({ name })),
    })),
  };
}

function propertiesOf(conditions: readonly Condition[] | undefined): Properties | undefined {
  const [only, ...more] = conditions ?? [];
  if (more.length > 0) throw new Error("a stage has more than one condition of a kind");
  return (
    only && {
      result: only.result,
      rules: only.rules?.map(({ inputArtifacts = [], ...rule }) => ({
        ...rule,
        inputArtifacts: inputArtifacts.map(({ name }) => name),
      })),
    }
  );
}
