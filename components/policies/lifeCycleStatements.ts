import type { Names } from "../names/names";
import { allowStatement, type Statement } from "./statements";

/** Life-cycle stages of model versions. */
export type LifeCycleStage = "Archived" | "Production" | "Staging";

/**
 * Statement to set the life-cycle stage of model versions, but not their approval status: only
 * approvers approve. AWS has no condition key for some fields of the request: see SECURITY.md.
 */
export function lifeCycleStatement(names: Names, stages: LifeCycleStage[]): Statement {
  return allowStatement(
    "LifeCycleStage",
    names.modelPackageArns,
    ["sagemaker:UpdateModelPackage"],
    {
      Null: {
        "sagemaker:CustomerMetadataPropertiesToRemove": "true",
        "sagemaker:ModelApprovalStatus": "true",
      },
      StringEquals: { "sagemaker:ModelLifeCycle:Stage": stages },
    },
  );
}
