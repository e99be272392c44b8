import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface ServiceEndpointsArgs {
  region: pulumi.Output<string>;
  routeTableIds: pulumi.Input<pulumi.Input<string>[]>;
  securityGroupId: pulumi.Input<string>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  tags: Record<string, string>;
  vpcId: pulumi.Input<string>;
}

/** What builds and jobs call beside S3: the services in the policies of their roles, and STS, which tells them who they are. */
export const interfaceServices = [
  "ecr.api",
  "ecr.dkr",
  "kms",
  "logs",
  "monitoring",
  "sagemaker.api",
  "sts",
];

/** The ways to AWS's services that do not lead through the internet. */
export interface ServiceEndpoints {
  all: pulumi.Resource[];
  s3: aws.ec2.VpcEndpoint;
}

/** Endpoints inside a VPC for S3 and for {@link interfaceServices}, under the services' own names. */
export function serviceEndpoints(
  name: string,
  { region, routeTableIds, securityGroupId, subnetIds, ...args }: ServiceEndpointsArgs,
  opts: pulumi.CustomResourceOptions,
): ServiceEndpoints {
  const nameOf = (service: string) => region.apply((it) => `com.amazonaws.${it}.${service}`);
  const s3 = new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    { ...args, routeTableIds, serviceName: nameOf("s3"), vpcEndpointType: "Gateway" },
    opts,
  );
  const interfaces = interfaceServices.map(
    (service) =>
      new aws.ec2.VpcEndpoint(
        `${name}-${service.replace(".", "-")}`,
        {
          ...args,
          privateDnsEnabled: true,
          securityGroupIds: [securityGroupId],
          serviceName: nameOf(service),
          subnetIds,
          vpcEndpointType: "Interface",
        },
        opts,
      ),
  );
  return { all: [s3, ...interfaces], s3 };
}
