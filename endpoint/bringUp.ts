import type { Handover } from "./decide";
import type { Environment } from "./environment";
import { underLock } from "./lock";
import { planOf, type Plan, type Surroundings } from "./plan";
import type { Running } from "./running";
import type { StageConfig } from "./stageConfig";
import {
  deploymentsIn,
  hasEndpoint,
  isInterrupted,
  repaired,
  scalingIn,
  unfinishedIn,
} from "./state";
import type { Engine, Tools } from "./tools";

/** How an update ended. */
type End = "changed" | "rolled back" | "unchanged";

/** Brings the endpoint up with a version. */
export async function bringUp(
  tools: Tools,
  engine: Engine,
  deploy: Handover,
  config: StageConfig,
  surroundings: Surroundings,
): Promise<End> {
  const { endpointName, projectId, projectName } = tools.environment;
  const before = await settled(tools);
  const tried = await underLock(tools, engine, async () => {
    const state = await mended(tools, engine);
    if (before !== undefined && !hasEndpoint(state)) throw new Error(strange(tools.environment));
    const standing = deploymentsIn(state);
    const known = { project: { projectId, projectName }, running: before, standing };
    const { previous, settings, wanted } = planOf(deploy, config, surroundings, known);
    if (before?.isServing === true && !settings.isRunning && previous === undefined)
      tools.say(`${before.configName} on ${endpointName} is not of this stack: it is left alone`);
    try {
      await freeScaling(tools, engine, scalingIn(state), { previous, settings, wanted });
      await engine.up(settings);
    } catch (error) {
      if (engine.isLocked(error) || !(error instanceof Error)) throw error;
      return { wanted, failure: error };
    }
    return { wanted };
  });
  const { name } = tried.wanted;
  if (!(await isRunning(tools, name, before, tried.failure))) return "rolled back";
  return before?.configName === name ? "unchanged" : "changed";
}

/** A creation that outlasted the provider's patience ends so, or a state that was lost. */
function strange({ endpointName, stage }: Environment): string {
  return (
    `endpoint ${endpointName} is there, but the state of ${stage} does not know it: nothing was changed. Import it: see ` +
    "docs/runbooks/endpoint-not-in-state.md of model-build-pipeline"
  );
}

/** The endpoint once no update is in progress, which a build that was killed may have left; undefined if there is none. */
async function settled(tools: Tools): Promise<Running | undefined> {
  const { calls, environment, say } = tools;
  const { endpointName } = environment;
  for (;;) {
    const found = await afterChanges(tools);
    if (found === undefined || found.status === "InService") return found;
    const reason = found.failureReason ?? "AWS gives no reason";
    if (found.status !== "Failed") {
      throw new Error(
        `endpoint ${endpointName} must be InService to be updated; it is ${found.status}: ${reason}`,
      );
    }
    // All that AWS lets anybody do with it. It never served, or does no more.
    say(`${endpointName} has failed (${reason}): it is taken away, to be made anew`);
    await calls.deleteEndpoint(endpointName);
  }
}

const changing = ["Creating", "Deleting", "RollingBack", "SystemUpdating", "Updating"];

async function afterChanges(
  { calls, environment, say, wait }: Tools,
  see: (status: string) => void = () => undefined,
): Promise<Running | undefined> {
  const { endpointName } = environment;
  for (;;) {
    const found = await calls.running(endpointName);
    if (found === undefined || !changing.includes(found.status)) return found;
    see(found.status);
    say(`waiting for ${endpointName}, which is ${found.status}`);
    await wait();
  }
}

/** The state, after what a killed update left of it was made good. */
async function mended({ calls, environment, say }: Tools, engine: Engine): Promise<unknown> {
  const state = await engine.state();
  if (!isInterrupted(state)) return state;
  say("the last update was killed: what it had begun to make is looked for in AWS");
  const made: string[] = [];
  for (const { kind, name, urn } of unfinishedIn(state)) {
    if (!(await calls.exists(kind, name))) continue;
    say(`  ${kind} ${name} was made`);
    made.push(urn);
  }
  const whole = repaired(state, made);
  // Who is at work has things pending too, and may have ended meanwhile: nobody's work is to be written over.
  if (JSON.stringify(await engine.state()) !== JSON.stringify(state))
    throw new Error(
      `another build is at work on the state of ${environment.stage}: retry this stage when it is done`,
    );
  await engine.restore(whole);
  return whole;
}

/** AWS refuses an update that changes the instance type of a variant for as long as that is autoscaled. */
async function freeScaling(
  { say }: Tools,
  engine: Engine,
  urns: readonly string[],
  { previous, settings, wanted }: Plan,
): Promise<void> {
  if (urns.length === 0 || settings.isRunning) return;
  if (previous?.instanceType === wanted.instanceType) return;
  say("autoscaling is taken away until the endpoint has instances of another type");
  await engine.remove(urns);
}

/** Whether the endpoint runs what it should; throws unless that is so, or AWS went back to what ran before. */
async function isRunning(
  tools: Tools,
  wanted: string,
  before: Running | undefined,
  failure: Error | undefined,
): Promise<boolean> {
  const { endpointName } = tools.environment;
  const seen: string[] = [];
  const after = await afterChanges(tools, (status) => seen.push(status));
  const reason = after?.failureReason ?? "AWS gives no reason; its alarms may";
  if (after?.status === "Failed")
    throw new Error(`endpoint ${endpointName} failed: ${reason}. The next run makes it anew`, {
      cause: failure,
    });
  if (after?.configName === wanted && after.status === "InService") {
    if (failure !== undefined) throw failed(endpointName, failure);
    return true;
  }
  // The provider takes the end of a rollback for success, and its middle for failure. A failure for which AWS changed nothing is another.
  const isBack =
    before !== undefined &&
    after?.status === "InService" &&
    (failure === undefined ||
      seen.includes("RollingBack") ||
      failure.message.includes("RollingBack") ||
      after.lastModified > before.lastModified);
  if (!isBack) throw failed(endpointName, failure);
  tools.say(
    `rolled back: ${wanted} did not hold on ${endpointName} (${reason}); ${after.configName} serves on, as before. ` +
      `See the alarms ${endpointName}-errors and ${endpointName}-latency`,
  );
  return false;
}

/** The engine's own words are printed as they come, so a failure needs no others. */
function failed(endpointName: string, cause: Error | undefined): Error {
  return new Error(
    `the update of ${endpointName} failed; what was made stays, and the next run goes on from there`,
    { cause },
  );
}
