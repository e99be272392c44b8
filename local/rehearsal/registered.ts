import { owners } from "./clients";
import type { DeliveryRun } from "./delivery/playDelivery";
import type { Theatre } from "./settle";

/** Passes only if the version stands in the registry: pending, with metrics, and stamped with where it came from. */
export async function mustBeRegistered(
  modelPackageArn: string,
  deliveries: readonly DeliveryRun[],
  { stage, timeline }: Theatre,
): Promise<void> {
  const sagemaker = await owners(stage).sagemaker();
  const found = await sagemaker.describeModelPackage({ ModelPackageName: modelPackageArn });
  const stamps = Object.entries(found.CustomerMetadataProperties ?? {});
  const [first] = deliveries;
  const wanted = {
    "approval status PendingManualApproval": found.ModelApprovalStatus === "PendingManualApproval",
    metrics: found.ModelMetrics?.ModelQuality?.Statistics?.S3Uri !== undefined,
    "git commit": stamps.some(([, value]) => value === first?.commitId),
    "CodePipeline execution": stamps.some(([, value]) =>
      deliveries.some(({ executionId }) => value === executionId),
    ),
    "data location": stamps.some(([, value]) => value.startsWith("s3://")),
  };
  const missing = Object.entries(wanted).flatMap(([what, isThere]) => (isThere ? [] : [what]));
  if (missing.length > 0) {
    throw new Error(`${modelPackageArn} has no ${missing.join(", ")}: ${JSON.stringify(stamps)}`);
  }
  timeline.note(
    "Registry",
    [
      `${modelPackageArn.split("/").slice(1).join("/")}: ${found.ModelApprovalStatus ?? ""}`,
      ...stamps.map(([name, value]) => `${name} = ${value}`),
    ].join("\n"),
  );
}
