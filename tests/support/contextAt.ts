import type { AuthorizingProxy, AwsContext } from "../../local/iam/contract";
import { awsContext } from "./mocks";

/** A stage whose calls all go to this endpoint, and whose gateway answers only what a test gives it. */
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
