import { unlessGone } from "../cloud/provider/clients";
import type { Clients } from "./clients";
import { describedEndpoint, missing } from "./describedEndpoint";

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
