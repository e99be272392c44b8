import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Container, moveScripts, runIn } from "../../local/services/sagemaker/container";
import { jobName } from "../../local/services/sagemaker/jobName";
import { scriptEnvironment, scriptOf } from "../../local/services/sagemaker/scriptMode";
import { contextAt } from "../support/contextAt";

describe("job of a pipeline step", () => {
  it("has a name in the format of SageMaker", () => {
    assert.equal(
      jobName("40w4mjzqgpcu", "AbaloneProcess", "CwaMUEdjYC"),
      "pipelines-40w4mjzqgpcu-AbaloneProcess-CwaMUEdjYC",
    );
    assert.equal(jobName("40w4mjzqgpcu", "_a__b-_c", "x"), "pipelines-40w4mjzqgpcu-a-b-c-x");
  });

  it("has a unique name within SageMaker's limits", () => {
    const names = ["S", "Step_with-a_".repeat(5), "x".repeat(64)].flatMap((step) => [
      jobName("40w4mjzqgpcu", step),
      jobName("40w4mjzqgpcu", step),
    ]);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) {
      assert.match(name, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
      assert.match(name, /^pipelines-40w4mjzqgpcu-.+-[a-zA-Z0-9]{10}$/);
    }
  });
});

describe("training script", () => {
  const script = scriptOf({
    sagemaker_program: '"train.py"',
    sagemaker_submit_directory: '"s3://bucket/code/sourcedir.tar.gz"',
    sagemaker_region: '"us-east-1"',
    "max-depth": "5",
    eta: "0.2",
    objective: '"reg:linear"',
    plain: "not json",
    silent: "true",
    k: "3",
  });

  it("gets hyperparameters as from the SageMaker training toolkit", () => {
    assert.deepEqual(script, {
      program: "train.py",
      submitDirectory: "s3://bucket/code/sourcedir.tar.gz",
      args: [
        ...["--eta", "0.2", "-k", "3", "--max-depth", "5", "--objective", "reg:linear"],
        ...["--plain", "not json", "--silent", "True"],
      ],
      hyperparameters: {
        "max-depth": 5,
        eta: 0.2,
        objective: "reg:linear",
        plain: "not json",
        silent: true,
        k: 3,
      },
    });
  });

  it("gets its folders as environment variables", () => {
    assert.ok(script);
    const { SM_CHANNELS, SM_CHANNEL_TRAIN, SM_HP_ETA, SM_MODEL_DIR } = scriptEnvironment(script, [
      "train",
    ]);
    assert.deepEqual(
      { SM_CHANNELS, SM_CHANNEL_TRAIN, SM_HP_ETA, SM_MODEL_DIR },
      {
        SM_CHANNELS: '["train"]',
        SM_CHANNEL_TRAIN: "/opt/ml/input/data/train",
        SM_HP_ETA: "0.2",
        SM_MODEL_DIR: "/opt/ml/model",
      },
    );
  });

  it("is undefined without sagemaker_program", () => {
    assert.equal(scriptOf({ regularization: "1.0" }), undefined);
  });
});

describe("simulated container", () => {
  let root: string;
  let container: Container;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "container-"));
    container = {
      root,
      python: "/somewhere/bin/python",
      context: contextAt("http://127.0.0.1:1"),
      credentials: { accessKeyId: "ASIA1", secretAccessKey: "secret", sessionToken: "token" },
      signal: new AbortController().signal,
    };
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("runs a command with /opt/ml in a folder, without the user's environment", async () => {
    const code = join(root, "opt", "ml", "processing", "code");
    mkdirSync(code, { recursive: true });
    const text =
      'echo "$1"; echo hello > /opt/ml/processing/out; env | cut -d= -f1 | sort; exit 3\n';
    writeFileSync(join(code, "job.sh"), text);
    moveScripts(container, code);

    const lines: string[] = [];
    const ended = await runIn(container, {
      line: ["/bin/sh", "/opt/ml/processing/code/job.sh", "--out=/opt/ml/processing/out"],
      environment: { DATA: "/opt/ml/input", MINE: "1" },
      folder: "/opt/ml/processing",
      onLine: (line) => lines.push(line),
    });

    assert.equal(readFileSync(join(root, "opt/ml/processing/out"), "utf8"), "hello\n");
    assert.deepEqual(ended, { code: 3, lines });
    const [first, ...names] = lines;
    assert.equal(first, "--out=/opt/ml/processing/out");
    // What the shell itself adds, and Node when it measures coverage, is not from here.
    assert.deepEqual(
      names.filter((name) => !/^(_|PWD|OLDPWD|SHLVL|NODE_V8_COVERAGE)$/.test(name)),
      [
        ...["AWS_ACCESS_KEY_ID", "AWS_CONFIG_FILE", "AWS_DEFAULT_REGION"],
        ...["AWS_EC2_METADATA_DISABLED", "AWS_ENDPOINT_URL", "AWS_REGION"],
        ...["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SHARED_CREDENTIALS_FILE"],
        ...["DATA", "HOME", "LANG", "MINE", "NO_PROXY", "PATH", "PYTHONDONTWRITEBYTECODE"],
        ...["PYTHONUNBUFFERED", "TMPDIR"],
      ],
    );
  });

  it("replaces /opt/ml in scripts once and changes nothing else", () => {
    const lines = ['a = "/opt/ml/model"', 'b = "/opt/mlflow"', 'c = "/my/opt/ml"'];
    writeFileSync(join(root, "train.py"), lines.join("\n"));
    writeFileSync(join(root, "data.csv"), "/opt/ml/model");
    moveScripts(container, root);
    moveScripts(container, root);
    assert.deepEqual(readFileSync(join(root, "train.py"), "utf8").split("\n"), [
      `a = "${root}/opt/ml/model"`,
      'b = "/opt/mlflow"',
      'c = "/my/opt/ml"',
    ]);
    assert.equal(readFileSync(join(root, "data.csv"), "utf8"), "/opt/ml/model");
  });
});
