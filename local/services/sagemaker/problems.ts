import { checked, type Json, membersOf } from "./json";
import { type Definition, type Step, everyStep, needsOf } from "./definition";
import { processingRequest, trainingRequest } from "./jobRequests";
import { joinProblems } from "./joins";
import { modelRequest } from "./modelRequest";
import { type Scope, resolve } from "./resolve";
import { modelCreation, transformRequest } from "./servingRequests";

/** What the deployed project lets a definition say. */
export interface Project {
  readonly executionRoleArn: string;
  readonly artifactBucket: string;
  readonly keyArn: string;
  readonly modelPackageGroupName: string;
  /** Whether every output and volume must name the key. */
  readonly requireKey: boolean;
}

/** Everything that the definition says against the project's rules, and every image that it names. */
export function examine(
  definition: Definition,
  scope: Pick<Scope, "execution" | "parameters">,
  project: Project,
): { readonly problems: readonly string[]; readonly images: readonly string[] } {
  const steps = everyStep(definition.Steps);
  const early = { ...scope, steps: {}, propertyFiles: {} };
  const found = steps.map((one) => examineStep(one, early, project));
  return {
    problems: [...wiring(definition), ...found.flatMap(({ problems }) => problems)],
    images: [...new Set(found.flatMap(({ images }) => images))],
  };
}

/** References that lead nowhere or round in a circle, and names that are taken. */
function wiring({ Steps }: Definition): string[] {
  const steps = everyStep(Steps);
  const names = steps.map(({ Name }) => Name);
  const taken = names.filter((name, index) => names.indexOf(name) !== index);
  const needs = new Map(steps.map((one) => [one.Name, needsOf(one)]));
  for (const one of steps) {
    if (one.Type !== "Condition") continue;
    // A branch begins when its condition has been evaluated.
    const branches = [...one.Arguments.IfSteps, ...one.Arguments.ElseSteps];
    for (const { Name } of branches) needs.get(Name)?.add(one.Name);
  }
  const lost = [...needs].flatMap(([name, needed]) =>
    [...needed]
      .filter((other) => !needs.has(other))
      .map((other) => `step ${name} refers to ${other}, which does not exist`),
  );
  const circular = names.filter((name) => reaches(name, name, needs, new Set()));
  return [
    ...taken.map((name) => `step ${name} is defined twice`),
    ...lost,
    ...(circular.length === 0 ? [] : [`steps wait for each other: ${circular.join(", ")}`]),
  ];
}

function reaches(
  from: string,
  to: string,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  seen: Set<string>,
): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  return [...(needs.get(from) ?? [])].some((next) => next === to || reaches(next, to, needs, seen));
}

/** ARN of a KMS key, if the step names one. */
type Key = string | undefined;

/** What a step names that the project has a say in. */
interface Named {
  readonly role?: string;
  readonly images: readonly string[];
  readonly outputs?: readonly string[];
  readonly outputKey?: Key;
  readonly volume?: { readonly instanceType: string; readonly key: Key };
  readonly group?: string;
}

function examineStep(step: Step, scope: Scope, project: Project) {
  const { images, problems } = examineArguments(step, scope, project);
  const all = [...joinProblems(step), ...problems];
  return { images, problems: all.map((text) => `step ${step.Name}: ${text}`) };
}

function examineArguments(
  step: Step,
  scope: Scope,
  project: Project,
): { readonly problems: readonly string[]; readonly images: readonly string[] } {
  const read = readers[step.Type];
  if (read === undefined || step.Type === "Condition") return { problems: [], images: [] };
  try {
    const named = read(resolve(sketch(step.Arguments), scope));
    return { problems: against(named, project), images: named.images };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)], images: [] };
  }
}

/** What only a step that has run can tell stands as its own reference. */
function sketch(value: Json): Json {
  if (Array.isArray(value)) return value.map(sketch);
  const members = membersOf(value);
  if (members === undefined) return value;
  const { Get } = members;
  if (typeof Get === "string" && Get.startsWith("Steps.")) return `<${Get}>`;
  if ("Std:JsonGet" in members) return "<Std:JsonGet>";
  return Object.fromEntries(Object.entries(members).map(([key, one]) => [key, sketch(one)]));
}

