import { strict as assert } from "node:assert";

import { deploymentOf } from "../../scripts/endpoints/deployment";
import { retry } from "../../scripts/endpoints/retry";
import { rollback } from "../../scripts/endpoints/rollback";
import { churn, codePipeline, type Failure, versionArn } from "../support/endpointFakes";

const url =
  "https://eu-west-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/" +
  "mlops-churn--dev--modeldeploy/executions";

describe("rollback", () => {
  const of = (version?: number, options: Parameters<typeof served>[0] = {}) => {
    const codepipeline = codePipeline(options.stages);
    const started = rollback(
      churn,
      { codepipeline, sagemaker: served(options) } as unknown as Parameters<typeof rollback>[1],
      version,
    );
    return { calls: codepipeline.calls, started };
  };

  it("starts the newest earlier version that is approved, and prints the execution", async () => {
    const { calls, started } = of();
    assert.deepEqual(await started, {
      executionId: "e-new",
      lines: [
        "Rollback of churn (dev) from version 4 to version 1 started.",
        "What: staging tests version 1; production serves it when the deployment is approved.",
        `Link: ${url}/e-new/timeline?region=eu-west-1`,
      ],
    });
    assert.deepEqual(calls.StartPipelineExecution, [
      {
        name: "mlops-churn--dev--modeldeploy",
        variables: [{ name: "MODEL_PACKAGE_ARN", value: versionArn(1) }],
      },
    ]);
  });

  it("starts the chosen version", async () => {
    assert.match((await of(2).started).lines[0] ?? "", /from version 4 to version 2 started/);
  });

  it("says which execution it waits for, and that there is no approval", async () => {
    const stages = [
      {
        stageName: "DeployStaging",
        latestExecution: { pipelineExecutionId: "e-busy", status: "InProgress" },
        actionStates: [{ actionName: "TestStaging" }],
      },
    ];
    const { lines } = await of(2, { stages }).started;
    assert.match(lines[1] ?? "", /production serves it when the test has succeeded/);
    assert.match(lines[2] ?? "", /^Waits for: .*\/e-busy\/timeline/);
  });

  it("starts nothing without an approved version", async () => {
    for (const [version, options, message] of [
      [undefined, { earlier: "3" }, /^no version to roll back to: .* \(3\) is approved\. Next:/],
      [undefined, { earlier: "" }, /earlier versions \(none\) is approved/],
      [4, {}, /^production serves version 4 already\. Next: choose an earlier version: 3, 1, 2/],
      [3, {}, /^version 3 must be approved, is Rejected\. Next:/],
      [9, {}, /^version 9 must be approved, is missing in the model registry/],
      [undefined, { isMissing: true }, /--prod does not exist: no version to roll back from/],
      [undefined, { isForeign: true }, /--prod was not deployed by the pipeline: no version/],
    ] as const) {
      const { calls, started } = of(version, options);
      await assert.rejects(started, ({ message: found }: Error) => message.test(found));
      assert.deepEqual(calls.StartPipelineExecution, undefined);
    }
  });
});

