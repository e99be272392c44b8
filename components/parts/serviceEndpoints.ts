import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

interface ServiceEndpointsArgs {
  /** Whether deployment builds run in the VPC. */
  hasDeployment: boolean;
  region: pulumi.Output<string>;
  routeTableIds: pulumi.Input<pulumi.Input<string>[]>;
  securityGroupId: pulumi.Input<string>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  tags: Record<string, string>;
  vpcId: pulumi.Input<string>;
}

/**
 * AWS services with interface endpoints: those in the policies of builds and jobs, and STS.
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
export const interfaceServices = [
  "ecr.api",
  "ecr.dkr",
  "kms",
  "logs",
  "monitoring",
  "sagemaker.api",
  "sts",
];

/** AWS services that only deployment builds call. */
export const deploymentServices = [
  "application-autoscaling",
  "codepipeline",
  "sagemaker.runtime",
  "scheduler",
  "sns",
];

/** VPC endpoints of AWS services. */
export interface ServiceEndpoints {
  all: pulumi.Resource[];
  s3: aws.ec2.VpcEndpoint;
}

/**
 * VPC endpoints for S3 and {@link interfaceServices}, with private DNS; with deployment, also for
 * {@link deploymentServices}.
 */
export function serviceEndpoints(
  name: string,
  {
    hasDeployment,
    region,
    routeTableIds,
    securityGroupId,
    subnetIds,
    ...args
  }: ServiceEndpointsArgs,
  opts: pulumi.CustomResourceOptions,
): ServiceEndpoints {
  const serviceName = (service: string) => region.apply((it) => `com.amazonaws.${it}.${service}`);
  const s3 = new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    { ...args, routeTableIds, serviceName: serviceName("s3"), vpcEndpointType: "Gateway" },
    opts,
  );
  const services = [...interfaceServices, ...(hasDeployment ? deploymentServices : [])];
  const interfaces = services.map(
    (service) =>
      new aws.ec2.VpcEndpoint(
        `${name}-${service.replace(".", "-")}`,
        {
          ...args,
          privateDnsEnabled: true,
          securityGroupIds: [securityGroupId],
          serviceName: serviceName(service),
          subnetIds,
          vpcEndpointType: "Interface",
        },
        opts,
      ),
  );
  return { all: [s3, ...interfaces], s3 };
}
