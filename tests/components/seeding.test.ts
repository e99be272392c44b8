import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Calls } from "../../components/seeding/connect";
import { seedRepository, targetOf } from "../../components/seeding/seedRepository";
import { type StarterFile, packed, starterFiles } from "../../components/seeding/starter";

const target = targetOf("arn:aws:codecommit:eu-west-1:123456789012:team-model", "main");
const code = file("run.sh", "echo hi");

describe("seeding a repository", () => {
  it("commits all files at once to a repository without branches", async () => {
    const aws = fakeCalls();
    const result = await seedRepository(aws, target, () => [code, file("a/b.py", "x = 1")]);

    assert.equal(
      result,
      "team-model is seeded with the starter: commit 0123456 of 2 files on main",
    );
    assert.deepEqual(aws.commits, [
      [
        "team-model",
        {
          branch: "main",
          files: [code, file("a/b.py", "x = 1")],
          message: "Start from the starter of model-build-pipeline",
        },
      ],
    ]);
  });

  for (const branches of [["dev", "main"], ["dev"]]) {
    it(`skips a repository with the branches ${branches.join(", ")}, and reads no file`, async () => {
      const aws = fakeCalls({ branches: () => Promise.resolve(branches) });
      const result = await seedRepository(aws, target, () => assert.fail("read"));

      assert.equal(
        result,
        `team-model is not seeded: it has the branch ${String(branches.at(-1))} already`,
      );
      assert.deepEqual(aws.commits, []);
    });
  }

  const remedy =
    "the starter must be committed with credentials of account 123456789012: set AWS_PROFILE or aws:profile to a " +
    'profile of 123456789012, for example "pulumi config set aws:profile churn-dev"; got ';

  it("rejects credentials of another account", async () => {
    const aws = fakeCalls({
      account: () => Promise.resolve("210987654321"),
      branches: () => assert.fail("asked"),
    });
    await assert.rejects(
      seedRepository(aws, target, () => [code]),
      {
        message: `${remedy}those of 210987654321`,
      },
    );
    assert.deepEqual(aws.commits, []);
  });

  it("reports invalid credentials and the setting to change", async () => {
    const aws = fakeCalls({
      account: () => Promise.reject(new Error("The SSO session has expired")),
    });
    await assert.rejects(
      seedRepository(aws, target, () => [code]),
      { message: `${remedy}none that work (The SSO session has expired)` },
    );
  });

  it("accepts files at the limits of one CreateCommit call", async () => {
    const half = sized("half", 3.5 * 2 ** 20);
    for (const files of [
      Array.from({ length: 100 }, () => code),
      [half, half],
      [sized("big", 6 * 2 ** 20)],
    ]) {
      const aws = fakeCalls();
      await seedRepository(aws, target, () => files);
      assert.equal(aws.commits.length, 1);
    }
  });

  it("rejects files over the limits, with every reason", async () => {
    const aws = fakeCalls();
    const many = Array.from({ length: 99 }, () => code);
    const files = [
      ...many,
      file("__init__.py", ""),
      sized("model.bin", 6 * 2 ** 20 + 1),
      sized("b", 2 ** 20),
    ];
    await assert.rejects(
      seedRepository(aws, target, () => files),
      {
        message:
          "the starter must fit into one call of AWS's API, which takes at most 100 files, not 102; " +
          "no empty file, so that __init__.py needs a comment at least; files of at most 6 MB, unlike model.bin; " +
          `at most 7 MB together, not ${String(7 * 2 ** 20 + 1 + 99 * 7)} bytes`,
      },
    );
    assert.deepEqual(aws.commits, []);
  });
});

describe("the starter", () => {
  let folder: string;
  const folders = () => ({ packed: join(folder, "dist"), root: folder });
  const files = () => starterFiles("model-build", folders());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "starter-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("contains the files that git would track, sorted, with the executable bit", () => {
    const tracked = [".github/ci.yml", ".gitignore", "pipelines/__init__.py", "pipelines/a.py"];
    const ignored = "# of uv\n\n.tools/\n*.log\n";
    const ignoredPaths = [
      ".venv/bin/python",
      ".pytest_cache/README.md",
      ".ruff_cache/1",
      "churn.egg-info/PKG-INFO",
      "pipelines/__pycache__/a.txt",
      "pipelines/b.pyc",
      ".coverage",
      ".DS_Store",
      "pipelines/.tools/bin/python",
      "build.log",
    ];
    for (const path of [...ignoredPaths, ...tracked, "run.sh"])
      write(join(folder, "starter", "model-build", path), path);
    write(join(folder, "starter", "model-build", ".gitignore"), ignored);
    chmodSync(join(folder, "starter", "model-build", "run.sh"), 0o755);

    assert.deepEqual(files(), [
      ...tracked.map((path) => file(path, path === ".gitignore" ? ignored : path)),
      { ...file("run.sh", "run.sh"), isExecutable: true },
    ]);
  });

  it("rejects unsupported .gitignore patterns", () => {
    write(join(folder, "starter", "model-build", ".gitignore"), "*.log\n!keep.log\n");
    assert.throws(() => files(), {
      message:
        'the starter\'s .gitignore must be a list of names, with or without *, for example "*.log"; got "!keep.log"',
    });
  });

  it("is unchanged by packing and unpacking", () => {
    const packedFiles = [
      { ...file("run.sh", "\0ÿ"), isExecutable: true },
      file("a/.gitignore", "*.pyc\n"),
    ];
    write(join(folder, "dist", "starter-model-build.json"), packed(packedFiles));

    assert.deepEqual(files(), packedFiles);
  });

  it("reports a package without the starter", () => {
    assert.throws(() => files(), {
      message:
        "this installation of model-build-pipeline came without the starter (starter/model-build, or starter-model-build.json once packed)",
    });
  });
});

type Commit = Parameters<Calls["commit"]>;

function fakeCalls(other: Partial<Calls> = {}): Calls & { commits: Commit[] } {
  const commits: Commit[] = [];
  return {
    account: () => Promise.resolve("123456789012"),
    branches: () => Promise.resolve([]),
    commit: (...commit) => {
      commits.push(commit);
      return Promise.resolve("0123456789abcdef0123456789abcdef01234567");
    },
    commits,
    ...other,
  };
}

function file(path: string, content: string): StarterFile {
  return { content: Buffer.from(content), isExecutable: false, path };
}

function sized(path: string, bytes: number): StarterFile {
  return { content: Buffer.alloc(bytes, "x"), isExecutable: false, path };
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
