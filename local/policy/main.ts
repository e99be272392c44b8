import { join } from "node:path";

import { standingIn } from "../../policy/rules/data";
import { resourceRules, stackRules } from "../../policy/rules";
import { resourcesIn } from "../../policy/state";
import { pulumiCli } from "../prepare/pulumiCli";
import { say } from "../progress";
import { withScratch } from "../scratch";
import { resourcesOf } from "../state";
import { stepCommand } from "../stepCommand";
import type { Steps } from "../steps";
import { data } from "./data";
import { type PackEngine, type Refusal, openPackEngine } from "./packEngine";
import { planted } from "./planted";

const ROOT = join(__dirname, "..", "..");

const HELP = `Plants a violation of every rule of the policy pack, and has the real Pulumi engine run the pack on them. Every rule must
refuse its own, and nothing else may be refused. Nothing is made: the provider takes anything, and there is no emulator.`;

stepCommand("local:policy", HELP, async ({ signal, steps }) => {
  const command = await steps.step("tools are there", () => pulumiCli(signal));
  await withScratch(ROOT, async (scratch) => {
    const open = (stackName: string) => openPackEngine({ command, scratch, signal, stackName });
    await refuseThePlanted(await open("prod"), steps);
    await keepData(await open("dev"), steps);
  });
});

async function refuseThePlanted(engine: PackEngine, { step }: Steps): Promise<void> {
  const plant = (): void => {
    for (const [rule, make] of Object.entries(planted)) make(rule);
  };
  await step("a preview refuses every planted violation, and nothing else", async () => {
    // This one needs a stack that stands: the next steps plant it.
    const rules = [...resourceRules, ...stackRules].map(({ name }) => name);
    const unplanted = rules.filter((name) => !(name in planted) && name !== "data-is-kept");
    if (unplanted.length > 0) throw new Error(`no violation of ${unplanted.join(", ")} is planted`);
    const refused = await engine.preview(plant);
    show(refused);
    const wanted = Object.keys(planted).map((rule) => `${rule}: ${rule}`);
    mustBe(
      refused.map(({ name, rule }) => `${rule}: ${name}`),
      wanted,
    );
    say(`    ${wanted.length.toString()} violations planted, ${refused.length.toString()} refused`);
  });
  await step("an up stops at the first of them, and does not make it", async () => {
    const { deployment, refused } = await engine.up(plant);
    if (refused.length === 0) throw new Error("nothing was refused");
    const made = resourcesOf(deployment).map(({ urn }) => urn);
    mustBe(
      made.filter((urn) => refused.some((one) => one.urn === urn)),
      [],
    );
  });
}

async function keepData(engine: PackEngine, { step }: Steps): Promise<void> {
  const config = await step("what holds data is brought up, with nothing to refuse", async () => {
    const { deployment, refused } = await engine.up(() => {
      data("first");
    });
    mustBe(
      refused.map(({ message }) => message),
      [],
    );
    return { "data-is-kept": standingIn(resourcesIn({ deployment })) };
  });
  const four = ["Bucket", "Key", "ModelPackageGroup", "Repository"];
  await step("left out of the program, each is refused its deletion", async () => {
    const refused = await engine.preview(() => undefined, config);
    show(refused);
    mustBe(kindsOf(refused), four);
  });
  await step("renamed, two of them are refused their replacement", async () => {
    const refused = await engine.preview(() => {
      data("second");
    }, config);
    show(refused);
    mustBe(kindsOf(refused), ["ModelPackageGroup", "Repository"]);
  });
  await step("left as it is, nothing is refused", async () => {
    mustBe(
      kindsOf(
        await engine.preview(() => {
          data("first");
        }, config),
      ),
      [],
    );
  });
}

function kindsOf(refused: readonly Refusal[]): string[] {
  return refused.map(({ message }) => /:(\w+) models/.exec(message)?.[1] ?? message);
}

function show(refused: readonly Refusal[]): void {
  for (const { message, rule } of refused) say(`    ${rule}: ${message}`);
}

function mustBe(found: readonly string[], wanted: readonly string[]): void {
  const [a, b] = [found, wanted].map((list) => [...list].sort().join("\n"));
  if (a !== b) throw new Error(`wanted\n${String(b)}\nfound\n${String(a)}`);
}
