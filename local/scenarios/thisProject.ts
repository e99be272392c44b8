import { join } from "node:path";

import { programIn } from "../../lib/programIn";

/** Folder of this repository. */
export const ROOT = join(__dirname, "..", "..");

/** Policy pack of this repository. */
export const policyPack = join(ROOT, "policy");

/** Program and stack files of this repository. */
export const thisProject = { program: programIn(ROOT), root: ROOT };
