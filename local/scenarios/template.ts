import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parse, stringify } from "yaml";
import { z } from "zod";

import { type Tools, prepareTools, withLocalCloud } from "../index";
import { mustRun } from "../toolchain/processes";
import { deployAndDestroy } from "./deployedStack";
import type { ScenarioWork } from "./runScenario";
import { ROOT, policyPack } from "./thisProject";
import { install, mustTypeCheck } from "./package/install";
import { scriptArguments } from "./npmScript";
import { newProject } from "./package/newProject";

const TEMPLATE = join(ROOT, "dist-template");

type Program = () => Promise<Record<string, unknown>>;
const projectShape = z.object({ default: z.custom<Program>((it) => typeof it === "function") });

/**
 * Builds the template for pulumi new, which contains the packed component package. pulumi new
 * creates a project from it outside this repository; the project is deployed and destroyed.
 */
export async function template({ folder, signal, steps: { step } }: ScenarioWork): Promise<void> {
  const tools = await step("tools: Pulumi CLI and Python environment are ready", () =>
    prepareTools(signal),
  );
  const project = join(folder, "forecast");
  await step("pulumi new creates a project from the template", async () => {
    const build = scriptArguments("package", "--template");
    await mustRun("build of the template", process.execPath, build, signal);
    await newFrom(project, folder, tools, signal);
  });
  await step("the project installs the package of the template and type-checks", async () => {
    const tarball = readdirSync(project).find((name) => name.endsWith(".tgz")) ?? "";
    await install(join(project, tarball), project, signal);
    await mustTypeCheck(project, signal);
  });
  const imported: unknown = await import(join(project, "index.ts"));
  const { default: program } = projectShape.parse(imported);
  const stack = { policyPack, program, root: project, stackName: "dev" };
  await withLocalCloud(tools, stack, signal, (engine) =>
    deployAndDestroy(engine, step, ({ modelPackageGroupName }) => {
      if (modelPackageGroupName !== "mlops-forecast--dev--models")
        throw new Error("expected the outputs of the contract");
    }),
  );
}

async function newFrom(project: string, scratch: string, { command }: Tools, signal: AbortSignal) {
  const where = { command: command.command, scratch, signal };
  await newProject(TEMPLATE, project, where);
  const left = readdirSync(project).flatMap((name) =>
    name.endsWith(".tgz") || !readFileSync(join(project, name), "utf8").includes("${")
      ? []
      : [name],
  );
  if (left.length > 0) throw new Error(`placeholders left in ${left.join(", ")}`);
  answer(project, "dev", { projectName: "forecast" });
}

const question = z.object({ default: z.string().optional() });
const templateFile = z.object({ template: z.object({ config: z.record(z.string(), question) }) });

/** Writes the stack file that `pulumi new` writes when its questions are answered so, the others by Enter. */
function answer(project: string, stack: string, answers: Readonly<Record<string, string>>): void {
  const file = readFileSync(join(TEMPLATE, "Pulumi.yaml"), "utf8");
  const { config } = templateFile.parse(parse(file)).template;
  const values = Object.entries(config).map(([key, asked]) => {
    const value = answers[key] ?? asked.default;
    if (value === undefined) throw new Error(`the template has no default for ${key}`);
    return [key.includes(":") ? key : `forecast:${key}`, value] as const;
  });
  const text = stringify({ config: Object.fromEntries(values) });
  writeFileSync(join(project, `Pulumi.${stack}.yaml`), text);
}
