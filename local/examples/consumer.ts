import { cpSync } from "node:fs";
import { basename, join } from "node:path";

import { z } from "zod";

import theProgram = require("../../index");
import { countsText } from "../change";
import type { Engine } from "../engine";
import { type OpenOther, prepareTools, withLocalCloud } from "../localCloud";
import { install } from "../package/install";
import { mustTypeCheck } from "../package/mustTypeCheck";
import { pack } from "../package/pack";
import { say } from "../progress";
import { mustHoldOnly, mustReadBack } from "../readBack";
import { mustChangeNothing } from "../standing";
import { type StepWork, stepCommand } from "../stepCommand";
import type { Stepping, Steps } from "../steps";
import { bootstrapOutputs, bootstrapProgram } from "./bootstrap";
import { makeDataBucket } from "./dataBucket";
import { mustRefuse } from "./mustRefuse";
import { mustStartTheBuild } from "./newData";

const EXAMPLE = join(__dirname, "..", "..", "examples", "consumer");

const HELP = `Brings up on the local cloud, together: examples/bootstrap; this program's dev stack, its roles under the
bootstrap's boundary; and examples/consumer, a project of its own that takes the packed component package and reads the stack's outputs: with new data it
starts the model build. Then the stack lacks an output, and speaks a newer contract: both are told.`;

type Outputs = Record<string, unknown>;
type Program = () => Promise<Outputs>;

const exampleShape = z.object({ default: z.custom<Program>((it) => typeof it === "function") });

/** What becomes of the producer's outputs before others see them. */
let told = (outputs: Outputs): Outputs => outputs;

stepCommand("local:consumer", HELP, tryConsumer);

async function tryConsumer({ folder, signal, steps }: StepWork): Promise<void> {
  const tools = await steps.step("tools are there", () => prepareTools(signal));
  const root = join(folder, "consumer");
  await steps.step("the example takes the packed package, and its types hold", async () => {
    const filter = (file: string) => !/^node_modules$|\.tgz$/.test(basename(file));
    cpSync(EXAMPLE, root, { recursive: true, filter });
    await install(await pack(folder, signal), root, signal);
    await mustTypeCheck(root, signal);
  });
  const program: Program = async () => told({ ...(await theProgram()) });
  await withLocalCloud(
    tools,
    "dev",
    signal,
    async (producer, _keep, openOther) => {
      await steps.step("bootstrap up; the producer's roles are to carry its boundary", () =>
        standOnBootstrap(producer, openOther),
      );
      const others = await makeDataBucket(producer.cloud);
      const consumer = await openConsumer(root, openOther);
      await standBoth(producer, consumer, steps);
      await breakTheContract(producer, consumer, steps);
      await steps.step(
        "both are destroyed, and leave the bootstrap and the data's bucket alone",
        async () => {
          await consumer.destroy();
          await producer.destroy();
          await mustHoldOnly(producer, others);
        },
      );
    },
    { judged: true, program },
  );
}

async function standOnBootstrap(producer: Engine, openOther: OpenOther): Promise<void> {
  const bootstrap = await openOther("main", bootstrapProgram);
  say(`    ${countsText((await bootstrap.up("bootstrap")).counts)}`);
  await mustReadBack(bootstrap);
  const { deployments } = bootstrapOutputs(await bootstrap.outputs());
  const boundary = deployments.dev?.permissionsBoundaryArn ?? "";
  await producer.cli("config", "set", "permissionsBoundaryArn", boundary);
}

async function openConsumer(root: string, openOther: OpenOther): Promise<Engine> {
  const imported: unknown = await import(join(root, "index.ts"));
  const { default: program } = exampleShape.parse(imported);
  return openOther("dev", { judged: true, program, root });
}

async function standBoth(producer: Engine, consumer: Engine, { step }: Steps): Promise<void> {
  await step("before the producer is up, the consumer's preview says so", () =>
    mustRefuse(consumer.preview(), "organization/model-build-pipeline/dev", "has no outputs yet"),
  );
  await step("producer up", async () => {
    say(`    ${countsText((await producer.up("up")).counts)}`);
  });
  await step("the consumer's preview, then up, with the producer's own outputs", async () => {
    say(`    ${countsText(await consumer.preview())}`);
    const { counts, outputs } = await consumer.up("up");
    say(`    ${countsText(counts)}`);
    const theirs = (await producer.outputs()).pipelineConsoleUrl;
    say(`    starts ${String(theirs)}`);
    if (outputs.pipelineConsoleUrl?.value !== theirs)
      throw new Error("the outputs are not the producer's");
    await mustReadBack(consumer);
  });
  await step("new data starts the model build, and nothing else does", () =>
    mustStartTheBuild(producer),
  );
  await step("a second up of either changes nothing", async () => {
    await mustChangeNothing(producer, "producer's second up");
    await mustChangeNothing(consumer, "consumer's second up");
    await mustChangeNothing(consumer, "consumer's up --refresh", { refresh: true });
  });
}

async function breakTheContract(
  producer: Engine,
  consumer: Engine,
  { step }: Stepping,
): Promise<void> {
  await step("where the producer lacks an output, the consumer says which", async () => {
    told = (outputs) => ({ ...outputs, modelBuildPipelineArn: undefined });
    await producer.up("producer without an output");
    await mustRefuse(consumer.preview(), "no output modelBuildPipelineArn", "0.1.0 or newer");
  });
  await step("a newer contract than the consumer knows is refused", async () => {
    told = (outputs) => ({ ...outputs, contractVersion: 2 });
    await producer.up("producer of contract 2");
    await mustRefuse(consumer.preview(), "contractVersion", "must be 1", "got 2");
  });
  await step("with the contract kept again, the consumer's up changes nothing", async () => {
    told = (outputs) => outputs;
    await producer.up("producer as it is");
    await mustChangeNothing(consumer, "consumer's up");
  });
}
