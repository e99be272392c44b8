import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface ServiceRoleArgs {
  description: string;
  /** ARN of the permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  roleName: pulumi.Input<string>;
  tags: Record<string, string>;
  trust: pulumi.Input<aws.iam.PolicyDocument>;
}

/** IAM role, and its policy: resources that use the role must depend on the policy. */
export interface ServiceRole {
  arn: pulumi.Output<string>;
  policy: aws.iam.RolePolicy;
}

/** IAM role of an AWS service, with one inline policy. */
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
