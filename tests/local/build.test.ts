import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { z } from "zod";

import {
  buildEnvironment,
  emulatorNames,
  emulatorVariables,
} from "../../local/services/codebuild/buildEnvironment";
import { MARK, buildScript } from "../../local/services/codebuild/buildScript";
import { defaults } from "../../components/validation/defaults";
import { runtimeProblem, runtimesOf } from "../../local/services/codebuild/imageRuntimes";
import { freshPython } from "../../local/services/codebuild/buildPython";
import { readBuildspec } from "../../local/services/codebuild/buildspec";
import { offlineSettings } from "../../local/services/codebuild/offline";
import { simulatedTimeSettings } from "../../local/services/simulatedTime";
import { run } from "../../local/toolchain/processes";

describe("a CodeBuild build on the local cloud", () => {
  it("reads phases, shell, variables and runtimes of a buildspec", () => {
    const text = `
version: 0.2
env: {shell: /bin/bash, variables: {LEVEL: 3.10, EMPTY: }, exported-variables: [SUMMARY]}
phases:
  install:
    runtime-versions: {python: 3.10}
    commands: pip install .
  build:
    commands: [run-pipeline]
    finally: [echo over]
  post_build:
    commands:
`;
    assert.deepEqual(readBuildspec(text, "buildspec.yml"), {
      artifacts: undefined,
      exported: ["SUMMARY"],
      name: "buildspec.yml",
      phases: [
        { name: "install", commands: ["pip install ."], finally: [], goesOn: false },
        { name: "build", commands: ["run-pipeline"], finally: ["echo over"], goesOn: true },
        { name: "post_build", commands: [], finally: [], goesOn: false },
      ],
      reports: {},
      runtimes: { python: "3.10" },
      shell: "bash",
      variables: { EMPTY: "", LEVEL: "3.10" },
      warnings: [],
    });
  });

  it("warns of each key of AWS that it does not simulate", () => {
    const text = `
version: 0.2
run-as: builder
env:
  git-credential-helper: yes
  parameter-store: {URL: /churn/url}
  secrets-manager: {TOKEN: "churn:token", KEY: churn}
proxy: {upload-artifacts: no, logs: yes}
batch: {fast-fail: false, build-list: [{identifier: one}]}
phases:
  build: {run-as: root, on-failure: RETRY-2, commands: [make]}
reports: {unit: {files: ["*.xml"], file-format: JUNITXML, base-directory: out}}
cache: {key: "a", fallback-keys: [b], action: restore, paths: ["/root/.cache/**/*"]}
`;
    const { reports, warnings } = readBuildspec(text, "buildspec.yml");
    assert.deepEqual(
      warnings.map((line) => /^buildspec\.yml: ([\w.-]+): /.exec(line)?.[1]),
      [
        "env.secrets-manager",
        "env.parameter-store",
        "env.git-credential-helper",
        "run-as",
        "phases.build.run-as",
        "phases.build.on-failure",
        "batch",
        "proxy",
        "cache",
      ],
    );
    assert.match(warnings[0] ?? "", /TOKEN, KEY.*secretsmanager:GetSecretValue/);
    assert.deepEqual(Object.keys(reports), ["unit"]);
  });

  it("rejects keys that AWS does not know, with file and line", () => {
    const text =
      "version: 0.2\nphases:\n  build:\n    command: make\n    commands: []\nreport: {}\n";
    assert.throws(() => readBuildspec(text, "buildspec.yml"), {
      message:
        "buildspec.yml: the local cloud cannot run this buildspec:\n" +
        '  line 4: phases.build: Unrecognized key: "command"\n' +
        '  line 6: Unrecognized key: "report"',
    });
    const map = "version: 0.2\nphases:\n  build:\n    commands:\n      - echo a: b\n";
    assert.throws(
      () => readBuildspec(map, "buildspec.yml"),
      /line 5: phases\.build\.commands: must be a list of texts, or one text/,
    );
    assert.throws(() => readBuildspec("", "buildspec.yml"), /buildspec\.yml[^]*line 1: /);
  });

  it("names file and line of a text that is no YAML, without the line's own text", () => {
    const text = "version: 0.2\nphases:\n  build:\n\tcommands: [hf_secret]\n";
    assert.throws(
      () => readBuildspec(text, "buildspec.yml"),
      ({ message }: Error) =>
        message.startsWith("buildspec.yml, line 4: no valid YAML: ") && !message.includes("secret"),
    );
  });

  it("runs every command in one shell, so that exports and folders carry over", () => {
    const { output, status } = runPhases(`
  install: {commands: ["export WORD=kept", "cd /"]}
  build: {commands: ['echo "$WORD $PWD"', "echo \\"it's\\" # quoted"]}`);
    assert.equal(status, 0);
    assert.deepEqual(output, ["kept /", "it's"]);
  });

  it("runs a multi-line command as one command", () => {
    const { output } = runPhases(`
  build:
    commands:
      - |
        if true; then
          echo both
        fi`);
    assert.deepEqual(output, ["both"]);
  });

  it("stops at the first failed command, runs the finally block and starts no other phase", () => {
    const { marks, output, status } = runPhases(`
  install: {commands: [echo one, "exit_with() { return $1; }", exit_with 7, echo never], finally: [echo finally]}
  build: {commands: [echo never]}`);
    assert.equal(status, 1);
    assert.deepEqual(output, ["one", "finally"]);
    const failed =
      "failed Phase: INSTALL, Code: COMMAND_EXECUTION_ERROR, " +
      "Message: Error while executing command: exit_with 7. Reason: exit status 7";
    assert.ok(marks.includes(failed), marks.join("\n"));
  });

  it("runs post_build after a failed build phase, and fails", () => {
    const { output, status } = runPhases(`
  build: {commands: ["false"]}
  post_build: {commands: [echo cleaned]}`);
    assert.deepEqual({ output, status }, { output: ["cleaned"], status: 1 });
  });

  it("continues after a failed phase only with on-failure: CONTINUE", () => {
    const { output, status } = runPhases(`
  install: {on-failure: CONTINUE, commands: ["false"]}
  build: {on-failure: ABORT, commands: [echo built, "false"]}
  post_build: {commands: [echo never]}`);
    assert.deepEqual({ output, status }, { output: ["built"], status: 1 });
  });

  it("exports the final values of variables, also if the build fails or exits the shell", () => {
    for (const end of ["true", "false", "exit 4"]) {
      const { exported } = runPhases(
        `
  install: {commands: [SUMMARY=early, OTHER=]}
  build:
    commands:
      - |
        SUMMARY='late $ "and" quoted
        twice'
      - "${end}"`,
        "SUMMARY, OTHER, NEVER",
      );
      assert.deepEqual(exported, { OTHER: "", SUMMARY: 'late $ "and" quoted\ntwice' }, end);
    }
  });

  it("sets CODEBUILD_BUILD_SUCCEEDING to 0 after a failed build phase", () => {
    const { output } = runPhases(`
  build: {commands: ["echo $CODEBUILD_BUILD_SUCCEEDING", "false"]}
  post_build: {commands: ["echo $CODEBUILD_BUILD_SUCCEEDING"]}`);
    assert.deepEqual(output, ["1", "0"]);
  });

  it("gives CodeBuild variables priority over those of the action, and those over the project's", () => {
    const variables = {
      machine: { A: "machine", D: "machine" },
      buildspec: { A: "buildspec", B: "buildspec" },
      project: { A: "project", B: "project", C: "project" },
      action: { A: "action", C: "action" },
      codebuild: { C: "codebuild" },
    };
    const built = buildEnvironment(variables, { D: "emulator" });
    const { A, B, C, D } = built;
    assert.deepEqual({ A, B, C, D }, { A: "action", B: "project", C: "codebuild", D: "emulator" });
  });
});

