import { strict as assert } from "node:assert";

import { parseDefinition } from "../local/rehearsal/training/definition";
import { examine } from "../local/rehearsal/training/problems";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const ROLE = "arn:aws:iam::123456789012:role/sagemaker-churn-dev-execution";
const IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2";

const project = {
  executionRoleArn: ROLE,
  artifactBucket: "sagemaker-churn-dev-eb805c6c",
  keyArn: KEY,
  modelPackageGroupName: "churn-dev",
  requireKey: true,
};
const scope = { parameters: {}, execution: { PipelineExecutionId: "x1y2z3" } };

interface Written {
  readonly bucket?: string;
  readonly experiment?: unknown;
  readonly group?: string;
  readonly key?: string;
  readonly model?: string;
  readonly role?: string;
}

/** Three steps as an SDK writes them, and what a test wants otherwise. */
function written(than: Written = {}): string {
  const { bucket = project.artifactBucket, key = KEY, model = "Train", role = ROLE } = than;
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
        InstanceType: "ml.m5.large",
        VolumeSizeInGB: 10,
        ...(key === "" ? {} : { VolumeKmsKeyId: key }),
      },
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
          InstanceType: "ml.m5.large",
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
      ModelPackageGroupName: than.group ?? "churn-dev",
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

describe("a pipeline definition", () => {
  const problemsOf = (than: Written, requireKey = true) =>
    examine(parseDefinition(written(than)), scope, { ...project, requireKey }).problems;

  it("that keeps the project's rules has no problems, and names its images once", () => {
    assert.deepEqual(examine(parseDefinition(written()), scope, project), {
      problems: [],
      images: [IMAGE],
    });
  });

  it("is told everything that it says against the rules, at once", () => {
    const wrong = {
      bucket: "elsewhere",
      experiment: { ExperimentName: "churn-dev" },
      group: "other",
      key: "alias/sagemaker-churn-dev",
      model: "Trian",
      role: "arn:aws:iam::123456789012:role/admin",
    };
    assert.deepEqual(problemsOf(wrong), [
      "PipelineExperimentConfig must be null: an experiment would be made behind the user's back",
      "step Register refers to Trian, which is no step",
      `step Split: its RoleArn must be ${ROLE}, got arn:aws:iam::123456789012:role/admin`,
      "step Split: its output must lie in the bucket sagemaker-churn-dev-eb805c6c, got s3://elsewhere/train",
      `step Split: the key of its outputs must be ${KEY}, in full, got alias/sagemaker-churn-dev`,
      `step Split: the key of its volume must be ${KEY}, in full, got alias/sagemaker-churn-dev`,
      `step Train: its RoleArn must be ${ROLE}, got arn:aws:iam::123456789012:role/admin`,
      "step Train: its output must lie in the bucket sagemaker-churn-dev-eb805c6c, got s3://elsewhere/x1y2z3",
      `step Train: the key of its outputs must be ${KEY}, in full, got alias/sagemaker-churn-dev`,
      `step Train: the key of its volume must be ${KEY}, in full, got alias/sagemaker-churn-dev`,
      "step Register: its model group must be churn-dev, got other",
    ]);
  });

  it("need not name the key where the project does not ask for it", () => {
    assert.deepEqual(
      problemsOf({ key: "" }).map((line) => line.split(" must")[0]),
      [
        ...["step Split: the key of its outputs", "step Split: the key of its volume"],
        ...["step Train: the key of its outputs", "step Train: the key of its volume"],
      ],
    );
    assert.deepEqual(problemsOf({ key: "" }, false), []);
  });

  it("must not wait for itself, not even through a condition", () => {
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
      "step After is there twice",
      "steps wait for each other: Gate, Inside",
    ]);
  });

  it("names the step types and arguments that are not played", () => {
    const tuning = { Version: "2020-12-01", Steps: [{ Name: "T", Type: "Tuning", Arguments: {} }] };
    assert.throws(
      () => parseDefinition(JSON.stringify(tuning)),
      /Steps\.0\.?.*: the step type "Tuning" is not played here/,
    );
    for (const elsewhere of ["/tmp/train", "/opt/ml/../../etc"]) {
      const text = written().replace("/opt/ml/processing/train", elsewhere);
      assert.deepEqual(examine(parseDefinition(text), scope, project).problems, [
        "step Split: arguments that cannot be played: ProcessingOutputConfig.Outputs.0.S3Output.LocalPath: " +
          "a folder must lie under /opt/ml, e.g. /opt/ml/processing/input",
      ]);
    }
    const unknown = written().replace('"ResourceConfig"', '"CheckpointConfig":{},"ResourceConfig"');
    assert.deepEqual(examine(parseDefinition(unknown), scope, project).problems, [
      'step Train: arguments that cannot be played: Unrecognized key: "CheckpointConfig"',
    ]);
  });
});
