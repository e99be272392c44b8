import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface ServiceRoleArgs {
  description: string;
  /** What the role can never go beyond. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  roleName: pulumi.Input<string>;
  tags: Record<string, string>;
  trust: pulumi.Input<aws.iam.PolicyDocument>;
}

/** A role, and the policy that whoever uses the role must wait for. */
export interface ServiceRole {
  arn: pulumi.Output<string>;
  policy: aws.iam.RolePolicy;
}

/** A role that one AWS service assumes, with one policy that dies with it. */
export function serviceRole(
  name: string,
  { policy, roleName, trust, ...args }: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): ServiceRole {
  const role = new aws.iam.Role(name, { ...args, name: roleName, assumeRolePolicy: trust }, opts);

  return {
    arn: role.arn,
    policy: new aws.iam.RolePolicy(name, { name: "permissions", role: role.name, policy }, opts),
  };
}
