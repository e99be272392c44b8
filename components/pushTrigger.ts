import type * as pulumi from "@pulumi/pulumi";

import { type Names, stages } from "./names";
import { commitTrigger } from "./parts/commitTrigger";
import type { DeadLetterQueue } from "./parts/deadLetterQueue";
import { serviceRole } from "./parts/serviceRole";
import { startPipeline } from "./policies/roles";
import { trustTrigger } from "./policies/trust";

interface PushTriggerArgs {
  branch: string;
  deadLetters: DeadLetterQueue;
  description: string;
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  pipelineArn: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** The EventBridge rule that starts the pipeline on a push, and its role. */
export function pushTrigger(
  name: string,
  { description, names, permissionsBoundary, tags, ...push }: PushTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const role = serviceRole(
    `${name}-trigger-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply(startPipeline),
      roleName: names.triggerRole,
      tags,
      trust: names.apply(trustTrigger),
    },
    opts,
  );
  commitTrigger(
    `${name}-on-push`,
    { ...push, role, ruleName: names.rule, sourceAction: stages.source.action, tags },
    opts,
  );
}
