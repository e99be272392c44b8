import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { S3 } from "@aws-sdk/client-s3";

import type { Emulator } from "../../local/cloud/emulator";
import { clientOptions } from "../../local/cloud/provider/clients";
import { authorizedClients, ownerClients } from "../../local/iam/clients";
import { parseDefinition } from "../../local/services/sagemaker/definition";
import { simulateSteps } from "../../local/services/sagemaker/simulateSteps";
import { preparePrograms } from "../../local/toolchain/venv";
import { contextAt } from "../support/contextAt";
import { silently } from "../support/printed";
import { runningEmulator } from "../support/runningEmulator";
import { execution } from "../support/simulatedRuns";

const TOKEN = "0123456789abcdef0123456789abcdef";
const Bucket = "mlops-churn--dev";
const code = join(__dirname, "../fixtures/repositories/sdk2-batch-transform/code");
const container = {
  Image: "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
  Environment: {
    SAGEMAKER_PROGRAM: "inference.py",
    SAGEMAKER_SUBMIT_DIRECTORY: "/opt/ml/model/code",
  },
  ModelDataUrl: `s3://${Bucket}/model.tar.gz`,
};

describe("batch transform of a pipeline", function () {
  // A first run also creates the Python environments.
  this.timeout(10 * 60_000);
  let emulator: Emulator;
  let s3: S3;
  let scratch: string;

  before("starts the emulator", async () => {
    emulator = await silently(runningEmulator);
    s3 = new S3({ ...clientOptions(emulator.endpoint, "us-east-1"), forcePathStyle: true });
    scratch = mkdtempSync(join(tmpdir(), "transform-"));
    await s3.createBucket({ Bucket });
    for (const [Key, Body] of [
      ["batch/x.csv", "1\n2\n"],
      ["batch/more/y.csv", "3\n"],
      ["batch-2/z.csv", "none\n"],
      ["model.tar.gz", archive(scratch)],
    ] as const)
      await s3.putObject({ Bucket, Key, Body });
  });
  after("stops the emulator", async () => {
    rmSync(scratch, { recursive: true });
    await emulator.stop();
  });

  /** Creates a model and transforms a batch; returns the steps and a reader of the answers. */
  async function transform(input: string) {
    const credentials = { accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" };
    const context = {
      ...contextAt(emulator.endpoint, { assume: () => Promise.resolve(credentials) }),
      scratch,
    };
    const transformation = {
      BatchStrategy: "SingleRecord",
      ModelName: { Get: "Steps.Create.ModelName" },
      TransformInput: {
        ContentType: "text/csv",
        DataSource: {
          S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${Bucket}/${input}` },
        },
        SplitType: "Line",
      },
      TransformOutput: { AssembleWith: "Line", S3OutputPath: `s3://${Bucket}/scores` },
      TransformResources: { InstanceCount: 1, InstanceType: "ml.m5.large" },
    };
    const model = { ExecutionRoleArn: execution.roleArn, PrimaryContainer: container };
    const Steps = [
      { Name: "Create", Type: "Model", Arguments: model },
      { Name: "Score", Type: "Transform", Arguments: transformation },
    ];
    const PipelineDefinition = JSON.stringify({ Version: "2020-12-01", Steps });
    const pipeline = {
      PipelineName: `batch-${input.replace("/", "")}`,
      RoleArn: execution.roleArn,
    };
    const sagemaker = await ownerClients(context).sagemaker();
    await sagemaker.createPipeline({ ...pipeline, ClientRequestToken: TOKEN, PipelineDefinition });
    const { PipelineExecutionArn: arn = "" } = await sagemaker.startPipelineExecution(pipeline);
    const { jobPython: python, servingPython } = await preparePrograms(context.signal);
    const { signal } = context;
    return simulateSteps({
      context,
      execution: { ...execution, arn, definition: parseDefinition(PipelineDefinition) },
      pipelineClients: authorizedClients(context, credentials),
      python,
      report: () => undefined,
      servingPython,
      signal,
    });
  }

  const answers = async (Key: string) =>
    (await s3.getObject({ Bucket, Key })).Body?.transformToString();

  it("stores the model's answer to each line of each object", async () => {
    const { steps } = await transform("batch/");
    assert.deepEqual(
      steps.map(({ failureReason, name, status }) => [name, status, failureReason]),
      [
        ["Create", "Succeeded", undefined],
        ["Score", "Succeeded", undefined],
      ],
    );
    assert.equal(await answers("scores/x.csv.out"), "2.0\n4.0\n");
    assert.equal(await answers("scores/more/y.csv.out"), "6.0\n");
  });

  it("fails if the model does not answer", async () => {
    const { steps } = await transform("batch-2/");
    assert.match(steps[1]?.failureReason ?? "", /^ClientError: the model answered 500: /);
  });
});

function archive(folder: string): Buffer {
  const file = join(folder, "model.tar.gz");
  const factor = "mkdir -p model/code && cp inference.py model/code && echo 2 > model/factor.txt";
  execFileSync("sh", ["-c", `cp ${code}/inference.py . && ${factor}`], { cwd: folder });
  execFileSync("tar", ["-czf", file, "-C", join(folder, "model"), "."]);
  return readFileSync(file);
}
