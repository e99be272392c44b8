import { ownerClients } from "../../iam/clients";
import { modelVersion } from "../../services/sagemaker/execution";
import type { DeployScenario } from "./deployScenario";

/** Versions that the endpoints serve; undefined for none. */
interface Served {
  readonly prod: number | undefined;
  readonly staging: number | undefined;
}

/**
 * Passes only if the life-cycle stages in the registry are those of the endpoints. The schedule that
 * deletes staging does not edit the registry: without the endpoint, one version may say Staging.
 */
export async function mustSayTheSame(
  { prod, staging }: Served,
  { modelPackageGroupName, testEnvironment }: DeployScenario,
): Promise<void> {
  const { context, timeline } = testEnvironment;
  const sagemaker = await ownerClients(context).sagemaker();
  const { ModelPackageSummaryList: packages = [] } = await sagemaker.listModelPackages({
    ModelPackageGroupName: modelPackageGroupName,
  });
  const stages = new Map<string, number[]>();
  for (const { ModelPackageArn = "", ModelPackageVersion = 0 } of packages) {
    const { ModelLifeCycle } = await modelVersion(ModelPackageArn, context);
    const stage = ModelLifeCycle?.Stage ?? "none";
    stages.set(stage, [...(stages.get(stage) ?? []), ModelPackageVersion].sort());
  }
  const said = [...stages].map(([stage, versions]) => `${stage} ${versions.join(" and ")}`).sort();
  const inStage = (stage: string) => stages.get(stage) ?? [];
  const expected = staging === undefined || staging === prod ? [] : [staging];
  const isStaged =
    staging === undefined
      ? inStage("Staging").length <= 1
      : inStage("Staging").join() === expected.join();
  if (inStage("Production").join() !== [prod ?? []].flat().join() || !isStaged) {
    throw new Error(
      `expected the registry to say Production ${String(prod)} and Staging ${String(staging)}, as the endpoints serve, got: ${said.join(", ")}`,
    );
  }
  timeline.note("Registry", `the same as the endpoints: ${said.join(", ")}`);
}
