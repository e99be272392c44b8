import type { AuthorizingProxy, AwsContext } from "../../local/iam/contract";
import { awsContext } from "./mocks";

/** AWS context whose calls all go to this endpoint; its proxy answers only with what a test provides. */
export function contextAt(endpoint: string, proxy: Partial<AuthorizingProxy> = {}): AwsContext {
  const unasked = (): never => {
    throw new Error("the test does not expect a call of the authorizing proxy");
  };
  return {
    ...awsContext,
    ownerEndpoint: endpoint,
    scratch: "/nowhere",
    signal: new AbortController().signal,
    proxy: {
      endpoint,
      assume: unasked,
      actAs: unasked,
      require: unasked,
      decisions: [],
      reread: unasked,
      stop: unasked,
      ...proxy,
    },
  };
}
