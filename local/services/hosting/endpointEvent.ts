import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

import { type Origin, type ServiceEvent, serviceEvent } from "../eventbridge/serviceEvent";

/**
 * The event that SageMaker sends when an endpoint's status changes; unlike the API, it writes the status as `IN_SERVICE`.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export function endpointEvent(
  origin: Origin,
  endpoint: Partial<DescribeEndpointOutput>,
): ServiceEvent {
  const { CreationTime, EndpointArn = "", EndpointStatus = "", LastModifiedTime } = endpoint;
  return serviceEvent(origin, {
    source: "aws.sagemaker",
    detailType: "SageMaker Endpoint State Change",
    resources: [EndpointArn],
    detail: {
      EndpointName: endpoint.EndpointName,
      EndpointArn,
      EndpointConfigName: endpoint.EndpointConfigName,
      ProductionVariants: endpoint.ProductionVariants,
      EndpointStatus: EndpointStatus.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase(),
      FailureReason: endpoint.FailureReason,
      CreationTime: CreationTime?.getTime(),
      LastModifiedTime: LastModifiedTime?.getTime(),
      Tags: {},
    },
  });
}
