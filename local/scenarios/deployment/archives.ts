import { type S3, S3ServiceException } from "@aws-sdk/client-s3";

import type { Stepping } from "../../report/steps";
import { ownerClients } from "../../iam/clients";
import { mustNotify, fails } from "../notifications";
import { modelPending } from "../push";
import { modelVersion } from "../../services/sagemaker/execution";
import { placeOf } from "../../services/sagemaker/s3Objects";
import { type DeployScenario, mustFailIn, runDeployments } from "./deployScenario";
import { mustRun, servedArchive } from "./running";
import { decide, registerLike, versionArn } from "./versions";

/** What a person approved is not what lies there when the deployment begins. */
export async function runChangedArchives(
  { step }: Stepping,
  scenario: DeployScenario,
): Promise<void> {
  await step(
    "an archive that is overwritten after approval, at once or by an upload in parts begun before, is refused",
    async () => {
      for (const overwrite of [atOnce, inParts]) await runChangedArchive(overwrite, scenario);
      await mustRun("prod", 1, scenario);
    },
  );
  await step("the archive that production loads can be neither overwritten nor deleted", () =>
    mustBeFixed(scenario),
  );
}

interface ArchivePlace {
  readonly Bucket: string;
  readonly Key: string;
}

/** Begins before the version is registered; what it returns writes another archive. */
type Overwrite = (s3: S3, place: ArchivePlace) => Promise<() => Promise<unknown>>;

const OTHER = Buffer.from("another archive");

const atOnce: Overwrite = (s3, place) =>
  Promise.resolve(() => s3.putObject({ ...place, Body: OTHER }));

const inParts: Overwrite = async (s3, place) => {
  const { UploadId } = await s3.createMultipartUpload(place);
  const { ETag } = await s3.uploadPart({ ...place, UploadId, PartNumber: 1, Body: OTHER });
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
  return () => s3.completeMultipartUpload({ ...place, UploadId, MultipartUpload });
};

async function runChangedArchive(overwrite: Overwrite, scenario: DeployScenario): Promise<void> {
  const { inbox, testEnvironment } = scenario;
  const { context, timeline } = testEnvironment;
  const s3 = await ownerClients(context).s3();
  const like = await modelVersion(versionArn(1, scenario), context);
  const from = like.InferenceSpecification?.Containers?.[0]?.ModelDataUrl ?? "";
  const archive = from.replace(/(?=\/[^/]+$)/, `-${overwrite.name}`);
  const { bucket: Bucket, key: Key } = placeOf(archive);
  const source = placeOf(from);
  await s3.copyObject({ Bucket, Key, CopySource: `${source.bucket}/${source.key}` });
  const change = await overwrite(s3, { Bucket, Key });
  const version = await registerLike(1, { archive, what: "an archive of its own" }, scenario);
  await mustNotify(inbox, modelPending);
  await decide(version, "Approved", scenario);
  await change();
  timeline.note("Administrator", `overwrites ${archive}`);
  const [run] = await runDeployments(scenario);
  mustFailIn(run, "DeployResourcesStaging", /exit status 1\b/);
  const said = run?.lines.join("\n") ?? "";
  if (!said.includes(`the archive ${archive} must`))
    throw new Error(`expected the build log to refuse ${archive}, got: ${said}`);
  await mustNotify(inbox, fails("DeployResourcesStaging"));
}

/** The bucket policy holds for everybody, also for the owner of the account. */
async function mustBeFixed(scenario: DeployScenario): Promise<void> {
  const { deployment, testEnvironment } = scenario;
  const { context, timeline } = testEnvironment;
  const uri = await servedArchive(deployment.prodEndpointName, context);
  const { bucket: Bucket, key: Key } = placeOf(uri);
  const s3 = await ownerClients(context).s3();
  const { ETag, VersionId } = await s3.headObject({ Bucket, Key });
  const tries = {
    PutObject: () => s3.putObject({ Bucket, Key, Body: OTHER }),
    "PutObject beside it": () => s3.putObject({ Bucket, Key: `${Key}.new`, Body: OTHER }),
    CreateMultipartUpload: () => s3.createMultipartUpload({ Bucket, Key }),
    DeleteObject: () => s3.deleteObject({ Bucket, Key }),
    DeleteObjectVersion: () => s3.deleteObject({ Bucket, Key, VersionId }),
  };
  for (const [name, call] of Object.entries(tries)) await mustBeDenied(name, uri, call);
  const now = await s3.headObject({ Bucket, Key });
  if (now.ETag !== ETag || now.VersionId !== VersionId)
    throw new Error(`expected ${uri} to be unchanged, got version ${now.VersionId ?? ""}`);
  timeline.note("S3", `${uri}: ${Object.keys(tries).join(", ")} denied`);
}

async function mustBeDenied(
  name: string,
  uri: string,
  call: () => Promise<unknown>,
): Promise<void> {
  const answer = await call().then(
    () => "success",
    (error: unknown) =>
      error instanceof S3ServiceException ? error.$metadata.httpStatusCode : String(error),
  );
  // The emulator gives no error code with it.
  if (answer !== 403)
    throw new Error(`expected ${name} on ${uri} to be denied, got ${String(answer)}`);
}
