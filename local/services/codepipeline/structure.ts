import type { PipelineDeclaration } from "@aws-sdk/client-codepipeline";
import { z } from "zod";

const named = z.array(z.strictObject({ name: z.string() })).default([]);

// Strict: an action with an unsupported setting must not be simulated as if it had none.
const actionShape = z.strictObject({
  name: z.string(),
  actionTypeId: z.strictObject({
    category: z.string(),
    owner: z.string(),
    provider: z.string(),
    version: z.string(),
  }),
  configuration: z.record(z.string(), z.string()).default({}),
  inputArtifacts: named,
  namespace: z.string().optional(),
  outputArtifacts: named,
  region: z.string().optional(),
  runOrder: z.number().default(1),
  timeoutInMinutes: z.number().optional(),
});
const stageShape = z.strictObject({
  name: z.string(),
  actions: z.array(actionShape),
  onFailure: z.strictObject({ result: z.literal("ROLLBACK") }).optional(),
});

/** An action as deployed in the account. */
export type ActionShape = z.output<typeof actionShape>;

/** A stage as deployed in the account, its actions in the order in which they run. */
export interface StageShape extends z.output<typeof stageShape> {
  readonly rollsBack: boolean;
}

/**
 * The stages of a deployed pipeline.
 * @throws Error naming every unsupported setting
 */
export function stagesOf({ name = "", stages = [] }: PipelineDeclaration): StageShape[] {
  const { data, error } = z.array(stageShape).safeParse(stages);
  if (error !== undefined)
    throw new Error(
      `pipeline ${name}: the local cloud does not simulate this structure:\n${z.prettifyError(error)}`,
    );
  return data.map((stage) => {
    const actions = [...stage.actions].sort((one, other) => one.runOrder - other.runOrder);
    actions.forEach((action, index) => {
      mustBeSupported(action, actions[index + 1], `${name}: action ${action.name}`);
    });
    return { ...stage, actions, rollsBack: stage.onFailure !== undefined };
  });
}

function mustBeSupported(action: ActionShape, next: ActionShape | undefined, what: string): void {
  if (action.runOrder === next?.runOrder)
    throw new Error(
      `${what} runs in parallel with ${next.name}: the local cloud does not simulate parallel actions`,
    );
  const isApproval = action.actionTypeId.category === "Approval";
  if (action.timeoutInMinutes !== undefined && !isApproval)
    throw new Error(`${what}: timeoutInMinutes is simulated only for manual approvals`);
}