const readers: Readonly<Partial<Record<Step["Type"], (args: Json) => Named>>> = {
  Processing: (args) => {
    const request = checked(processingRequest, args);
    const { KmsKeyId, Outputs } = request.ProcessingOutputConfig;
    const { InstanceType, VolumeKmsKeyId } = request.ProcessingResources.ClusterConfig;
    return {
      role: request.RoleArn,
      images: [request.AppSpecification.ImageUri],
      outputs: Outputs.map(({ S3Output }) => S3Output.S3Uri),
      outputKey: KmsKeyId,
      volume: { instanceType: InstanceType, key: VolumeKmsKeyId },
    };
  },
  Training: (args) => {
    const request = checked(trainingRequest, args);
    const { KmsKeyId, S3OutputPath } = request.OutputDataConfig;
    const { InstanceType, VolumeKmsKeyId } = request.ResourceConfig;
    const { DebugHookConfig, ProfilerConfig } = request;
    const watching = [DebugHookConfig?.S3OutputPath, ProfilerConfig?.S3OutputPath];
    return {
      role: request.RoleArn,
      images: [request.AlgorithmSpecification.TrainingImage],
      outputs: [S3OutputPath, ...watching.filter((path) => path !== undefined)],
      outputKey: KmsKeyId,
      volume: { instanceType: InstanceType, key: VolumeKmsKeyId },
    };
  },
  Model: (args) => {
    const { ExecutionRoleArn, image } = checked(modelCreation, args);
    return { role: ExecutionRoleArn, images: [image] };
  },
  Transform: (args) => {
    const { TransformOutput, TransformResources } = checked(transformRequest, args);
    const { InstanceType, VolumeKmsKeyId } = TransformResources;
    return {
      images: [],
      outputs: [TransformOutput.S3OutputPath],
      outputKey: TransformOutput.KmsKeyId,
      volume: { instanceType: InstanceType, key: VolumeKmsKeyId },
    };
  },
  RegisterModel: (args) => {
    const request = checked(modelRequest, args);
    const images = request.InferenceSpecification.Containers.map(({ Image }) => Image);
    return { images, group: request.ModelPackageGroupName };
  },
};

function against(named: Named, project: Project): string[] {
  const problems: string[] = [];
  const { group, outputs = [], role } = named;
  if (role !== undefined && role !== project.executionRoleArn) {
    problems.push(`RoleArn must be ${project.executionRoleArn}, got ${role}`);
  }
  for (const uri of outputs) {
    if (uri.startsWith(`s3://${project.artifactBucket}/`)) continue;
    problems.push(`the output must be in the bucket ${project.artifactBucket}, got ${uri}`);
  }
  problems.push(...keyProblems(named, project));
  if (group !== undefined && group.split("/").at(-1) !== project.modelPackageGroupName) {
    problems.push(`the model package group must be ${project.modelPackageGroupName}, got ${group}`);
  }
  return problems;
}

function keyProblems({ outputKey, outputs = [], volume }: Named, project: Project): string[] {
  const problems: string[] = [];
  const requireKey = (what: string, key: Key): void => {
    if (!project.requireKey || key === project.keyArn) return;
    const must = `the KMS key of the ${what} must be the ARN ${project.keyArn}`;
    problems.push(`${must}, got ${key ?? "none"}`);
  };
  if (outputs.length > 0) requireKey("outputs", outputKey);
  if (volume === undefined) return problems;
  if (!hasLocalStorage(volume.instanceType)) requireKey("volume", volume.key);
  else if (volume.key !== undefined) {
    problems.push(
      `VolumeKmsKeyId must be left out with ${volume.instanceType}, which has local storage: ` +
        "SageMaker accepts no key for it, its hardware encrypts it",
    );
  }
  return problems;
}

/**
 * Whether the disks are part of the host, which encrypts them: SageMaker accepts no key.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
 */
export function hasLocalStorage(instanceType: string): boolean {
  const family = instanceType.split(".")[1] ?? "";
  return /^([a-z]+\d+[a-z]*d[a-z]*|(g[5-9]|p[4-9]|trn\d).*)$/.test(family);
}
