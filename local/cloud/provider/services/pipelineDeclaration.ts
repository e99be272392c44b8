import type {
  ActionDeclaration,
  ArtifactStore,
  PipelineDeclaration,
  PipelineTriggerDeclaration,
} from "@aws-sdk/client-codepipeline";

import type { Properties } from "../values";
import { conditionProperties, conditionsOf } from "./pipelineConditions";
import type { PipelineInputs } from "./pipelineInputs";

type ActionInputs = PipelineInputs["stages"][number]["actions"][number];

/** The pipeline as CodePipeline's API takes it. */
export function declarationOf(inputs: PipelineInputs): PipelineDeclaration {
  return {
    name: inputs.name,
    roleArn: inputs.roleArn,
    pipelineType: inputs.pipelineType,
    executionMode: inputs.executionMode,
    ...storesOf(inputs),
    stages: inputs.stages.map((stage) => ({
      name: stage.name,
      actions: stage.actions.map(actionOf),
      ...conditionsOf(stage),
    })),
    variables: inputs.variables.length > 0 ? inputs.variables : undefined,
    triggers: inputs.triggers.length > 0 ? inputs.triggers.map(triggerOf) : undefined,
  };
}

/** The pipeline in the shape of the program's inputs. */
export function propertiesOf(pipeline: PipelineDeclaration): Properties {
  return {
    name: pipeline.name,
    roleArn: pipeline.roleArn,
    pipelineType: pipeline.pipelineType ?? "V1",
    executionMode: pipeline.executionMode ?? "SUPERSEDED",
    artifactStores: pipeline.artifactStore
      ? [storeProperties(pipeline.artifactStore)]
      : Object.entries(pipeline.artifactStores ?? {}).map(([region, store]) => ({
          ...storeProperties(store),
          region,
        })),
    stages: pipeline.stages?.map((stage) => ({
      name: stage.name,
      actions: stage.actions?.map(actionProperties) ?? [],
      ...conditionProperties(stage),
    })),
    variables: pipeline.variables ?? [],
    triggers: (pipeline.triggers ?? []).map(triggerProperties),
  };
}

function storesOf(
  inputs: PipelineInputs,
): Pick<PipelineDeclaration, "artifactStore" | "artifactStores"> {
  const stores = inputs.artifactStores.map(({ region, ...store }) => ({ region, store }));
  const [only] = stores;
  if (stores.length === 1 && only?.region === undefined) return { artifactStore: only?.store };
  return {
    artifactStores: Object.fromEntries(stores.map(({ region = "", store }) => [region, store])),
  };
}

function storeProperties({ location, type, encryptionKey }: ArtifactStore): Properties {
  return { location, type, encryptionKey };
}

function actionOf(action: ActionInputs): ActionDeclaration {
  const { category, owner, provider, version, inputArtifacts, outputArtifacts, ...rest } = action;
  return {
    ...rest,
    actionTypeId: { category, owner, provider, version },
    inputArtifacts: inputArtifacts.map((name) => ({ name })),
    outputArtifacts: outputArtifacts.map((name) => ({ name })),
  };
}

function actionProperties(action: ActionDeclaration): Properties {
  return {
    name: action.name,
    category: action.actionTypeId?.category,
    owner: action.actionTypeId?.owner,
    provider: action.actionTypeId?.provider,
    version: action.actionTypeId?.version,
    configuration: action.configuration ?? {},
    inputArtifacts: action.inputArtifacts?.map(({ name }) => name) ?? [],
    outputArtifacts: action.outputArtifacts?.map(({ name }) => name) ?? [],
    runOrder: action.runOrder,
    namespace: action.namespace,
    roleArn: action.roleArn,
    region: action.region,
    timeoutInMinutes: action.timeoutInMinutes,
  };
}

// The provider's name for a list is the plural, the API's is `push`.
function triggerOf({
  providerType,
  gitConfiguration: { sourceActionName, pushes, pullRequests },
}: PipelineInputs["triggers"][number]): PipelineTriggerDeclaration {
  return {
    providerType,
    gitConfiguration: { sourceActionName, push: pushes, pullRequest: pullRequests },
  };
}

function triggerProperties(trigger: PipelineTriggerDeclaration): Properties {
  const git = trigger.gitConfiguration;
  return {
    providerType: trigger.providerType,
    gitConfiguration: {
      sourceActionName: git?.sourceActionName,
      pushes: git?.push,
      pullRequests: git?.pullRequest,
    },
  };
}
