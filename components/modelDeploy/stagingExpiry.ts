import * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names/names";
import { scheduleGroup } from "../parts/scheduleGroup";
import { serviceRole } from "../parts/serviceRole";
import { expireStagingRolePolicy } from "../policies/scheduleStatements";
import { scheduleTrustPolicy } from "../policies/trust";

interface StagingExpiryArgs {
  description: string;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  permissionsBoundary: pulumi.Input<string> | undefined;
  tags: Record<string, string>;
}

/** Schedule that the deployment builds create. */
export interface StagingExpiry {
  /** ARN of the role that the schedule has. */
  roleArn: pulumi.Output<string>;
  /** `<group>/<name>` of the schedule. */
  schedule: pulumi.Output<string>;
}

/**
 * EventBridge Scheduler group, with the role of its one schedule. The builds create and renew the
 * schedule, which deletes the staging endpoint.
 */
export function stagingExpiry(
  name: string,
  { description, keyArn, names, permissionsBoundary, tags }: StagingExpiryArgs,
  opts: pulumi.CustomResourceOptions,
): StagingExpiry {
  const { group, role, schedule } = names.deploy.stagingExpiry;
  const groupName = scheduleGroup(`${name}-staging-schedules`, { groupName: group, tags }, opts);
  const roleArn = serviceRole(
    `${name}-expire-staging-role`,
    {
      description,
      permissionsBoundary,
      policy: names.apply((it) => expireStagingRolePolicy(it, keyArn)),
      roleName: role,
      tags,
      trust: names.apply(scheduleTrustPolicy),
    },
    opts,
  );
  return { roleArn, schedule: pulumi.interpolate`${groupName}/${schedule}` };
}
