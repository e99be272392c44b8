import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { policyStatementsName } from "../policies/policyStatements";

interface ServiceRoleArgs {
  description: string;
  /** ARN of the permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  /** Policy of the policy statements of the settings, a resource of its own. */
  policyStatements?: pulumi.Input<aws.iam.PolicyDocument> | undefined;
  roleName: pulumi.Input<string>;
  tags: Record<string, string>;
  trust: pulumi.Input<aws.iam.PolicyDocument>;
}

/**
 * IAM role of an AWS service, with one inline policy, and one more for statements of the settings.
 * Returns the ARN of the role after the policies: a service that starts earlier lacks permissions.
 */
export function serviceRole(
  name: string,
  { policy, policyStatements, roleName, trust, ...args }: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const role = new aws.iam.Role(name, { ...args, name: roleName, assumeRolePolicy: trust }, opts);
  const rolePolicy = (logicalName: string, policyName: string, document: typeof policy) =>
    new aws.iam.RolePolicy(
      logicalName,
      { name: policyName, role: role.name, policy: document },
      opts,
    ).urn;
  const urns = [
    rolePolicy(name, "permissions", policy),
    ...(policyStatements === undefined
      ? []
      : [rolePolicy(`${name}-${policyStatementsName}`, policyStatementsName, policyStatements)]),
  ];
  // The URNs add the dependency. Unlike the IDs, a preview knows them.
  return pulumi.all([role.arn, pulumi.all(urns)]).apply(([arn]) => arn);
}