describe("retry", () => {
  const failed = (executionId: string, stageName = "DeployProd") => ({
    stageName,
    latestExecution: { pipelineExecutionId: executionId, status: "Failed" },
    actionStates: [
      { actionName: "Fine", latestExecution: { status: "Succeeded" } },
      {
        actionName: "DeployResourcesProd",
        latestExecution: {
          status: "Failed",
          errorDetails: { message: "Build terminated with state: FAILED" },
          externalExecutionUrl: "https://log",
        },
      },
    ],
  });
  const passed = {
    stageName: "DeployStaging",
    latestExecution: { pipelineExecutionId: "e-2", status: "Succeeded" },
  };
  const executions = [
    { pipelineExecutionId: "e-old", startTime: new Date(1), status: "Failed" },
    { pipelineExecutionId: "e-2", startTime: new Date(2), status: "Failed" },
    { pipelineExecutionId: "e-3", startTime: new Date(3), status: "Stopped" },
  ];
  const of = (stages: object[], list = executions, failure?: Failure) => {
    const codepipeline = codePipeline(stages, list, failure);
    const started = retry(churn, codepipeline as unknown as Parameters<typeof retry>[1]);
    return { calls: codepipeline.calls, started };
  };

  it("retries the failed stage of the newest failed execution, and says what failed", async () => {
    const { calls, started } = of([passed, failed("e-old", "DeployStaging"), failed("e-2")]);
    assert.deepEqual((await started).lines, [
      "Retry of stage DeployProd of churn (dev), version 3, started.",
      "Failed: action DeployResourcesProd: Build terminated with state: FAILED (https://log)",
      `Link: ${url}/e-2/timeline?region=eu-west-1`,
    ]);
    assert.deepEqual(calls.RetryStageExecution, [
      {
        pipelineExecutionId: "e-2",
        pipelineName: "mlops-churn--dev--modeldeploy",
        retryMode: "FAILED_ACTIONS",
        stageName: "DeployProd",
      },
    ]);
  });

  it("says that nothing failed", async () => {
    const { calls, started } = of([], executions.slice(2));
    await assert.rejects(started, /nothing to retry: no execution of .*--modeldeploy failed/);
    assert.equal(calls.RetryStageExecution, undefined);
  });

  it("names the start of the same version if the stage is no longer retryable", async () => {
    const start = new RegExp(
      `no longer retryable: (another execution entered it|out of date)\\. Next: .*=${versionArn(3)}$`,
    );
    await assert.rejects(of([failed("e-later")]).started, start);
    for (const name of ["NotLatestPipelineExecutionException", "StageNotRetryableException"])
      await assert.rejects(
        of([failed("e-2")], executions, { message: "out of date", name }).started,
        start,
      );
  });

  it("fails if the call is denied", async () => {
    const denied = { message: "not authorized", name: "AccessDeniedException" };
    await assert.rejects(of([failed("e-2")], executions, denied).started, /: not authorized$/);
  });
});

/** SageMaker with production on version 4, of which the versions 1 and 2 are still approved. */
function served({
  earlier = "3 1 2",
  isForeign = false,
  isMissing = false,
}: {
  earlier?: string;
  isForeign?: boolean;
  isMissing?: boolean;
  stages?: object[];
}) {
  const tags = { EarlierVersions: earlier, ModelPackageArn: versionArn(4), ModelVersion: "4" };
  const approvals = new Map([
    [versionArn(1), "Approved"],
    [versionArn(2), "Approved"],
    [versionArn(3), "Rejected"],
  ]);
  return {
    describeEndpoint: () =>
      isMissing ? Promise.reject(new Error("Could not find endpoint")) : Promise.resolve({}),
    describeModelPackage: ({ ModelPackageName }: { ModelPackageName: string }) => {
      const ModelApprovalStatus = approvals.get(ModelPackageName);
      return ModelApprovalStatus === undefined
        ? Promise.reject(new Error("ModelPackage does not exist"))
        : Promise.resolve({ ModelApprovalStatus });
    },
    listTags: () =>
      Promise.resolve({
        Tags: isForeign ? [] : Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
  };
}

describe("deploymentOf", () => {
  const modelBuildPipelineArn =
    "arn:aws-cn:codepipeline:cn-north-1:123456789012:mlops-churn-eu--dev--modelbuild";
  const outputs = { modelBuildPipelineArn, modelPackageGroupName: "mlops-churn-eu--dev--models" };
  const deployed = { ...outputs, modelDeployPipelineName: "mlops-churn-eu--dev--modeldeploy" };

  it("derives names from the outputs", () => {
    const found = deploymentOf(deployed);
    assert.ok(found !== undefined);
    const { names, ...rest } = found;
    assert.deepEqual(rest, {
      accountId: "123456789012",
      modelPackageArn:
        "arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/mlops-churn-eu--dev--models/",
      project: "churn-eu (dev)",
      region: "cn-north-1",
    });
    assert.equal(names.pipeline, deployed.modelDeployPipelineName);
    assert.equal(names.prod.endpoint, "mlops-churn-eu--dev--prod");
  });

  it("is undefined without deployment, and rejects a stack that is not deployed", () => {
    assert.equal(deploymentOf(outputs), undefined);
    const message = "the stack has no outputs of this program: run pulumi up first";
    assert.throws(() => deploymentOf({}), { message });
  });
});
