import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";

import { unzipSync } from "fflate";

import { authorizedClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";
import type { Files } from "../codepipeline/sourceFiles";

/** Where an artifact of a CodePipeline run lies. */
export interface ArtifactPlace {
  readonly bucket: string;
  readonly key: string;
}

/** Fetches an input artifact as CodeBuild does: with the project's role, not with the pipeline's. */
export async function fetchInput(
  { bucket: Bucket, key: Key }: ArtifactPlace,
  context: AwsContext,
  credentials: Credentials,
): Promise<Files> {
  const { Body } = await (
    await authorizedClients(context, credentials).s3()
  ).getObject({ Bucket, Key });
  const bytes = await Body?.transformToByteArray();
  if (bytes === undefined) throw new Error(`the artifact ${Key} is empty`);
  return unzipSync(bytes);
}

/** Writes an artifact's files below the folder; never writes outside of it, even if the archive names such paths. */
export function unpack(files: Files, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, posix.normalize(`/${name}`));
    if (name.endsWith("/")) continue;
    mkdirSync(dirname(file), { recursive: true });
    // As in CodePipeline's own archives, no executable bit survives.
    writeFileSync(file, content);
  }
}
