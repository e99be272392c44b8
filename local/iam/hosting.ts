import { unlessGone } from "../cloud/provider/clients";
import type { Clients } from "./clients";
import type { DescribeEndpointOutput } from "@aws-sdk/client-sagemaker";

/** Resources behind the name of an endpoint; undefined if there are none. */
export interface Hosting {
  /** The configuration that an endpoint runs. */
  readonly configOf: (endpoint: string) => Promise<string | undefined>;
  /** The key that a configuration names for its volumes: an id, alias or ARN. */
  readonly keyOf: (config: string) => Promise<string | undefined>;
}

/** The endpoints of the deployed account, looked up at every call: any of them may have changed. */
export function hostingOf(owner: Clients): Hosting {
  return {
    async configOf(EndpointName) {
      return (await describedEndpoint(EndpointName, owner))?.EndpointConfigName;
    },
    async keyOf(EndpointConfigName) {
      const api = await owner.sagemaker();
      const config = unlessGone(api.describeEndpointConfig({ EndpointConfigName }), missing);
      return (await config)?.KmsKeyId;
    },
  };
}

/** SageMaker has no error of its own for a resource that does not exist. */
const missing = /^ValidationException: Could not find/;

/** The endpoint, or undefined if it does not exist: a schedule may delete it at any time. */
export async function describedEndpoint(
  EndpointName: string,
  { sagemaker }: Pick<Clients, "sagemaker">,
): Promise<DescribeEndpointOutput | undefined> {
  return unlessGone((await sagemaker()).describeEndpoint({ EndpointName }), missing);
}
