import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { run } from "../../processes";
import { judged } from "../clients";
import type { Stage } from "../contract";
import { runIn } from "./container";
import { modelVersion } from "./execution";
import { download, placeOf } from "./s3Objects";

const SERVE = join(__dirname, "serve_once.py");

interface Question {
  /** The version that answers. */
  readonly modelPackageArn: string;
  /** The role that a model of this version would have. */
  readonly roleArn: string;
  readonly python: string;
  readonly body: string;
  /** @default "text/csv" */
  readonly contentType?: string;
  /** @default "text/csv" */
  readonly accept?: string;
}

/** What a registered version answers to one request: its archive from S3, its own handler, the role's rights. */
export async function predictOnce(question: Question, stage: Stage): Promise<string> {
  const { accept = "text/csv", contentType = "text/csv", modelPackageArn, python } = question;
  const { InferenceSpecification } = await modelVersion(modelPackageArn, stage);
  const { Environment = {}, ModelDataUrl = "" } = InferenceSpecification?.Containers?.[0] ?? {};
  const by = { service: "sagemaker.amazonaws.com", sourceArn: modelPackageArn };
  const credentials = await stage.gateway.assume(question.roleArn, by);

  const root = mkdtempSync(join(stage.scratch, "model-"));
  const model = join(root, "opt", "ml", "model");
  mkdirSync(model, { recursive: true });
  await download(await judged(stage, credentials).s3(), ModelDataUrl, root);
  const archive = join(root, basename(placeOf(ModelDataUrl).key));
  const { signal } = stage;
  const unpacked = await run("tar", ["-xzf", archive, "-C", model], { signal });
  if (unpacked.code !== 0) throw new Error(`no archive: ${ModelDataUrl}`);

  const [request, response] = [join(root, "request"), join(root, "response")];
  writeFileSync(request, question.body);
  const program = join("/opt/ml/model/code", Environment.SAGEMAKER_PROGRAM ?? "inference.py");
  const files = ["--model", "/opt/ml/model", "--program", program];
  const body = ["--request", request, "--response", response];
  const types = ["--content-type", contentType, "--accept", accept];
  const container = { root, python, stage, credentials, signal };
  const { code, lines } = await runIn(container, {
    line: ["python3", SERVE, ...files, ...body, ...types],
    environment: Environment,
    folder: "/opt/ml/model",
    onLine: () => undefined,
  });
  if (code !== 0) throw new Error(`the model gave no answer:\n${lines.slice(-10).join("\n")}`);
  return readFileSync(response, "utf8");
}
