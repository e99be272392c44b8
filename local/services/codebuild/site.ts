import { join } from "node:path";

import { MINUTE_MS } from "../simulatedTime";

/** Folder of what each Python of a build loads at its start; it does only what its environment variables say. */
export const SITE = join(__dirname, "python");

/** Environment of a build whose Python waits in simulated time. */
export const simulatedTimeSettings: Readonly<Record<string, string>> = {
  LOCAL_CLOUD_MINUTE_MS: MINUTE_MS.toString(),
  PYTHONPATH: SITE,
};
