import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { run } from "../../toolchain/processes";
import { authorizedClients } from "../../iam/clients";
import type { Credentials, AwsContext } from "../../iam/contract";
import { freshPython } from "../codebuild/buildPython";
import { offlineSettings } from "../codebuild/offline";
import { SITE } from "../simulatedTime";
import { runIn } from "../sagemaker/container";
import { placeOf } from "../sagemaker/s3Objects";

const FRAMEWORK = join(__dirname, "serving");
const PING_EVERY_MS = 100;

// An endpoint's model has no network, and no credentials of its role.
const isolated = {
  AWS_ACCESS_KEY_ID: "",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  AWS_SECRET_ACCESS_KEY: "",
  AWS_SESSION_TOKEN: "",
};

/** A container that serves a model, as a registered version describes it. */
export interface Serving {
  readonly environment: Readonly<Record<string, string>>;
  /** The model's archive in S3. */
  readonly modelDataUrl: string;
  /** Stands for the image's. */
  readonly python: string;
  /** Whether the container has the AWS API and its role, as that of a transform job; an endpoint's has neither. */
  readonly reachesAws?: boolean;
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

/**
 * Starts AWS's serving stack (sagemaker-containers: pip, gunicorn, Flask) on a model's archive, as the scikit-learn
 * image does with its command `serve`, in a Python environment of its own and without a network.
 * @see https://github.com/aws/sagemaker-containers/blob/master/src/sagemaker_containers/_server.py
 */
export async function startModelServer(
  { environment, modelDataUrl, python: image, reachesAws = false }: Serving,
  credentials: Credentials,
  context: AwsContext,
): Promise<ModelServer | NotLoaded> {
  const root = mkdtempSync(join(context.scratch, "model-"));
  await unpack(modelDataUrl, root, credentials, context);
  const bin = await freshPython(image, join(root, "python"), context.signal);
  for (const name of ["gunicorn", "serve"]) writeStart(bin, name);
  const python = join(bin, "python");
  const port = await freePort();
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, ended.signal]);
  const lines: string[] = [];
  const running = runIn(
    { root, python, context, credentials, signal },
    {
      line: [join(bin, "serve")],
      environment: {
        ...environment,
        ...(reachesAws ? {} : isolated),
        ...(await offlineSettings(python, signal)),
        PYTHONPATH: [SITE, FRAMEWORK].join(delimiter),
        SAGEMAKER_BASE_DIR: "/opt/ml",
        SAGEMAKER_BIND_TO_PORT: port.toString(),
        SAGEMAKER_MODEL_SERVER_WORKERS: "1",
        SAGEMAKER_SERVING_MODULE: "framework:main",
        // It only passes requests on, from a configuration in /etc.
        SAGEMAKER_USE_NGINX: "false",
      },
      folder: "/opt/ml/model",
      onLine: (line) => lines.push(line),
    },
  );
  const stop = async (): Promise<void> => {
    ended.abort();
    // It rejects because it was ended.
    await running.catch(() => undefined);
  };
  const url = `http://127.0.0.1:${port.toString()}`;
  const isServing = await Promise.race([answersPing(url, signal), running.then(() => false)]);
  if (!isServing) {
    await stop();
    return { notLoaded: lines };
  }
  // A later end is reported to its next caller.
  running.catch(() => undefined);
  return { url, lines, stop };
}

/** A command of the environment that calls the function of this name. */
function writeStart(bin: string, name: string): void {
  // A path after "#!" is limited to 127 characters.
  const call = `import framework; framework.${name}()`;
  const text = `#!/bin/sh\nexec "${join(bin, "python")}" -c "${call}" "$@"\n`;
  writeFileSync(join(bin, name), text, { mode: 0o755 });
}

/** Whether `/ping` answers 200; false for any other answer, as of a model that does not load. */
async function answersPing(url: string, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    const status = await fetch(`${url}/ping`, { signal }).then(
      (answer) => answer.status,
      // Gunicorn does not listen yet.
      () => undefined,
    );
    signal.throwIfAborted();
    if (status !== undefined) return status === 200;
    await sleep(PING_EVERY_MS, undefined, { signal });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
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
