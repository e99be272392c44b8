import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

import { unlessGone } from "../cloud/provider/clients";
import type { Clients } from "./clients";

/** SageMaker has no error of its own for a resource that does not exist. */
export const missing = /^ValidationException: Could not find/;

/** The endpoint, or undefined if it does not exist: a schedule may delete it at any time. */
export async function describedEndpoint(
  EndpointName: string,
  { sagemaker }: Pick<Clients, "sagemaker">,
): Promise<DescribeEndpointOutput | undefined> {
  return unlessGone((await sagemaker()).describeEndpoint({ EndpointName }), missing);
}
