import type { ExpectedDenial } from "./judge/bench";

/** Calls that are meant to be denied, each with the reason; none is needed so far. */
export const expectedDenials: readonly ExpectedDenial[] = [];