describe("runtime-versions of a buildspec", () => {
  const problemIn = (image: string, wanted: Record<string, string>) =>
    runtimeProblem(wanted, runtimesOf(`aws/codebuild/${image}`) ?? {});

  it("accepts versions of the image, the newest, and the newest of a major version", () => {
    const image = "amazonlinux-x86_64-standard:6.0";
    for (const python of ["3.10", "3.14", "3.x", "latest"])
      assert.equal(problemIn(image, { python }), undefined, python);
    assert.equal(problemIn(image, { java: "corretto17", nodejs: "22.x" }), undefined);
    assert.equal(problemIn("standard:7.0-24.10.17", { python: "3.9" }), undefined);
    assert.equal(problemIn(image, {}), undefined);
  });

  it("refuses others in the words of CodeBuild", () => {
    const image = "amazonlinux-x86_64-standard:6.0";
    assert.equal(
      problemIn(image, { python: "3.8" }),
      "Unknown runtime version named '3.8' of python. " +
        "This build image has the following versions: 3.14, 3.13, 3.12, 3.11, 3.10",
    );
    for (const python of ["3", "3.1", "2.x", "3.12.1"])
      assert.match(problemIn(image, { python }) ?? "", /^Unknown runtime version/, python);
    assert.match(
      problemIn("standard:7.0", { rust: "1.93" }) ?? "",
      /^Unknown runtime named 'rust'/,
    );
  });

  it("knows the image of every build of this project, and no image of a registry", () => {
    assert.ok(runtimesOf(defaults.build.image));
    assert.equal(runtimesOf("123456789012.dkr.ecr.us-east-1.amazonaws.com/build:1"), undefined);
    assert.equal(runtimesOf("aws/codebuild/standard:1.0"), undefined);
  });
});

