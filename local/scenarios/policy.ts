import * as aws from "@pulumi/aws";

import { noDataDeletionConfig } from "../../policy/rules/dataProtection";
import { resourceRules, stackRules } from "../../policy/rules";
import { resourcesIn } from "../../policy/state";
import { pulumiCli } from "../toolchain/pulumiCli";
import { print } from "../../lib/progress";
import { withScratch } from "../cloud/runFolder";
import { resourcesOf } from "../../lib/state";
import type { ScenarioWork } from "./runScenario";
import type { Steps } from "../report/steps";
import { createBucket } from "./policy/compliant";
import { type PackEngine, type Violation, openPackEngine } from "./policy/packEngine";
import { violations } from "./policy/violations";
import { ROOT } from "./thisProject";

/**
 * Checks the policy pack with the Pulumi engine. A test program violates every rule once; the pack
 * must report each violation, and no other. A mock provider accepts all inputs and creates nothing;
 * no emulator runs.
 */
export async function policy({ signal, steps }: ScenarioWork): Promise<void> {
  const command = await steps.step("tools are installed", () => pulumiCli(signal));
  await withScratch(ROOT, async (scratch) => {
    const open = (stackName: string) => openPackEngine({ command, scratch, signal, stackName });
    await checkViolations(await open("prod"), steps);
    await checkDataDeletion(await open("dev"), steps);
  });
}

async function checkViolations(engine: PackEngine, { step }: Steps): Promise<void> {
  const program = (): void => {
    for (const [rule, create] of Object.entries(violations)) create(rule);
  };
  await step("preview reports every violation of the test program, and no other", async () => {
    // no-data-deletion needs a deployed stack: checkDataDeletion tests it.
    const rules = [...resourceRules, ...stackRules].map(({ name }) => name);
    const untested = rules.filter((name) => !(name in violations) && name !== "no-data-deletion");
    if (untested.length > 0) {
      throw new Error(`The test program has no violation of ${untested.join(", ")}.`);
    }
    const reported = await engine.preview(program);
    printViolations(reported);
    const expected = Object.keys(violations).map((rule) => `${rule}: ${rule}`);
    assertSame(
      reported.map(({ name, rule }) => `${rule}: ${name}`),
      expected,
    );
    print(
      `    ${expected.length.toString()} violations, ${reported.length.toString()} reported by the pack`,
    );
  });
  await step("update stops at the first violation and does not create its resource", async () => {
    const { deployment, violations: reported } = await engine.up(program);
    if (reported.length === 0) throw new Error("The pack reported no violation.");
    const created = resourcesOf(deployment).map(({ urn }) => urn);
    assertSame(
      created.filter((urn) => reported.some((violation) => violation.urn === urn)),
      [],
    );
  });
}

async function checkDataDeletion(engine: PackEngine, { step }: Steps): Promise<void> {
  const deploy = (name: string) => () => {
    createDataResources(name);
  };
  const config = await step("resources with data are deployed without a violation", async () => {
    const { deployment, violations: reported } = await engine.up(deploy("first"));
    assertSame(
      reported.map(({ message }) => message),
      [],
    );
    return { "no-data-deletion": noDataDeletionConfig(resourcesIn({ deployment })) };
  });
  const types = ["Bucket", "Key", "ModelPackageGroup", "Repository"];
  await step("preview without the resources: the pack rejects each deletion", async () => {
    const reported = await engine.preview(() => undefined, config);
    printViolations(reported);
    assertSame(typesOf(reported), types);
  });
  await step("preview with a new name: the pack rejects both replacements", async () => {
    const reported = await engine.preview(deploy("second"), config);
    printViolations(reported);
    assertSame(typesOf(reported), ["ModelPackageGroup", "Repository"]);
  });
  await step("preview without changes: the pack reports no violation", async () => {
    assertSame(typesOf(await engine.preview(deploy("first"), config)), []);
  });
}

function typesOf(reported: readonly Violation[]): string[] {
  return reported.map(({ message }) => /:(\w+) models/.exec(message)?.[1] ?? message);
}

function printViolations(reported: readonly Violation[]): void {
  for (const { message, rule } of reported) print(`    ${rule}: ${message}`);
}

function assertSame(actual: readonly string[], expected: readonly string[]): void {
  const [a, e] = [actual, expected].map((list) => [...list].sort().join("\n"));
  if (a !== e) throw new Error(`expected\n${String(e)}\ngot\n${String(a)}`);
}

/**
 * One unprotected resource of each type with data. A new `name` replaces two of them: the model
 * package group and the repository.
 */
function createDataResources(name: string): void {
  createBucket("models", {});
  new aws.kms.Key("models", { enableKeyRotation: true });
  new aws.sagemaker.ModelPackageGroup("models", { modelPackageGroupName: name });
  new aws.codecommit.Repository("models", { repositoryName: name });
}
