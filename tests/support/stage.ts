import type { Gateway, Stage } from "../../local/rehearsal/contract";
import { place } from "./mocks";

/** A stage whose calls all go to this endpoint, and whose gateway answers only what a test gives it. */
export function stageAt(endpoint: string, gateway: Partial<Gateway> = {}): Stage {
  const unasked = (): never => {
    throw new Error("nothing here asks the gateway");
  };
  return {
    ...place,
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
