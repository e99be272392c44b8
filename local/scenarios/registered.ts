import { mustAnswer } from "./answers";
import { modelCardProblems } from "./modelCard";
import { ownerClients } from "../iam/clients";
import type { DeliveryRun } from "../services/codepipeline/simulateDelivery";
import type { TestEnvironment } from "../services/runUntilIdle";

/**
 * Passes only if the version is in the registry and pending approval; the starter's, only if it also has
 * metrics, a model card with the same figures, is stamped with where it came from, and answers its sample requests.
 */
export async function mustBeRegistered(
  modelPackageArn: string,
  deliveries: readonly DeliveryRun[],
  testEnvironment: TestEnvironment,
  isStarter: boolean,
): Promise<void> {
  const { context, timeline } = testEnvironment;
  const sagemaker = await ownerClients(context).sagemaker();
  const found = await sagemaker.describeModelPackage({ ModelPackageName: modelPackageArn });
  const stamps = Object.entries(found.CustomerMetadataProperties ?? {});
  const [first] = deliveries;
  const status = found.ModelApprovalStatus ?? "none";
  if (status !== "PendingManualApproval")
    throw new Error(`expected ${modelPackageArn} to be PendingManualApproval, got ${status}`);
  const wanted = {
    metrics: found.ModelMetrics?.ModelQuality?.Statistics?.S3Uri !== undefined,
    "git commit": stamps.some(([, value]) => value === first?.commitId),
    "CodePipeline execution": stamps.some(([, value]) =>
      deliveries.some(({ executionId }) => value === executionId),
    ),
    "data location": stamps.some(([, value]) => value.startsWith("s3://")),
  };
  const missing = Object.entries(wanted).flatMap(([what, isThere]) => (isThere ? [] : [what]));
  if (isStarter && missing.length > 0) {
    throw new Error(`${modelPackageArn} has no ${missing.join(", ")}: ${JSON.stringify(stamps)}`);
  }
  const content = found.ModelCard?.ModelCardContent;
  const wrong = isStarter ? modelCardProblems(content, found.CustomerMetadataProperties ?? {}) : [];
  if (wrong.length > 0) {
    throw new Error(`the model card of ${modelPackageArn} has ${wrong.join("; ")}`);
  }
  timeline.note(
    "Registry",
    [
      `${modelPackageArn.split("/").slice(1).join("/")}: ${status}`,
      ...stamps.map(([name, value]) => `${name} = ${value}`),
      ...(content === undefined ? [] : [`model card = ${content}`]),
      ...missing.map((what) => `(no ${what}; the starter registers one)`),
    ].join("\n"),
  );
  const sample = found.CustomerMetadataProperties?.SampleLocation;
  if (isStarter) await mustAnswer(modelPackageArn, sample ?? "", testEnvironment);
}
