import { strict as assert } from "node:assert";

import { ProcessingInstanceType, TrainingInstanceType } from "@aws-sdk/client-sagemaker";

import { parseDefinition } from "../../local/services/sagemaker/definition";
import { notSimulated } from "../../local/services/sagemaker/notSimulated";
import { hasLocalStorage, examine } from "../../local/services/sagemaker/problems";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ROLE = "arn:aws:iam::123456789012:role/mlops-churn--dev--execution-use1";
const IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2";

const project = {
  executionRoleArn: ROLE,
  artifactBucket: "mlops-churn--dev--eb805c6c",
  keyArn: KEY,
  modelPackageGroupName: "mlops-churn--dev--models",
  requireKey: true,
};
const scope = { parameters: {}, execution: { PipelineExecutionId: "x1y2z3" } };

interface Written {
  readonly bucket?: string;
  readonly experiment?: unknown;
  readonly group?: string;
  readonly instanceType?: string;
  readonly key?: string;
  readonly lifeCycle?: object;
  readonly model?: string;
  readonly role?: string;
  /** Further arguments of the training job. */
  readonly training?: object;
}

/** Three steps as an SDK writes them, and what a test wants otherwise. */
function written(than: Written = {}): string {
  const { bucket = project.artifactBucket, key = KEY, model = "Train", role = ROLE } = than;
  const InstanceType = than.instanceType ?? "ml.m5.large";
  const prefix = [`s3://${bucket}`, { Get: "Execution.PipelineExecutionId" }];
  const train = {
    Name: "Train",
    Type: "Training",
    Arguments: {
      RoleArn: role,
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
      OutputDataConfig: {
        S3OutputPath: { "Std:Join": { On: "/", Values: prefix } },
        ...(key === "" ? {} : { KmsKeyId: key }),
      },
      ResourceConfig: {
        InstanceCount: 1,
        InstanceType,
        VolumeSizeInGB: 10,
        ...(key === "" ? {} : { VolumeKmsKeyId: key }),
      },
      ...than.training,
    },
  };
  const split = {
    Name: "Split",
    Type: "Processing",
    Arguments: {
      RoleArn: role,
      AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ["python3", "split.py"] },
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: "train",
            S3Output: {
              S3Uri: `s3://${bucket}/train`,
              LocalPath: "/opt/ml/processing/train",
              S3UploadMode: "EndOfJob",
            },
          },
        ],
        ...(key === "" ? {} : { KmsKeyId: key }),
      },
      ProcessingResources: {
        ClusterConfig: {
          InstanceCount: 1,
          InstanceType,
          VolumeSizeInGB: 10,
          ...(key === "" ? {} : { VolumeKmsKeyId: key }),
        },
      },
    },
  };
  const register = {
    Name: "Register",
    Type: "RegisterModel",
    Arguments: {
      ModelPackageGroupName: than.group ?? "mlops-churn--dev--models",
      ModelLifeCycle: than.lifeCycle,
      InferenceSpecification: {
        Containers: [
          {
            Image: IMAGE,
            ModelDataUrl: { Get: `Steps.${model}.ModelArtifacts.S3ModelArtifacts` },
          },
        ],
      },
    },
  };
  return JSON.stringify({
    Version: "2020-12-01",
    Parameters: [],
    PipelineExperimentConfig: than.experiment ?? null,
    Steps: [split, train, register],
  });
}

