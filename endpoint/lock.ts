import { z } from "zod";

import type { Calls } from "./calls";
import type { Environment } from "./environment";

interface Locked {
  readonly calls: Pick<Calls, "read" | "runStatus" | "write">;
  readonly environment: Pick<Environment, "backendUrl" | "executionId" | "stage">;
  readonly say: (line: string) => void;
}

interface Lock {
  /** Whether an error says that somebody else holds the state. */
  readonly isLocked: (error: unknown) => boolean;
  readonly unlock: () => Promise<void>;
}

const holderShape = z.object({ executionId: z.string() });

/** Runs with these have no build any more; one that was stopped may have been abandoned, with a build that goes on. */
const over = ["Cancelled", "Failed", "Succeeded", "Superseded"];

/**
 * Does work on the state. A lock that a killed build left is taken away, but only if the run that it belonged to is certainly over:
 * beside the state stands whose it is.
 * @throws an error with the command to run, if nobody can say whether the lock is still held
 */
export async function underLock<T>(tools: Locked, lock: Lock, work: () => Promise<T>): Promise<T> {
  const { calls, environment, say } = tools;
  const { executionId } = environment;
  const note = noteOf(environment);
  const before = note && (await calls.read(note));
  const write = async (text: string) => {
    if (note !== undefined) await calls.write(note, text);
  };
  await write(JSON.stringify({ executionId }));
  try {
    return await work();
  } catch (error) {
    if (!lock.isLocked(error)) throw error;
    const holder = holderIn(before);
    if (holder === undefined || !(await isOver(holder, tools))) {
      // Whoever comes next must find whose lock it is.
      await write(before ?? "{}");
      throw lockedError(environment, holder, error);
    }
    say(`the state was locked by run ${holder}, which is over: the lock is taken away`);
  }
  await lock.unlock();
  return work();
}

/** Where it is written whose run holds the state: with the state, if that is in S3. */
function noteOf({ backendUrl }: Pick<Environment, "backendUrl">): string | undefined {
  const [place = ""] = backendUrl.split("?");
  return place.startsWith("s3://") ? `${place.replace(/\/$/, "")}/holder.json` : undefined;
}

function holderIn(note: string | undefined): string | undefined {
  if (note === undefined) return undefined;
  return holderShape.safeParse(JSON.parse(note)).data?.executionId;
}

async function isOver(holder: string, { calls, environment }: Locked): Promise<boolean> {
  // The same run again: what its first try has become, nobody says.
  if (holder === environment.executionId) return false;
  try {
    return over.includes(await calls.runStatus(holder));
  } catch {
    // A run that nobody remembers, or that this role may not ask for.
    return false;
  }
}

function lockedError(
  { backendUrl, stage }: Locked["environment"],
  holder: string | undefined,
  cause: unknown,
): Error {
  const who = holder === undefined ? "a build" : `a build of the pipeline's run ${holder}`;
  return new Error(
    `the state of ${stage} is locked by ${who}. If it is at work, this stage can be retried when it is done; if it was killed, take its ` +
      `lock away first: in the folder endpoint/, PULUMI_BACKEND_URL='${backendUrl}' pulumi cancel --stack ${stage} --yes`,
    { cause },
  );
}
