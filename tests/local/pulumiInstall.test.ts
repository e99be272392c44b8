import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { textOf } from "../support/repositoryFiles";

const ACTION = ".github/actions/pulumi";
const CLI = "pulumi-v3.259.0-linux-x64.tar.gz";
const PLUGIN = "pulumi-resource-aws-v7.48.0-linux-amd64.tar.gz";

describe("installation of Pulumi in the workflows", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-install-"));
    for (const name of ["action", "bin", "releases", "runner", "tree/pulumi"])
      mkdirSync(join(folder, name), { recursive: true });
    for (const name of ["checksum.sh", "install.sh"])
      cpSync(join(ACTION, name), join(folder, "action", name));
    program("tree/pulumi/pulumi", 'echo "$@" >>"$RUNNER_TEMP/calls"; test -s "${7:-$0}"');
    program("tree/pulumi/pulumi-resource-pulumi-nodejs", "exit 0");
    sh("tar", ["-czf", `releases/${CLI}`, "-C", "tree", "pulumi"]);
    writeFileSync(join(folder, "releases", PLUGIN), "the plugin");
    // The last argument is the URL, the one before the name of the file.
    program(
      "bin/curl",
      `while [ $# -gt 2 ]; do shift; done; echo "$2" >>"$RUNNER_TEMP/urls"; cp "${folder}/releases/\${2##*/}" "$1"`,
    );
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("installs the CLI and the plugin from Pulumi's releases, and puts the CLI on PATH", () => {
    pin({ [CLI]: sha256(CLI), [PLUGIN]: sha256(PLUGIN) });
    const { status, stderr } = install();
    assert.equal(status, 0, stderr);
    assert.deepEqual(lines("runner/urls"), [
      `https://github.com/pulumi/pulumi/releases/download/v3.259.0/${CLI}`,
      `https://github.com/pulumi/pulumi-aws/releases/download/v7.48.0/${PLUGIN}`,
    ]);
    assert.deepEqual(lines("runner/calls"), [
      `plugin install resource aws v7.48.0 --file ${PLUGIN} --reinstall`,
    ]);
    assert.deepEqual(lines("github-path"), [join(folder, "runner/pulumi/pulumi")]);
  });

  it("disables the programs that run code of a dynamic provider from the state", () => {
    pin({ [CLI]: sha256(CLI), [PLUGIN]: sha256(PLUGIN) });
    install();
    for (const language of ["nodejs", "python"]) {
      const path = join(folder, `runner/pulumi/pulumi/pulumi-resource-pulumi-${language}`);
      const { status, stderr } = spawnSync(path, [], { encoding: "utf8" });
      assert.equal(status, 1);
      assert.match(stderr, /Dynamic providers are disabled/);
    }
  });

  for (const archive of [CLI, PLUGIN]) {
    it(`fails without a checksum of ${archive}, before it downloads the archive`, () => {
      pin({ [CLI]: sha256(CLI), [PLUGIN]: sha256(PLUGIN), [archive]: "" });
      const { status, stderr } = install();
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(`${archive} has no SHA-256 .* Next: .* docs/github\\.md`));
      assert.ok(!lines("runner/urls").some((url) => url.endsWith(archive)));
      mustNotRun();
    });

    it(`fails with another checksum of ${archive}, and installs nothing of it`, () => {
      pin({ [CLI]: sha256(CLI), [PLUGIN]: sha256(PLUGIN), [archive]: "0".repeat(64) });
      const { status, stderr } = install();
      assert.equal(status, 1);
      assert.match(stderr, /WARNING: 1 computed checksum did NOT match/);
      mustNotRun();
    });
  }

  it("takes no checksum of an archive with a similar name, and no word for one", () => {
    for (const wrong of [`${sha256(CLI)}  x${CLI}`, `missing  ${CLI}`]) {
      pin({ [PLUGIN]: sha256(PLUGIN) });
      appendFileSync(join(folder, "action/checksums.txt"), `${wrong}\n`);
      assert.match(install().stderr, new RegExp(`^${CLI} has no SHA-256`), wrong);
      mustNotRun();
    }
  });

  it("has only checksums of the installed versions", () => {
    const versions = /install\.sh" (\S+) aws=([\d.]+)/.exec(textOf(`${ACTION}/action.yml`));
    const [, cli = "", aws = ""] = versions ?? [];
    const archives = [
      `pulumi-v${cli}-linux-x64.tar.gz`,
      `pulumi-resource-aws-v${aws}-linux-amd64.tar.gz`,
    ];
    for (const line of textOf(`${ACTION}/checksums.txt`).trim().split("\n")) {
      assert.match(line, /^[0-9a-f]{64} {2}\S+$/);
      assert.ok(archives.includes(line.slice(66)), line);
    }
  });

  describe("checksum.sh", () => {
    const published = (digest: string) => {
      program(
        "bin/gh",
        `if [ "$2" = view ]; then echo "${digest}"; else cp "${folder}/releases/${PLUGIN}" "$9"; fi`,
      );
    };

    it("prints the line of checksums.txt, if GitHub and the download agree", () => {
      published(`sha256:${sha256(PLUGIN)}`);
      const { status, stdout, stderr } = checksum();
      assert.equal(status, 0, stderr);
      assert.equal(stdout, `${sha256(PLUGIN)}  ${PLUGIN}\n`);
    });

    it("prints no line, if GitHub published another digest or none", () => {
      for (const digest of [`sha256:${"0".repeat(64)}`, ""]) {
        published(digest);
        const { status, stdout, stderr } = checksum();
        assert.equal(status, 1);
        assert.equal(stdout, "");
        assert.match(stderr, /GitHub published (sha256:0+|no digest), the download has sha256:/);
      }
    });
  });

  function program(path: string, script: string): void {
    writeFileSync(join(folder, path), `#!/bin/bash\n${script}\n`);
    chmodSync(join(folder, path), 0o755);
  }

  function pin(checksums: Readonly<Record<string, string>>): void {
    const pinned = Object.entries(checksums).filter(([, checksum]) => checksum !== "");
    writeFileSync(
      join(folder, "action/checksums.txt"),
      pinned.map(([archive, checksum]) => `${checksum}  ${archive}\n`).join(""),
    );
  }

  function install() {
    return sh("bash", ["action/install.sh", "3.259.0", "aws=7.48.0"]);
  }

  function checksum() {
    return sh("bash", ["action/checksum.sh", "pulumi-aws", "7.48.0", PLUGIN]);
  }

  function sh(command: string, args: string[]) {
    return spawnSync(command, args, {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        GITHUB_PATH: join(folder, "github-path"),
        PATH: [join(folder, "bin"), process.env.PATH].join(delimiter),
        RUNNER_TEMP: join(folder, "runner"),
      },
    });
  }

  function sha256(archive: string): string {
    return createHash("sha256")
      .update(readFileSync(join(folder, "releases", archive)))
      .digest("hex");
  }

  function lines(path: string): string[] {
    const file = join(folder, path);
    return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
  }

  /** Passes only if the CLI did not run, and is not on PATH. */
  function mustNotRun(): void {
    assert.deepEqual([...lines("runner/calls"), ...lines("github-path")], []);
  }
});
