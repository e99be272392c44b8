import { delimiter, join } from "node:path";

import type { Credentials } from "../../iam/contract";
import { onlyHere } from "./offline";
import { SITE, simulatedTimeSettings } from "../simulatedTime";

/** Sources of the build's environment variables, lowest precedence first. */
export interface BuildVariables {
  /** {@link machineSettings}. */
  readonly machine: Readonly<Record<string, string>>;
  readonly buildspec: Readonly<Record<string, string>>;
  readonly project: Readonly<Record<string, string>>;
  /** Of the CodePipeline action; they win over the project's. */
  readonly action: Readonly<Record<string, string>>;
  /** What CodeBuild itself tells every build. */
  readonly codebuild: Readonly<Record<string, string>>;
}

// Settings of this machine without which packages could not be installed behind a mirror or a proxy.
const passedOn =
  /^(PIP_(INDEX_URL|EXTRA_INDEX_URL|CERT|TRUSTED_HOST|DEFAULT_TIMEOUT)|UV_(DEFAULT_INDEX|INDEX|INDEX_URL|NATIVE_TLS|HTTP_TIMEOUT)|SSL_CERT_FILE|REQUESTS_CA_BUNDLE|(https?|no)_proxy|LANG|LC_ALL|TZ)$/i;

/** What a build on the local cloud needs beside what it would get on AWS. */
export interface Emulation {
  readonly credentials: Credentials;
  /** Where every AWS call goes. */
  readonly endpoint: string;
  readonly cache: string;
  readonly home: string;
  /** Folder of the Python that stands for the image's. */
  readonly python: string;
}

/** Names of the variables that only the local cloud adds to a build. */
export function emulatorNames(): string[] {
  const credentials = { accessKeyId: "", secretAccessKey: "", sessionToken: "" };
  const nowhere = { cache: "", endpoint: "", home: "", python: "" };
  const ours = emulatorVariables({ ...nowhere, credentials });
  const added = { ...ours, ...onlyHere({}), ...simulatedTimeSettings };
  return Object.keys({ ...machineSettings(), ...added }).sort();
}

/** Where this machine finds packages, unless the project says otherwise. */
export function machineSettings(): Record<string, string> {
  const mine = Object.entries(process.env).filter(([name]) => passedOn.test(name));
  return Object.fromEntries(mine.map(([name, value = ""]) => [name, value]));
}

/** The variables that only the local cloud adds to a build. */
export function emulatorVariables({
  credentials,
  endpoint,
  ...where
}: Emulation): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_CONFIG_FILE: "/dev/null",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: endpoint,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    HOME: where.home,
    PATH: [where.python, process.env.PATH ?? ""].join(delimiter),
    PIP_CACHE_DIR: join(where.cache, "pip"),
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    UV_CACHE_DIR: join(where.cache, "uv"),
    // The image has its Pythons; none is downloaded there either.
    UV_PYTHON_DOWNLOADS: "never",
  };
}

/** The whole environment of a build: what CodeBuild would give it, and the emulator's variables on top. */
export function buildEnvironment(
  { action, buildspec, codebuild, machine, project }: BuildVariables,
  emulator: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = { ...machine, ...buildspec, ...project, ...action, ...codebuild };
  const PYTHONPATH = [SITE, given.PYTHONPATH ?? ""].filter(Boolean).join(delimiter);
  return { ...given, ...onlyHere(given), ...emulator, PYTHONPATH };
}
