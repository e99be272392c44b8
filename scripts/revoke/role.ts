import { z } from "zod";

import type { StackNames } from "../endpoints/deployment";

const buildRoleKeys = ["execution", "build", "pipeline", "push-rule", "notifications"] as const;
const deployRoleKeys = [
  "deploy",
  "deploy-queue",
  "deploy-staging",
  "test-staging",
  "deploy-prod",
  "serve-staging",
  "serve-prod",
  "expire-staging",
  "approval-rule",
] as const;

/** Roles of a project, as in their names. */
export const roleKeys = [...buildRoleKeys, ...deployRoleKeys] as const;

export type RoleKey = (typeof roleKeys)[number];

/** Role of a project, and what can run as this role. */
export interface Role {
  readonly arn: string;
  /** CodeBuild project whose builds run as the role. */
  readonly buildProject?: string;
  readonly name: string;
  /** SageMaker pipeline that runs as the role, with its jobs. */
  readonly sagemakerPipeline?: string;
}

const outputsShape = z.object({ executionRoleArn: z.string() });

/**
 * Role of a stack.
 * @param outputs outputs of the stack, which name your own execution role, if there is one
 * @throws if the stack does not have the role
 */
export function roleOf(
  { hasDeployment, names }: Pick<StackNames, "hasDeployment" | "names">,
  outputs: unknown,
  key: RoleKey,
): Role {
  if (!hasDeployment && deployRoleKeys.some((one) => one === key))
    throw new Error(
      `the stack has no role ${key}: it does not deploy models. ` +
        `Next: choose one of ${buildRoleKeys.join(", ")}`,
    );
  const { deploy } = names;
  switch (key) {
    case "execution": {
      const { executionRoleArn } = outputsShape.parse(outputs);
      return { ...role(executionRoleArn), sagemakerPipeline: names.sagemakerPipeline };
    }
    case "build":
      return { ...role(names.buildRoleArn), buildProject: names.buildProject };
    case "pipeline":
      return role(names.pipelineRoleArn);
    case "push-rule":
      return role(names.pushRuleRoleArn);
    case "notifications":
      return role(names.notificationsRoleArn);
    case "deploy":
      return role(deploy.pipelineRoleArn);
    case "deploy-queue":
      return buildRole(deploy.queue);
    case "deploy-staging":
      return buildRole(deploy.staging);
    case "test-staging":
      return buildRole(deploy.test);
    case "deploy-prod":
      return buildRole(deploy.prod);
    case "serve-staging":
      return role(deploy.staging.serveRoleArn);
    case "serve-prod":
      return role(deploy.prod.serveRoleArn);
    case "expire-staging":
      return role(deploy.stagingExpiry.roleArn);
    case "approval-rule":
      return role(deploy.approvalRuleRoleArn);
  }
}

function buildRole({ project, roleArn }: { project: string; roleArn: string }): Role {
  return { ...role(roleArn), buildProject: project };
}

/** The ARN of a role may contain a path, its name does not. */
function role(arn: string): Role {
  return { arn, name: arn.split("/").at(-1) ?? "" };
}
