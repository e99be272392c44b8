import type { Step } from "./definition";
import { type Json, membersOf } from "./json";

/**
 * Problems of the joins in a step: AWS's schema of pipeline definitions has only texts and
 * references (`Get`) in a `Std:Join`, and a `Std:JsonGet` only by itself.
 *
 * @see https://github.com/aws-sagemaker-mlops/sagemaker-model-building-pipeline-definition-JSON-schema
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-propertyfile.html
 */
export function joinProblems(step: Step): string[] {
  // The steps in the branches of a condition are examined by themselves.
  const own: Json = step.Type === "Condition" ? step.Arguments.Conditions : step.Arguments;
  if (!hasFileInJoin(own)) return [];
  return [
    "Std:Join contains Std:JsonGet, SageMaker joins only texts and references. " +
      "Next: write the joined text into the file, and read it with one Std:JsonGet",
  ];
}

function hasFileInJoin(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasFileInJoin);
  const members = membersOf(value) ?? {};
  const joined = members["Std:Join"];
  if (joined !== undefined && hasFile(joined)) return true;
  return Object.values(members).some(hasFileInJoin);
}

function hasFile(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasFile);
  const members = membersOf(value) ?? {};
  return "Std:JsonGet" in members || Object.values(members).some(hasFile);
}
