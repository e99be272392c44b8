import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { unzipSync } from "fflate";

import { type Emulator, startEmulator } from "../../local/cloud/emulator";
import { startAuthorizingProxy } from "../../local/iam/authorizingProxy";
import { ownerClients } from "../../local/iam/clients";
import type { AwsContext } from "../../local/iam/contract";
import { commit } from "../../local/scenarios/commit";
import { unpack } from "../../local/services/codebuild/buildInput";
import { archiveOf, filesAt } from "../../local/services/codepipeline/sourceFiles";
import { emulatorPython } from "../../local/toolchain/venv";

const branch = { branchName: "main", repositoryName: "team-model" };
const bytes = (text: string) => new TextEncoder().encode(text);

describe("a push to CodeCommit in the local cloud", function () {
  // A first run also creates the Python environment.
  this.timeout(10 * 60_000);
  const { signal } = new AbortController();
  let scratch: string;
  let emulator: Emulator;
  let context: AwsContext;

  before("starts the emulator", async () => {
    scratch = mkdtempSync(join(tmpdir(), "push-"));
    emulator = await startEmulator(await emulatorPython(signal), scratch, signal);
    const account = { accountId: "123456789012", partition: "aws", region: "us-east-1" };
    const where = { ...account, ownerEndpoint: emulator.endpoint };
    context = { ...where, proxy: await startAuthorizingProxy(where), scratch, signal };
    const codecommit = await ownerClients(context).codecommit();
    await codecommit.createRepository({ repositoryName: branch.repositoryName });
  });

  after("stops the emulator", async () => {
    await context.proxy.stop();
    await emulator.stop();
    rmSync(scratch, { recursive: true });
  });

  it("carries empty files, symbolic links, modes, and more than CreateCommit takes", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`data/${index.toString()}.csv`, bytes("1")]),
    );
    const files = {
      ...many,
      "churn/__init__.py": bytes(""),
      "large.bin": new Uint8Array(8 * 2 ** 20),
      "latest.json": bytes("churn/settings.json"),
      "run.sh": bytes("echo run"),
    };
    const modes = { "latest.json": "SYMLINK", "run.sh": "EXECUTABLE" } as const;
    await commit({ ...branch, message: "All", put: { files, modes } }, context);

    const read = await filesAt(branch.repositoryName, branch.branchName, context);
    assert.deepEqual(Object.keys(read).sort(), Object.keys(files).sort());
    assert.equal(read["churn/__init__.py"]?.length, 0);
    const codecommit = await ownerClients(context).codecommit();
    const top = await codecommit.getFolder({ ...branch, folderPath: "/" });
    assert.deepEqual(
      [...(top.files ?? []), ...(top.symbolicLinks ?? [])].map((one) => [
        one.absolutePath,
        one.fileMode,
      ]),
      [
        ["large.bin", "NORMAL"],
        ["run.sh", "EXECUTABLE"],
        ["latest.json", "SYMLINK"],
      ],
    );
  });

  it("reaches the build with empty files, and with a symbolic link as a text file", async () => {
    const files = { "churn/__init__.py": bytes(""), link: bytes("churn"), "run.sh": bytes("ls") };
    const modes = { link: "SYMLINK", "run.sh": "EXECUTABLE" } as const;
    await commit({ ...branch, message: "Some", put: { files, modes }, replacesAll: true }, context);
    const read = await filesAt(branch.repositoryName, branch.branchName, context);
    const folder = join(scratch, "src");
    unpack(unzipSync(archiveOf(read)), folder);
    assert.equal(readFileSync(join(folder, "churn", "__init__.py"), "utf8"), "");
    assert.equal(readFileSync(join(folder, "link"), "utf8"), "churn");
    assert.equal(statSync(join(folder, "run.sh")).mode & 0o111, 0);
    assert.ok(!existsSync(join(folder, "data")));
  });

  it("adds files to the branch, or replaces all of them", async () => {
    const put = (path: string) => ({ files: { [path]: bytes(path) } });
    const paths = async () =>
      Object.keys(await filesAt(branch.repositoryName, branch.branchName, context)).sort();
    await commit({ ...branch, message: "a", put: put("a"), replacesAll: true }, context);
    const { oldCommitId } = await commit({ ...branch, message: "b", put: put("b") }, context);
    assert.deepEqual(await paths(), ["a", "b"]);
    assert.ok(oldCommitId);
    const again = await commit({ ...branch, message: "again", put: { files: {} } }, context);
    assert.notEqual(again.commitId, again.oldCommitId);
    await commit({ ...branch, message: "c", put: put("c"), replacesAll: true }, context);
    assert.deepEqual(await paths(), ["c"]);
  });
});