describe("check of a SageMaker pipeline definition", () => {
  const problemsOf = (than: Written, requireKey = true) =>
    examine(parseDefinition(written(than)), scope, { ...project, requireKey }).problems;

  it("accepts a correct definition and lists each image once", () => {
    assert.deepEqual(examine(parseDefinition(written()), scope, project), {
      problems: [],
      images: [IMAGE],
    });
  });

  it("reports every problem at once", () => {
    const wrong = {
      bucket: "elsewhere",
      group: "other",
      key: "alias/mlops-churn--dev",
      model: "Trian",
      role: "arn:aws:iam::123456789012:role/admin",
    };
    assert.deepEqual(problemsOf(wrong), [
      "step Register refers to Trian, which does not exist",
      `step Split: RoleArn must be ${ROLE}, got arn:aws:iam::123456789012:role/admin`,
      "step Split: the output must be in the bucket mlops-churn--dev--eb805c6c, got s3://elsewhere/train",
      `step Split: the KMS key of the outputs must be the ARN ${KEY}, got alias/mlops-churn--dev`,
      `step Split: the KMS key of the volume must be the ARN ${KEY}, got alias/mlops-churn--dev`,
      `step Train: RoleArn must be ${ROLE}, got arn:aws:iam::123456789012:role/admin`,
      "step Train: the output must be in the bucket mlops-churn--dev--eb805c6c, got s3://elsewhere/x1y2z3",
      `step Train: the KMS key of the outputs must be the ARN ${KEY}, got alias/mlops-churn--dev`,
      `step Train: the KMS key of the volume must be the ARN ${KEY}, got alias/mlops-churn--dev`,
      "step Register: the model package group must be mlops-churn--dev--models, got other",
    ]);
  });

  const output = `s3://${project.artifactBucket}/debug`;
  const sdk2 = {
    DebugHookConfig: { S3OutputPath: output, CollectionConfigurations: [] },
    ProfilerConfig: { S3OutputPath: output, DisableProfiler: false },
    ProfilerRuleConfigurations: [
      {
        RuleConfigurationName: "ProfilerReport-1700000000",
        RuleEvaluatorImage: IMAGE,
        RuleParameters: { rule_to_invoke: "ProfilerReport" },
      },
    ],
  };

  it("accepts what version 2 of the SageMaker SDK sends by default, with a note each", () => {
    const experiment = { ExperimentName: { Get: "Execution.PipelineName" }, TrialName: "t" };
    const text = written({ experiment, training: sdk2 });
    assert.deepEqual(problemsOf({ experiment, training: sdk2 }), []);
    assert.deepEqual(
      notSimulated(parseDefinition(text)).map((line) => line.split(/: (?=[a-z])/)[0]),
      [
        "PipelineExperimentConfig",
        "step Train: DebugHookConfig",
        "step Train: ProfilerConfig",
        "step Train: ProfilerRuleConfigurations",
      ],
    );
  });

  it("notes a cache and retries, which the local cloud leaves out", () => {
    const cached = written().replace(
      '"Name":"Train"',
      '"Name":"Train","CacheConfig":{"Enabled":true,"ExpireAfter":"P30d"},"RetryPolicies":[{}]',
    );
    assert.deepEqual(notSimulated(parseDefinition(cached)), [
      "step Train: CacheConfig: the local cloud runs every step",
      "step Train: RetryPolicies: the local cloud retries no step",
    ]);
    const off = cached.replace("true", "false").replace("[{}]", "[]");
    assert.deepEqual(notSimulated(parseDefinition(off)), []);
  });

  it("notes nothing that is off, and accepts no unknown setting of it", () => {
    const off = { ProfilerConfig: { DisableProfiler: true } };
    assert.deepEqual(problemsOf({ training: off }), []);
    assert.deepEqual(notSimulated(parseDefinition(written({ training: off }))), []);
    const unknown = { DebugHookConfig: { ...sdk2.DebugHookConfig, Level: 1 } };
    assert.match(problemsOf({ training: unknown }).join(), /DebugHookConfig: .*"Level"/);
  });

  it("rejects a debugger or profiler that writes to another bucket, as the role may not", () => {
    const S3OutputPath = "s3://sagemaker-us-east-1-123456789012/debug";
    const training = { DebugHookConfig: { S3OutputPath }, ProfilerConfig: { S3OutputPath } };
    const problem = `step Train: the output must be in the bucket ${project.artifactBucket}, got ${S3OutputPath}`;
    assert.deepEqual(problemsOf({ training }), [problem, problem]);
  });

  it("requires the KMS key only with requireKey", () => {
    assert.deepEqual(
      problemsOf({ key: "" }).map((line) => line.split(" must")[0]),
      [
        ...["step Split: the KMS key of the outputs", "step Split: the KMS key of the volume"],
        ...["step Train: the KMS key of the outputs", "step Train: the KMS key of the volume"],
      ],
    );
    assert.deepEqual(problemsOf({ key: "" }, false), []);
  });

  it("rejects a volume key for instances with local storage, as SageMaker does", () => {
    const problem =
      "VolumeKmsKeyId must be left out with ml.g5.xlarge, which has local storage: " +
      "SageMaker accepts no key for it, its hardware encrypts it";
    assert.deepEqual(problemsOf({ instanceType: "ml.g5.xlarge" }), [
      `step Split: ${problem}`,
      `step Train: ${problem}`,
    ]);
    assert.deepEqual(problemsOf({ instanceType: "ml.g5.xlarge" }, false).length, 2);
    const withoutKey = { instanceType: "ml.g5.xlarge", key: "" };
    assert.deepEqual(
      problemsOf(withoutKey).map((line) => line.split(" must")[0]),
      ["step Split: the KMS key of the outputs", "step Train: the KMS key of the outputs"],
    );
    assert.deepEqual(problemsOf(withoutKey, false), []);
  });

  it("knows which instance types of jobs have local storage", () => {
    const types = [
      ...Object.values(ProcessingInstanceType),
      ...Object.values(TrainingInstanceType),
    ];
    const families = types.filter(hasLocalStorage).map((type) => type.split(".")[1] ?? "");
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
    assert.deepEqual(
      [...new Set(families)].sort(),
      [
        ...["g4dn", "g5", "g6", "g6e", "g7", "g7e", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en"],
        ...["p6-b200", "p6-b300", "p6e-gb200", "r5d", "trn1", "trn1n", "trn2"],
      ].sort(),
    );
  });

  it("rejects a figure from a file in a text, which AWS's schema does not have", () => {
    const Path = "metrics.auc.value";
    const PropertyFile = { Get: "Steps.Split.PropertyFiles.Report" };
    const figure = { "Std:JsonGet": { PropertyFile, Path } };
    const join = (...Values: unknown[]) => ({ "Std:Join": { On: "", Values } });
    const problems = (ErrorMessage: unknown) => {
      const reject = { Name: "Reject", Type: "Fail", Arguments: { ErrorMessage } };
      const condition = { Type: "LessThan", LeftValue: figure, RightValue: 1 };
      const Arguments = { Conditions: [condition], IfSteps: [reject], ElseSteps: [] };
      const gate = JSON.stringify({ Name: "Gate", Type: "Condition", Arguments });
      const text = written().replace('"Steps":[', `"Steps":[${gate},`);
      return examine(parseDefinition(text), scope, project).problems;
    };
    const refused = [
      "step Reject: Std:Join contains Std:JsonGet, SageMaker joins only texts and references. " +
        "Next: write the joined text into the file, and read it with one Std:JsonGet",
    ];
    assert.deepEqual(problems(join("AUC ", figure)), refused);
    assert.deepEqual(problems(join("AUC ", join(figure))), refused);
    assert.deepEqual(problems(figure), []);
    assert.deepEqual(problems(join("AUC of ", { Get: "Parameters.GitCommit" })), []);
  });

  it("rejects a life-cycle stage of a new version", () => {
    const lifeCycle = { Stage: "Production", StageStatus: "Approved" };
    assert.deepEqual(problemsOf({ lifeCycle }), [
      "step Register: the local cloud does not simulate these arguments: " +
        "ModelLifeCycle: must be left out: approvers set the stage",
    ]);
  });

  it("checks models and batch transforms as it checks jobs", () => {
    const container = { Image: IMAGE, ModelDataUrl: "s3://data/model.tar.gz" };
    const examined = (output: string, ExecutionRoleArn: string, model: object) => {
      const transform = {
        ModelName: { Get: "Steps.Create.ModelName" },
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://data/test" } },
        },
        TransformOutput: { KmsKeyId: KEY, S3OutputPath: output },
        TransformResources: { InstanceCount: 1, InstanceType: "ml.m5.large" },
      };
      const Steps = [
        { Name: "Create", Type: "Model", Arguments: { ExecutionRoleArn, ...model } },
        { Name: "Score", Type: "Transform", Arguments: transform },
      ];
      const text = JSON.stringify({ Version: "2020-12-01", Steps });
      return examine(parseDefinition(text), scope, { ...project, requireKey: false });
    };
    const output = `s3://${project.artifactBucket}/scores`;
    assert.deepEqual(examined(output, ROLE, { PrimaryContainer: container }), {
      images: [IMAGE],
      problems: [],
    });
    assert.deepEqual(examined("s3://data/scores", "other", { Containers: [container] }).problems, [
      `step Create: RoleArn must be ${ROLE}, got other`,
      `step Score: the output must be in the bucket ${project.artifactBucket}, got s3://data/scores`,
    ]);
    assert.match(examined(output, ROLE, {}).problems.join(), /Create: .*needs one container/);
  });

  it("rejects circular dependencies, also through a condition", () => {
    const fail = (Name: string, DependsOn: string[] = []) => ({
      Name,
      Type: "Fail",
      DependsOn,
      Arguments: { ErrorMessage: "no" },
    });
    const gate = {
      Name: "Gate",
      Type: "Condition",
      DependsOn: ["Inside"],
      Arguments: { Conditions: [], IfSteps: [fail("Inside")], ElseSteps: [] },
    };
    const text = JSON.stringify({
      Version: "2020-12-01",
      Steps: [gate, fail("After", ["Gate"]), fail("After")],
    });
    assert.deepEqual(examine(parseDefinition(text), scope, project).problems, [
      "step After is defined twice",
      "steps wait for each other: Gate, Inside",
    ]);
  });

  it("names unsupported step types and arguments", () => {
    const unknownType = { Version: "2020-12-01", Steps: [{ Name: "T", Type: "Trainign" }] };
    assert.throws(
      () => parseDefinition(JSON.stringify(unknownType)),
      /Steps\.0\.?.*: the local cloud does not simulate the step type "Trainign"/,
    );
    for (const elsewhere of ["/tmp/train", "/opt/ml/../../etc"]) {
      const text = written().replace("/opt/ml/processing/train", elsewhere);
      assert.deepEqual(examine(parseDefinition(text), scope, project).problems, [
        "step Split: the local cloud does not simulate these arguments: ProcessingOutputConfig.Outputs.0.S3Output.LocalPath: " +
          "must be a folder under /opt/ml, e.g. /opt/ml/processing/input",
      ]);
    }
    const unknown = written().replace('"ResourceConfig"', '"CheckpointConfig":{},"ResourceConfig"');
    assert.deepEqual(examine(parseDefinition(unknown), scope, project).problems, [
      'step Train: the local cloud does not simulate these arguments: Unrecognized key: "CheckpointConfig"',
    ]);
  });
});