describe("environment variables that the local cloud adds to a build", () => {
  const credentials = { accessKeyId: "key", secretAccessKey: "secret", sessionToken: "token" };
  const where = { cache: "/cache", endpoint: "http://127.0.0.1:1", home: "/home" };
  const variables = () => emulatorVariables({ ...where, credentials, python: "/python" });

  it("puts the Python of the image first on PATH", () => {
    assert.equal(variables().PATH?.split(delimiter)[0], "/python");
  });

  it("points AWS clients to the authorizing proxy, and hides the user's AWS settings", () => {
    const { AWS_CONFIG_FILE, AWS_ENDPOINT_URL, AWS_SHARED_CREDENTIALS_FILE } = variables();
    assert.equal(AWS_ENDPOINT_URL, where.endpoint);
    assert.deepEqual([AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE], ["/dev/null", "/dev/null"]);
  });

  it("emulatorNames lists every variable", () => {
    const named = emulatorNames();
    assert.deepEqual(
      Object.keys(variables()).filter((name) => !named.includes(name)),
      [],
    );
  });
});

describe("a build without a way out", () => {
  const { signal } = new AbortController();
  const python = "python3";

  it("opens connections to this machine only", async () => {
    const env = await offlineSettings(python, signal);
    const server = createServer((socket) => socket.end("here"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const ask = (host: string) =>
      run(
        python,
        [
          "-c",
          `import socket; print(socket.create_connection(("${host}", ${String(port)})).recv(9))`,
        ],
        { env: { ...process.env, ...env }, signal },
      );
    const here = await ask("127.0.0.1");
    const away = await ask("example.com");
    server.close();
    assert.deepEqual(here.lines, ["b'here'"]);
    assert.match(away.lines.join("\n"), /blocked by the local cloud: this build has no route/);
  });

  it("finds no package index, and no proxy", async () => {
    const env = await offlineSettings(python, signal);
    for (const name of ["PIP_INDEX_URL", "UV_DEFAULT_INDEX", "https_proxy", "HTTPS_PROXY"]) {
      assert.equal(env[name], "http://127.0.0.1:9");
    }
    assert.equal(env.UV_OFFLINE, "1");
  });

  it("stays without one as an installer of packages", async () => {
    const env = { ...process.env, ...(await offlineSettings(python, signal)) };
    const folder = mkdtempSync(join(tmpdir(), "installer-"));
    writeFileSync(
      join(folder, "pip.py"),
      "import sys; print('local_cloud_offline' in sys.modules)",
    );
    const { lines } = await run(python, [join(folder, "pip.py")], { env, signal });
    assert.deepEqual(lines, ["True"]);
  });

  it("fails if the guard does not refuse a connection", async () => {
    // A program that answers everything stands for a Python that ignores the guard.
    await assert.rejects(offlineSettings("true", signal), /must be refused .* exit status 0/);
  });
});

describe("a build with a package index", () => {
  const { signal } = new AbortController();
  const bare = { action: {}, buildspec: {}, codebuild: {}, machine: {}, project: {} };
  const index = { PIP_EXTRA_INDEX_URL: "https://me:secret@packages.example.com:8443/simple" };
  const env = { ...process.env, ...buildEnvironment({ ...bare, machine: index }, {}) };
  const calling = (host: string) => `import socket; socket.getaddrinfo("${host}", 443)`;
  const guard = "print('local_cloud_offline' in sys.modules)";

  it("calls AWS only on this machine, also at an endpoint that its code names", async () => {
    for (const host of ["sts.us-east-1.amazonaws.com", "example.com"]) {
      const { code, lines } = await run("python3", ["-c", calling(host)], { env, signal });
      assert.notEqual(code, 0);
      assert.match(
        String(lines.at(-1)),
        new RegExp(`reaches only the AWS API at AWS_ENDPOINT_URL and the package index: ${host}$`),
      );
    }
    const { code } = await run("python3", ["-c", calling("127.0.0.1")], { env, signal });
    assert.equal(code, 0);
  });

  it("reaches PyPI and the indexes that are configured", () => {
    assert.equal(
      env.LOCAL_CLOUD_INDEX_HOSTS,
      "pypi.org files.pythonhosted.org packages.example.com",
    );
    const script = `import local_cloud_offline as guard; print([guard.is_reachable(it) for it in ${JSON.stringify(["packages.example.com", "8.8.8.8", "127.0.0.1"])}])`;
    return run("python3", ["-c", script], { env, signal }).then(({ lines }) => {
      assert.deepEqual(lines, ["[True, False, True]"]);
    });
  });

  it("is not guarded while a program installs packages", async () => {
    const folder = mkdtempSync(join(tmpdir(), "installer-"));
    for (const name of ["pip", "poetry", "__pip-runner__.py", "run_pipeline"])
      writeFileSync(join(folder, name), `import sys; ${guard}`);
    writeFileSync(join(folder, "pip.py"), `import sys; ${guard}`);
    const ask = async (...args: string[]) =>
      (await run("python3", args, { cwd: folder, env, signal })).lines;
    assert.deepEqual(await ask("pip"), ["False"]);
    assert.deepEqual(await ask("poetry"), ["False"]);
    assert.deepEqual(await ask("__pip-runner__.py"), ["False"]);
    assert.deepEqual(await ask("-m", "pip"), ["False"]);
    assert.deepEqual(await ask("run_pipeline", "pip"), ["True"]);
  });

  it("keeps the PYTHONPATH of its buildspec, and is guarded with another one", async () => {
    const buildspec = { PYTHONPATH: "src" };
    const { PYTHONPATH } = buildEnvironment({ ...bare, buildspec }, {});
    assert.match(String(PYTHONPATH), /python:src$/);
    const folder = mkdtempSync(join(tmpdir(), "python-"));
    const bin = await freshPython("python3", folder, signal);
    const { lines } = await run(join(bin, "python"), ["-c", `import sys; ${guard}`], {
      env: { ...env, PYTHONPATH: "src" },
      signal,
    });
    assert.deepEqual(lines, ["True"]);
  });
});

describe("a build in simulated time", () => {
  const program = `
import time
wall, exact, began = time.time(), time.perf_counter(), time.monotonic()
time.sleep(60)
waited = time.monotonic() - began
print(waited >= 60, time.time() - wall < 60, time.perf_counter() - exact < 60)
`;

  it("waits for a minute of AWS in less, and counts a minute; the wall clock stays real", async () => {
    // A minute of a thousandth of a second.
    const env = { ...process.env, ...simulatedTimeSettings, LOCAL_CLOUD_MINUTE_MS: "1" };
    const { signal } = new AbortController();
    const { lines } = await run("python3", ["-c", program], { env, signal });
    assert.deepEqual(lines, ["True True True"]);
  });

  it("and without a way out loads both", async () => {
    const { signal } = new AbortController();
    const env = {
      ...process.env,
      ...simulatedTimeSettings,
      ...(await offlineSettings("python3", signal)),
    };
    const modules = "print({'local_cloud_offline', 'local_cloud_time'} <= set(sys.modules))";
    const { lines } = await run("python3", ["-c", `import sys; ${modules}`], { env, signal });
    assert.deepEqual(lines, ["True"]);
  });
});

/** Runs the script of a buildspec with these phases, and tells marked lines from printed ones. */
function runPhases(phases: string, exported = "") {
  const text = `version: 0.2\nenv: {exported-variables: [${exported}]}\nphases:${phases}`;
  const outputs = mkdtempSync(join(tmpdir(), "exported-"));
  const script = buildScript(readBuildspec(text, "buildspec.yml"), outputs);
  const { status, stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  const lines = stdout.split("\n").filter((line) => line !== "");
  const marks = lines.filter((line) => line.startsWith(MARK));
  const values = readdirSync(outputs).map((name) => [
    name,
    readFileSync(join(outputs, name), "utf8"),
  ]);
  rmSync(outputs, { recursive: true });
  return {
    exported: z.record(z.string(), z.string()).parse(Object.fromEntries(values)),
    marks: marks.map((line) => line.slice(MARK.length)),
    output: lines.filter((line) => !line.startsWith(MARK)),
    status,
  };
}
