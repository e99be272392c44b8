import { strict as assert } from "node:assert";

import { isMet } from "../../local/services/sagemaker/conditions";
import { json } from "../../local/services/sagemaker/json";
import { type Scope, resolve } from "../../local/services/sagemaker/resolve";

describe("functions of a pipeline definition", () => {
  const scope: Scope = {
    parameters: { Commit: "abc", Threshold: 0.5 },
    execution: { PipelineExecutionId: "x1y2z3" },
    steps: {
      Train: {
        ModelArtifacts: { S3ModelArtifacts: "s3://b/model.tar.gz" },
        Metrics: [{ Value: 7 }],
      },
      Split: { Outputs: [{ OutputName: "test" }, { OutputName: "train", Uri: "s3://b/train" }] },
    },
    propertyFiles: { Evaluate: { Report: { "a.b": { auc: { value: 0.97 } }, list: [1, 2] } } },
  };

  it("return parameters, execution variables and step properties", () => {
    const asked = {
      parameter: { Get: "Parameters.Threshold" },
      execution: [{ Get: "Execution.PipelineExecutionId" }],
      step: { Get: "Steps.Train.ModelArtifacts.S3ModelArtifacts" },
      byNumber: { Get: "Steps.Train.Metrics[0].Value" },
      byName: { Get: "Steps.Split.Outputs['train'].Uri" },
      plain: { Get: "Parameters.Commit", Other: 1 },
    };
    assert.deepEqual(resolve(asked, scope), {
      parameter: 0.5,
      execution: ["x1y2z3"],
      step: "s3://b/model.tar.gz",
      byNumber: 7,
      byName: "s3://b/train",
      plain: { Get: "Parameters.Commit", Other: 1 },
    });
  });

  it("join texts and numbers, also nested", () => {
    const inner = { "Std:Join": { On: "-", Values: [{ Get: "Parameters.Commit" }, 2, true] } };
    const outer = { "Std:Join": { On: "/", Values: ["s3:/", inner] } };
    assert.equal(resolve(outer, scope), "s3://abc-2-true");
  });

  it("read property files by path", () => {
    const paths = ["['a.b'].auc.value", '["a.b"]["auc"].value', "list[0]"];
    assert.deepEqual(
      paths.map((path) => resolve(jsonGet(path), scope)),
      [0.97, 0.97, 1],
    );
  });

  for (const [asked, message] of [
    [{ Get: "Parameters.Nope" }, /"Get": "Parameters\.Nope".* has no value/],
    [{ Get: "Steps.Train.ModelArtifacts.Nope" }, /ModelArtifacts\.Nope.* has no value/],
    [jsonGet("auc"), /Steps\.Evaluate\.PropertyFiles\.Report at auc has no value/],
    [{ "Std:Split": "a" }, /the local cloud does not simulate the function Std:Split/],
  ] as const) {
    it(`report the missing part: ${JSON.stringify(asked)}`, () => {
      assert.throws(() => resolve(asked, scope), message);
    });
  }

  describe("in conditions", () => {
    const auc = jsonGet("['a.b'].auc.value");
    const both = (LeftValue: typeof auc | number, RightValue: typeof auc | number) => ({
      LeftValue,
      RightValue,
    });
    const yes = { Type: "Equals", ...both(1, 1) };
    const no = { Type: "Equals", ...both(1, 2) };

    const cases = [
      [{ Type: "GreaterThanOrEqualTo", ...both(auc, 0.97) }, true],
      [{ Type: "GreaterThanOrEqualTo", ...both(auc, 0.98) }, false],
      [{ Type: "GreaterThan", ...both(auc, 0.97) }, false],
      [{ Type: "GreaterThan", ...both(auc, 0.96) }, true],
      [{ Type: "LessThanOrEqualTo", ...both(auc, 0.97) }, true],
      [{ Type: "LessThanOrEqualTo", ...both(auc, 0.96) }, false],
      [{ Type: "LessThan", ...both(auc, 0.97) }, false],
      [{ Type: "LessThan", ...both(0.5, auc) }, true],
      [yes, true],
      [no, false],
      [{ Type: "In", QueryValue: { Get: "Parameters.Commit" }, Values: ["x", "abc"] }, true],
      [{ Type: "In", QueryValue: { Get: "Parameters.Commit" }, Values: ["x"] }, false],
      [{ Type: "Not", Expression: yes }, false],
      [{ Type: "Not", Expression: no }, true],
      [{ Type: "Or", Conditions: [no, yes] }, true],
      [{ Type: "Or", Conditions: [no, no] }, false],
      [{ Type: "And", Conditions: [yes, yes] }, true],
      [{ Type: "And", Conditions: [no, yes] }, false],
    ] as const;

    it("are evaluated as by SageMaker", () => {
      assert.deepEqual(
        cases.map(([one]) => isMet(json.parse(one), scope)),
        cases.map(([, expected]) => expected),
      );
    });

    it("compare only numbers and reject unknown types", () => {
      const text = { Type: "LessThan", LeftValue: "NaN", RightValue: 1 };
      assert.throws(() => isMet(text, scope), /LessThan compares numbers, got "NaN" and 1/);
      assert.throws(() => isMet({ Type: "Xor" }, scope), /unknown condition: \{"Type":"Xor"\}/);
    });
  });
});

function jsonGet(Path: string) {
  return {
    "Std:JsonGet": { PropertyFile: { Get: "Steps.Evaluate.PropertyFiles.Report" }, Path },
  };
}
