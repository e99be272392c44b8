import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { run } from "../../toolchain/processes";
import { authorizedClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";
import { runIn } from "../sagemaker/container";
import { placeOf } from "../sagemaker/s3Objects";

const SERVE = join(__dirname, "..", "sagemaker", "serve.py");
const LISTENING = /^listening on (\d+)$/;

/** A container that serves a model, as a registered version describes it. */
export interface Serving {
  readonly environment: Readonly<Record<string, string>>;
  /** The model's archive in S3. */
  readonly modelDataUrl: string;
  /** Stands for the image's. */
  readonly python: string;
}

/** A model that was loaded and answers `POST /invocations` on loopback. */
export interface ModelServer {
  readonly url: string;
  /** What the handler has printed so far. */
  readonly lines: readonly string[];
  /** Returns when its process is gone. */
  readonly stop: () => Promise<void>;
}

/** A model that did not start, and its container's log. */
export interface NotLoaded {
  readonly notLoaded: readonly string[];
}

/** Loads a model from its archive, with its own handler and under the role's rights, in a process of its own. */
export async function startModelServer(
  { environment, modelDataUrl, python }: Serving,
  credentials: Credentials,
  context: AwsContext,
): Promise<ModelServer | NotLoaded> {
  const root = mkdtempSync(join(context.scratch, "model-"));
  await unpack(modelDataUrl, root, credentials, context);
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const lines: string[] = [];
  const program = join("/opt/ml/model/code", environment.SAGEMAKER_PROGRAM ?? "inference.py");
  const { promise: port, resolve } = deferred<string>();
  const running = runIn(
    { root, python, context, credentials, signal },
    {
      line: ["python3", SERVE, "--model", "/opt/ml/model", "--program", program],
      environment,
      folder: "/opt/ml/model",
      onLine: (line) => {
        const [, reported] = LISTENING.exec(line) ?? [];
        if (reported === undefined) lines.push(line);
        else resolve(reported);
      },
    },
  );
  const stop = async (): Promise<void> => {
    ended.abort();
    // It rejects because it was ended.
    await running.catch(() => undefined);
  };
  const first = await Promise.race([port, running.then(() => undefined)]);
  if (first === undefined) return { notLoaded: lines };
  // A later end is reported to its next caller.
  running.catch(() => undefined);
  return { url: `http://127.0.0.1:${first}`, lines, stop };
}

async function unpack(
  modelDataUrl: string,
  root: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<void> {
  const { bucket: Bucket, key: Key } = placeOf(modelDataUrl);
  const { Body } = await (
    await authorizedClients(context, credentials).s3()
  ).getObject({ Bucket, Key });
  const archive = join(root, basename(Key));
  const model = join(root, "opt", "ml", "model");
  mkdirSync(model, { recursive: true });
  writeFileSync(archive, (await Body?.transformToByteArray()) ?? "");
  const unpacked = await run("tar", ["-xzf", archive, "-C", model], { signal: context.signal });
  if (unpacked.code !== 0) throw new Error(`cannot unpack the model artifact ${modelDataUrl}`);
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}
