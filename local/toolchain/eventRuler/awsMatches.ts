import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { withProgress } from "../../../lib/progress";
import { cacheFolder } from "../cache";
import { withLock } from "../lock";
import { run } from "../processes";

const CHECKSUMS = readFileSync(join(__dirname, "jars.sha256"), "utf8");

/**
 * Whether each pattern matches each event, as Event Ruler says: the matcher of EventBridge, which AWS publishes.
 * @throws for a pattern that it rejects
 */
export async function awsMatches(
  patterns: readonly unknown[],
  events: readonly unknown[],
  signal: AbortSignal,
): Promise<boolean[][]> {
  const jars = await eventRuler(signal);
  const scratch = mkdtempSync(join(tmpdir(), "event-ruler-"));
  try {
    const input = join(scratch, "input.json");
    writeFileSync(input, JSON.stringify({ patterns, events }));
    const args = ["-cp", join(jars, "*"), join(__dirname, "Matches.java"), input];
    const lines = await mustSucceed("java", args, signal);
    return z.array(z.array(z.boolean())).parse(JSON.parse(lines.at(-1) ?? ""));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** Folder of its jars, from the cache or from Maven's repository. */
async function eventRuler(signal: AbortSignal): Promise<string> {
  const folder = join(cacheFolder(), `event-ruler-${sha256(CHECKSUMS).slice(0, 12)}`);
  await withProgress("preparing Event Ruler", (report) =>
    withLock(`${folder}.lock`, report, signal, async () => {
      if (existsSync(folder)) return;
      const unfinished = `${folder}.unfinished`;
      rmSync(unfinished, { recursive: true, force: true });
      const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${unfinished}`];
      const pom = join(__dirname, "pom.xml");
      await mustSucceed("mvn", ["-q", "-B", "-f", pom, ...goal], signal);
      checkJars(unfinished);
      renameSync(unfinished, folder);
    }),
  );
  return folder;
}

async function mustSucceed(
  program: string,
  args: string[],
  signal: AbortSignal,
): Promise<string[]> {
  const { code, lines } = await run(program, args, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    const required = "Event Ruler requires Maven and a JDK 17 or newer";
    throw new Error(`${required}, and ${program} is not on PATH`, { cause: error });
  });
  if (code !== 0) throw new Error(`${program} failed:\n${lines.slice(-20).join("\n")}`);
  return lines;
}

function checkJars(folder: string): void {
  const lines = readdirSync(folder)
    .sort()
    .map((name) => `${sha256(readFileSync(join(folder, name)))}  ${name}\n`);
  if (lines.join("") !== CHECKSUMS)
    throw new Error(`expected the files of jars.sha256, got\n${lines.join("")}`);
}

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
