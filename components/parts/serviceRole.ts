import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface ServiceRoleArgs {
  description: string;
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
  { description, policy, roleName, tags, trust }: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): ServiceRole {
  const role = new aws.iam.Role(
    name,
    { name: roleName, description, assumeRolePolicy: trust, tags },
    opts,
  );

  return {
    arn: role.arn,
    policy: new aws.iam.RolePolicy(name, { name: "permissions", role: role.name, policy }, opts),
  };
}
