import { cpSync } from "node:fs";
import { basename, join } from "node:path";

import { z } from "zod";

import theProgram = require("../../index");
import { countsText } from "../cloud/change";
import type { Engine } from "../cloud/engine";
import { type OpenOther, prepareTools, withLocalCloud } from "../index";
import { install, mustTypeCheck, pack } from "./package/install";
import { print } from "../../lib/progress";
import { mustHoldOnly, mustReadBack } from "../cloud/readBack";
import { mustChangeNothing } from "./deployedStack";
import type { ScenarioWork } from "./runScenario";
import { messageOf } from "../../lib/errors";
import { type Stepping, type Steps } from "../report/steps";
import { policyPack, thisProject } from "./thisProject";
import { bootstrapOutputs, bootstrapProgram } from "./workflows/bootstrap";
import { makeDataBucket, mustStartTheBuild } from "./workflows/newData";

const EXAMPLE = join(__dirname, "..", "..", "examples", "consumer");

type Outputs = Record<string, unknown>;
type Program = () => Promise<Outputs>;

const exampleShape = z.object({ default: z.custom<Program>((it) => typeof it === "function") });

/** What becomes of the producer's outputs before others see them. */
let transform = (outputs: Outputs): Outputs => outputs;

/**
 * Deploys three stacks to one local cloud: bootstrap; the dev stack of this program, with
 * the permissions boundary of the bootstrap; and examples/consumer, a separate project that installs
 * the packed component package, reads the outputs of the dev stack and starts the model build when
 * new data arrives. Then the dev stack misses an output, and has a newer contract version: both must
 * be reported.
 */
export async function consumer({ folder, signal, steps }: ScenarioWork): Promise<void> {
  const tools = await steps.step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  const root = join(folder, "consumer");
  await steps.step("the example installs the packed package and type-checks", async () => {
    const filter = (file: string) => !/^node_modules$|\.tgz$/.test(basename(file));
    cpSync(EXAMPLE, root, { recursive: true, filter });
    await install(await pack(folder, signal), root, signal);
    await mustTypeCheck(root, signal);
  });
  const program: Program = async () => transform({ ...(await theProgram()) });
  await withLocalCloud(
    tools,
    { ...thisProject, policyPack, program, stackName: "dev" },
    signal,
    async (producer, _keep, openOther) => {
      await steps.step(
        "pulumi up of the bootstrap; its permissions boundary is set for the producer",
        () => deployOnBootstrap(producer, openOther),
      );
      const existing = await makeDataBucket(producer.cloud);
      const consumer = await openConsumer(root, openOther);
      await deployBoth(producer, consumer, steps);
      await breakTheContract(producer, consumer, steps);
      await steps.step(
        "pulumi destroy of both stacks leaves the bootstrap and the data bucket unchanged",
        async () => {
          await consumer.destroy();
          await producer.destroy();
          await mustHoldOnly(producer, existing);
        },
      );
    },
  );
}

async function deployOnBootstrap(producer: Engine, openOther: OpenOther): Promise<void> {
  const bootstrap = await openOther(bootstrapProgram);
  print(`    ${countsText((await bootstrap.up("pulumi up, bootstrap")).counts)}`);
  await mustReadBack(bootstrap);
  const { deployments } = bootstrapOutputs(await bootstrap.outputs());
  const boundary = deployments.dev?.permissionsBoundaryArn ?? "";
  await producer.cli("config", "set", "permissionsBoundaryArn", boundary);
}

async function openConsumer(root: string, openOther: OpenOther): Promise<Engine> {
  const imported: unknown = await import(join(root, "index.ts"));
  const { default: program } = exampleShape.parse(imported);
  return openOther({ policyPack, program, root, stackName: "dev" });
}

async function deployBoth(producer: Engine, consumer: Engine, { step }: Steps): Promise<void> {
  await step("pulumi preview of the consumer fails before the producer is deployed", () =>
    mustRefuse(consumer.preview(), "organization/model-build-pipeline/dev", "has no outputs yet"),
  );
  await step("pulumi up of the producer", async () => {
    print(`    ${countsText((await producer.up("pulumi up")).counts)}`);
  });
  await step("pulumi preview and up of the consumer with the outputs of the producer", async () => {
    print(`    ${countsText(await consumer.preview())}`);
    const { counts, outputs } = await consumer.up("pulumi up");
    print(`    ${countsText(counts)}`);
    const theirs = (await producer.outputs()).pipelineConsoleUrl;
    print(`    starts ${String(theirs)}`);
    if (outputs.pipelineConsoleUrl?.value !== theirs)
      throw new Error("expected the outputs of the producer");
    await mustReadBack(consumer);
  });
  await step("new data starts the model build; other objects do not", () =>
    mustStartTheBuild(producer),
  );
  await step("a second pulumi up of both stacks changes nothing", async () => {
    await mustChangeNothing(producer, "second pulumi up, producer");
    await mustChangeNothing(consumer, "second pulumi up, consumer");
    await mustChangeNothing(consumer, "pulumi up --refresh, consumer", { refresh: true });
  });
}

async function breakTheContract(
  producer: Engine,
  consumer: Engine,
  { step }: Stepping,
): Promise<void> {
  await step("the consumer names the output that the producer misses", async () => {
    transform = (outputs) => ({ ...outputs, modelBuildPipelineArn: undefined });
    await producer.up("pulumi up, producer without an output");
    await mustRefuse(consumer.preview(), "no output modelBuildPipelineArn", "0.1.0 or newer");
  });
  await step("the consumer rejects a newer contract version", async () => {
    transform = (outputs) => ({ ...outputs, contractVersion: 2 });
    await producer.up("pulumi up, producer with contract version 2");
    await mustRefuse(consumer.preview(), "contractVersion", "must be 1", "got 2");
  });
  await step(
    "pulumi up of the consumer changes nothing when the contract is correct again",
    async () => {
      transform = (outputs) => outputs;
      await producer.up("pulumi up, producer");
      await mustChangeNothing(consumer, "pulumi up, consumer");
    },
  );
}

/** Passes only if the work fails and its message, which is shown, has all of these words. */
async function mustRefuse(work: Promise<unknown>, ...words: string[]): Promise<void> {
  const message = await work.then(
    () => undefined,
    (error: unknown) => messageOf(error),
  );
  if (message === undefined) throw new Error("expected an error, but the operation succeeded");
  for (const line of message.split("\n")) print(`    ${line}`);
  const missing = words.filter((one) => !message.includes(one));
  if (missing.length > 0) throw new Error(`expected in the error: ${missing.join(", ")}`);
}
