import type * as pulumi from "@pulumi/pulumi";

import { type Names, stages } from "./names";
import { commitTrigger } from "./parts/commitTrigger";
import { deadLetterQueue } from "./parts/deadLetterQueue";
import { serviceRole } from "./parts/serviceRole";
import { queuePolicy } from "./policies/resources";
import { startPipeline } from "./policies/roles";
import { trustTrigger } from "./policies/trust";

interface PushTriggerArgs {
  branch: string;
  description: string;
  keyArn: pulumi.Input<string>;
  names: pulumi.Output<Names>;
  pipelineArn: pulumi.Input<string>;
  repositoryArn: pulumi.Input<string>;
  tags: Record<string, string>;
}

/** The EventBridge rule that starts the pipeline on a push, its role, and the queue for what it could not deliver. */
export function pushTrigger(
  name: string,
  { description, keyArn, names, tags, ...push }: PushTriggerArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const role = serviceRole(
    `${name}-trigger-role`,
    {
      description,
      policy: names.apply(startPipeline),
      roleName: names.triggerRole,
      tags,
      trust: names.apply(trustTrigger),
    },
    opts,
  );
  const deadLetters = deadLetterQueue(
    `${name}-undelivered`,
    { keyArn, policy: names.apply(queuePolicy), queueName: names.queue, tags },
    opts,
  );
  commitTrigger(
    `${name}-on-push`,
    { ...push, deadLetters, role, ruleName: names.rule, sourceAction: stages.source.action, tags },
    opts,
  );
}
