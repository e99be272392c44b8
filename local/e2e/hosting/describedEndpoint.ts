import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

import { unlessGone } from "../../provider/clients";
import { owners } from "../clients";
import type { Stage } from "../contract";

/** The endpoint, or undefined if it does not exist: a schedule may delete it at any time. */
export async function describedEndpoint(
  EndpointName: string,
  stage: Stage,
): Promise<DescribeEndpointOutput | undefined> {
  const sagemaker = await owners(stage).sagemaker();
  return unlessGone(
    sagemaker.describeEndpoint({ EndpointName }),
    /^ValidationException: Could not find/,
  );
}
