import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

interface ServiceRoleArgs {
  description: string;
  /** ARN of the permissions boundary. */
  permissionsBoundary?: pulumi.Input<string> | undefined;
  policy: pulumi.Input<aws.iam.PolicyDocument>;
  roleName: pulumi.Input<string>;
  tags: Record<string, string>;
  trust: pulumi.Input<aws.iam.PolicyDocument>;
}

/**
 * IAM role of an AWS service, with one inline policy.
 * Returns the ARN of the role after the policy: a service that starts earlier lacks permissions.
 */
export function serviceRole(
  name: string,
  { policy, roleName, trust, ...args }: ServiceRoleArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const role = new aws.iam.Role(name, { ...args, name: roleName, assumeRolePolicy: trust }, opts);
  const permissions = new aws.iam.RolePolicy(
    name,
    { name: "permissions", role: role.name, policy },
    opts,
  );
  // The URN adds the dependency. Unlike the ID, a preview knows it.
  return pulumi.all([role.arn, permissions.urn]).apply(([arn]) => arn);
}
