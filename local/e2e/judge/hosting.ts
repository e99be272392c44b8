import { unlessGone } from "../../provider/clients";
import type { Clients } from "../clients";

/** What stands behind the name of an endpoint; undefined if nothing does. */
export interface Hosting {
  /** The configuration that an endpoint runs. */
  readonly configOf: (endpoint: string) => Promise<string | undefined>;
  /** The key that a configuration names for its volumes: an id, alias or ARN. */
  readonly keyOf: (config: string) => Promise<string | undefined>;
}

/** The endpoints of the deployed account, looked up at every call: any of them may have changed. */
export function hostingOf(owner: Clients): Hosting {
  const gone = /^ValidationException: Could not find/;
  return {
    async configOf(EndpointName) {
      const api = await owner.sagemaker();
      return (await unlessGone(api.describeEndpoint({ EndpointName }), gone))?.EndpointConfigName;
    },
    async keyOf(EndpointConfigName) {
      const api = await owner.sagemaker();
      return (await unlessGone(api.describeEndpointConfig({ EndpointConfigName }), gone))?.KmsKeyId;
    },
  };
}
