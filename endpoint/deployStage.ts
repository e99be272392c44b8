import { modelBuildOutputsIn } from "../components/outputs/modelBuildOutputs";
import { bringUp } from "./bringUp";
import type { Calls } from "./calls";
import { type Decision, decide, decideAgain, type Handover, type Question } from "./decide";
import { settingsHash, type Surroundings } from "./plan";
import { type StageConfig, stageConfigFrom } from "./stageConfig";
import type { Tools } from "./tools";

/** The exit code that says: AWS took the new version back, and the old one serves. */
export const ROLLED_BACK = 98;

/**
 * Deploys one stage: decides on a version, brings the endpoint up with it, and looks whether it really runs.
 * @returns the exit code
 * @throws an error that says why nothing, or not all, was deployed
 */
export async function deployStage(tools: Tools): Promise<number> {
  const { calls, environment, file, say } = tools;
  const { stage } = environment;
  const config = stageConfigFrom(file(`${stage}-config.json`), stage);
  const storage = await outputsIn(environment.outputsUri, calls);
  const surroundings = { ...environment, storage };
  const decision = await decisionOf(tools, surroundings, config, storage.modelPackageGroupName);
  if (decision.deploy === undefined) {
    say(`nothing to do: ${decision.nothing}`);
    keepFacts(tools, { nothingToDo: decision.nothing }, `nothing: ${decision.nothing}`, "");
    await calls.stopThisRun(`nothing to do: ${decision.nothing}`);
    return 0;
  }
  const { deploy } = decision;
  const version = String(deploy.modelVersion);
  say(`${environment.endpointName}: version ${version}, ${reasonOf(deploy)}`);
  const engine = await tools.openEngine();
  const end = await bringUp(tools, engine, deploy, config, surroundings);
  if (end === "rolled back") return ROLLED_BACK;
  keepFacts(tools, deploy, `version ${version} runs on ${environment.endpointName}`, version);
  // People were told of the failure. That CodePipeline then ran the last good deployment again, and nothing had to change, is no news.
  if (end === "unchanged" && (await calls.trigger()) === "AutomatedRollback")
    await calls.stopThisRun(`version ${version} ran on ${environment.endpointName} all along`);
  return 0;
}

async function outputsIn(uri: string, { read }: Calls) {
  const written = await read(uri);
  if (written === undefined)
    throw new Error(
      `there is no ${uri}, which the stack of this pipeline writes: bring it up again`,
    );
  return modelBuildOutputsIn(JSON.parse(written), uri);
}

async function decisionOf(
  { calls, environment, file, handover }: Tools,
  surroundings: Surroundings,
  config: StageConfig,
  group: string,
): Promise<Decision> {
  const { accountId, partition, prodEndpointName, prodRoleArn, region, stage } = environment;
  const versionsPrefix = `arn:${partition}:sagemaker:${region}:${accountId}:model-package/${group}/`;
  if (stage === "prod") return { deploy: await decideAgain(handover(), { versionsPrefix }, calls) };

  // Read here too: a mistake in it is told before anybody has to approve.
  const prodConfig = stageConfigFrom(file("prod-config.json"), "prod");
  const prod = { ...surroundings, endpointName: prodEndpointName, roleArn: prodRoleArn };
  const question: Question = {
    modelPackageArn: environment.modelPackageArn,
    versionsPrefix,
    prodEndpointName,
    stagingEndpointName: environment.endpointName,
    prodSettings: settingsHash(prodConfig, prod),
    stagingSettings: settingsHash(config, surroundings),
  };
  return decide(question, calls);
}

function keepFacts({ keep }: Tools, handover: object, deployed: string, version: string): void {
  keep("deployment.json", `${JSON.stringify(handover, null, 2)}\n`);
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  keep(
    "facts.env",
    `export DEPLOYED=${quoted(deployed)}\nexport MODEL_VERSION=${quoted(version)}\n`,
  );
}

function reasonOf({ reason, rejectedModelPackageArn = "" }: Handover): string {
  if (reason === "approved") return "which was approved";
  return `to go back to, since ${rejectedModelPackageArn} was rejected`;
}
