import type { Calls } from "./calls";
import type { Environment } from "./environment";
import type { Settings } from "./settings";

/** The Pulumi engine on the stage's stack. */
export interface Engine {
  /** Whether an error says that somebody else holds the state. */
  readonly isLocked: (error: unknown) => boolean;
  /** Takes away these resources alone. */
  readonly remove: (urns: readonly string[]) => Promise<void>;
  readonly restore: (state: unknown) => Promise<void>;
  readonly state: () => Promise<unknown>;
  readonly unlock: () => Promise<void>;
  /** Reads all from AWS first, so that what a killed update left is seen. */
  readonly up: (settings: Settings) => Promise<void>;
}

/** What a deployment works with. */
export interface Tools {
  readonly calls: Calls;
  readonly environment: Environment;
  /** Reads a file of the deploy repository. */
  readonly file: (name: string) => string;
  /** What staging handed over; only production has it. */
  readonly handover: () => string;
  /** Writes a file that the build keeps. */
  readonly keep: (name: string, text: string) => void;
  readonly openEngine: () => Promise<Engine>;
  readonly say: (line: string) => void;
  readonly wait: () => Promise<void>;
}
