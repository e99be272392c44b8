import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { messageOf } from "../../lib/errors";
import { type Kit, mustBeAws, NotChecked, until } from "./kit";

const SERVE_MINUTES = 5;

/** Python in the container: the image has no other HTTP client for sure. */
const ASK = `import sys, urllib.request as r
body = sys.stdin.buffer.read()
url = "http://127.0.0.1:8080/" + sys.argv[1]
headers = {"Accept": "text/csv", "Content-Type": "text/csv"}
print(r.urlopen(r.Request(url, body or None, headers)).read().decode())`;

/**
 * Starts the serving image of a model version with its archive and without a network, as SageMaker
 * does; it must answer the sample requests as the evaluation did.
 */
export async function checkImage(kit: Kit, modelPackageArn: string): Promise<string[]> {
  mustBeAws(kit);
  const { archive, environment, expected, image, request } = await needed(kit, modelPackageArn);
  const folder = mkdtempSync(join(tmpdir(), "prove-image-"));
  const name = `prove-${String(kit.started.getTime())}`;
  try {
    const model = join(folder, "model");
    mkdirSync(model);
    writeFileSync(join(folder, "model.tar.gz"), archive);
    await kit.program("tar", ["-xzf", join(folder, "model.tar.gz"), "-C", model]);
    const env = Object.entries(environment).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
    const mounted = ["-v", `${model}:/opt/ml/model`];
    const run = ["run", "--detach", "--network", "none", "--name", name, ...mounted, ...env];
    await kit.program("docker", [...run, image, "serve"]);
    const ask = (path: string, input = "") =>
      kit.program("docker", ["exec", "-i", name, "python", "-c", ASK, path], { input });
    await until(kit, "an answer of the container to /ping", SERVE_MINUTES, async () => {
      try {
        return await ask("ping");
      } catch {
        return undefined;
      }
    });
    const rows = mustBeAsEvaluated(await ask("invocations", request), expected);
    return [`docker run --network none ${image}: ${String(rows)} answers match the evaluation`];
  } finally {
    // Also a container that did not start has a name.
    await kit.program("docker", ["rm", "--force", name], { isLast: true }).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Image, archive and sample set of the version, and Docker. @throws NotChecked without them */
async function needed(kit: Kit, ModelPackageName: string) {
  const { clients, program } = kit;
  try {
    await program("docker", ["info"]);
    const found = await clients.sagemaker.describeModelPackage({ ModelPackageName });
    const [container] = found.InferenceSpecification?.Containers ?? [];
    const { Environment: environment = {}, Image: image = "", ModelDataUrl = "" } = container ?? {};
    const sample = found.CustomerMetadataProperties?.SampleLocation ?? "";
    const textOf = async (name: string) =>
      Buffer.from(await bytesOf(kit, `${sample}/${name}`)).toString();
    const [request, expected] = [await textOf("request.csv"), await textOf("expected.csv")];
    const archive = await bytesOf(kit, ModelDataUrl);
    await logIn(kit, image);
    await program("docker", ["pull", "--quiet", image]);
    return { archive, environment, expected, image, request };
  } catch (error) {
    kit.signal.throwIfAborted();
    throw new NotChecked(`not checked: ${messageOf(error)}`);
  }
}

/** Logs in to the registry of the image, which may belong to AWS. */
async function logIn({ clients, program }: Kit, image: string): Promise<void> {
  const { authorizationData = [] } = await clients.ecr.getAuthorizationToken({});
  const token = Buffer.from(authorizationData[0]?.authorizationToken ?? "", "base64").toString();
  const password = token.replace(/^AWS:/, "");
  const [registry = ""] = image.split("/");
  const login = ["login", "--username", "AWS", "--password-stdin", registry];
  await program("docker", login, { input: password });
}

async function bytesOf({ clients }: Kit, uri: string): Promise<Uint8Array> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  const { Body } = await clients.s3.getObject({ Bucket, Key });
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** Number of answers. @throws unless each is the probability of the evaluation */
function mustBeAsEvaluated(answer: string, expected: string): number {
  const [header = "", ...rows] = expected.trim().split("\n");
  const column = header.trim().split(",").indexOf("probability");
  const wanted = rows.map((row) => Number(row.split(",")[column]));
  const got = answer.trim().split("\n").map(Number);
  const isSame = (value: number, row: number) => Math.abs(value - (wanted[row] ?? NaN)) < 1e-9;
  if (got.length === wanted.length && got.every(isSame)) return got.length;
  throw new Error(`expected the answers of expected.csv, got ${answer.slice(0, 200)}`);
}
