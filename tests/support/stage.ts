import type { Gateway, Stage } from "../../local/iam/contract";
import { awsContext } from "./mocks";

/** A stage whose calls all go to this endpoint, and whose gateway answers only what a test gives it. */
export function stageAt(endpoint: string, gateway: Partial<Gateway> = {}): Stage {
  const unasked = (): never => {
    throw new Error("the test does not expect a call of the authorizing proxy");
  };
  return {
    ...awsContext,
    ownerEndpoint: endpoint,
    scratch: "/nowhere",
    signal: new AbortController().signal,
    gateway: {
      endpoint,
      assume: unasked,
      actAs: unasked,
      require: unasked,
      verdicts: [],
      reread: unasked,
      stop: unasked,
      ...gateway,
    },
  };
}
