import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { deployStages, modelVariable } from "../../components/names/deployNames";
import { contentOf, filesIn, textOf } from "../support/repositoryFiles";

const phase = z.object({ commands: z.array(z.string()).default([]) });
const buildspecShape = z.object({
  phases: z.object({ install: phase, pre_build: phase.prefault({}) }),
});

const STARTER = "starter/model-deploy";

describe("deployment driver of the starter", () => {
  /** Python modules without network access, besides boto3 and botocore. */
  const allowed = [
    "__future__ argparse base64 collections csv dataclasses datetime difflib enum functools",
    "hashlib io itertools json math os pathlib re statistics sys tempfile textwrap time typing",
    "boto3 botocore acceptance deployment",
  ].flatMap((modules) => modules.split(" "));
  const imports = /^\s*(?:from|import) (\w+)/gm;

  for (const folder of ["acceptance", "deployment"])
    it(`${folder}/ imports only boto3 and modules of Python without network access`, () => {
      const files = filesIn(`${STARTER}/${folder}`, /\.py$/);
      const imported = files.flatMap((file) =>
        [...textOf(`${STARTER}/${folder}/${file}`).matchAll(imports)]
          .filter(([, module = ""]) => !allowed.includes(module))
          .map(([, module]) => `${file}: ${String(module)}`),
      );
      assert.deepEqual(imported, []);
      assert.ok(files.length > 3);
    });
});

describe("stage Queue of the starter", () => {
  const constant = (module: string, name: string) =>
    new RegExp(`^${name} = "(?<value>[^"]*)"$`, "m").exec(
      textOf(`${STARTER}/deployment/${module}.py`),
    )?.groups?.value;

  it("reads the approval and the variable by the names that the stack gives them", () => {
    assert.equal(constant("waiting", "APPROVAL_STAGE"), deployStages.staging.name);
    assert.equal(constant("waiting", "APPROVAL_ACTION"), deployStages.staging.approve);
    assert.equal(constant("executions", "VARIABLE"), modelVariable.name);
    assert.equal(constant("executions", "EXPIRE_STAGING"), modelVariable.expireStaging);
  });

  it("runs the driver's command, and installs nothing", () => {
    const buildspec = z.object({
      phases: z.strictObject({
        build: phase,
        install: z.strictObject({ "runtime-versions": z.object({ python: z.string() }) }),
      }),
    });
    const { phases } = contentOf(`${STARTER}/queue-buildspec.yml`, buildspec);
    assert.deepEqual(phases.build.commands, ["python -m deployment queue"]);
  });
});

describe("lint and unit tests of the deployment starter", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "test-buildspec-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  // Stands for each program. A virtual environment contains it under the names of its programs.
  const program = `#!/usr/bin/env bash
name=$(basename "$0")
printf '%s %s\\n' "$name" "$*" >>"$CALLS"
case " $* " in
  " -m venv "* | " venv "*)
    bin="\${@: -1}/bin"
    mkdir -p "$bin"
    for one in python pip uv ruff pytest; do cp "$PROGRAM" "$bin/$one"; done ;;
  *" pip "* | *" -c "* | *" - "* | *://*)
    [ "$INDEX" != tampered ] || echo "$MISMATCH" >&2
    [ "$INDEX" = up ] || exit 1 ;;
esac
! [[ "$name $*" =~ $FAILING ]]
`;

  /** Runs the commands before the build phase, as CodeBuild does: it stops after one that fails. */
  function checks({ failing = "nothing", index = "up" }) {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const name of ["python", "python3", "pip", "uv", "curl"]) {
      writeFileSync(join(bin, name), program);
      chmodSync(join(bin, name), 0o755);
    }
    for (const name of filesIn(STARTER, /\.sh$/))
      copyFileSync(join(__dirname, "..", "..", STARTER, name), join(folder, name));
    const { install, pre_build } = contentOf(
      `${STARTER}/test-buildspec.yml`,
      buildspecShape,
    ).phases;
    const script = [...install.commands, ...pre_build.commands].map(
      (command) => `${command}\nstatus=$?; [ "$status" -eq 0 ] || exit "$status"`,
    );
    const calls = join(folder, "calls");
    writeFileSync(calls, "");
    const { status, stderr, stdout } = spawnSync("bash", ["-c", script.join("\n")], {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...{ CALLS: calls, FAILING: failing, INDEX: index, PROGRAM: join(bin, "python") },
        MISMATCH: "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        PATH: `${bin}:${process.env.PATH ?? ""}`,
      },
    });
    const ran = (text: string) => readFileSync(calls, "utf8").includes(text);
    return { ran: ["ruff format", "ruff check", "pytest"].filter(ran), status, stderr, stdout };
  }

  it("run with the locked packages where a package index answers", () => {
    const { ran, status } = checks({});
    assert.deepEqual([status, ran], [0, ["ruff format", "ruff check", "pytest"]]);
  });

  it("do not run where none answers: the log says so, and the endpoint is tested", () => {
    const { ran, status, stdout } = checks({ index: "down" });
    assert.deepEqual([status, ran], [0, []]);
    assert.match(stdout, /package index/);
  });

  it("fail the build if the package index has another uv", () => {
    const { ran, status, stderr, stdout } = checks({ index: "tampered" });
    assert.deepEqual([status, ran, stdout], [1, [], ""]);
    assert.match(stderr, /DO NOT MATCH THE HASHES/);
  });

  /** Runs checks.sh with this machine's Python and pip, which read the package index from here. */
  function checksWithPip(settings: Readonly<Record<string, string>>) {
    const python = join(folder, "python");
    // A virtual environment takes seconds: the second run uses that of the first.
    writeFileSync(python, '#!/bin/sh\n[ -d .tools ] || exec python3 "$@"\n');
    chmodSync(python, 0o755);
    for (const name of ["checks.sh", "uv-requirements.txt"])
      copyFileSync(join(__dirname, "..", "..", STARTER, name), join(folder, name));
    return spawnSync("sh", ["checks.sh"], {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...{ HOME: folder, PIP_CONFIG_FILE: "/dev/null", ...settings },
        PATH: `${folder}:${process.env.PATH ?? ""}`,
      },
    });
  }

  it("tell pip's error of another hash from a missing index", () => {
    const wheels = join(folder, "wheels");
    mkdirSync(wheels);
    writeFileSync(join(wheels, "uv-0.13.9-py3-none-any.whl"), "not uv");
    const index = { PIP_FIND_LINKS: wheels, PIP_NO_INDEX: "1" };
    const { status, stderr, stdout } = checksWithPip(index);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /DO NOT MATCH THE HASHES/);
    const missing = checksWithPip({ PIP_INDEX_URL: "http://127.0.0.1:1/simple" });
    assert.equal(missing.status, 0, missing.stderr);
    assert.match(missing.stdout, /^No package index answers/);
  }).timeout(60_000);

  for (const failing of ["ruff format", "ruff check", "pytest", "uv export", "uv pip sync"])
    it(`fail the build if ${failing} fails`, () => {
      assert.notEqual(checks({ failing }).status, 0);
    });
});
