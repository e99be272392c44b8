import { z } from "zod";

import * as limits from "./limits";
import { ownVariable, sentence, text } from "./rules";

/** The variables that every build gets, which `build.environment` may not override. */
const reservedVariables = [
  "ARTIFACT_BUCKET",
  "ARTIFACT_BUCKET_KMS_ID",
  "AWS_REGION",
  "CODEPIPELINE_EXECUTION_ID",
  "MODEL_PACKAGE_GROUP_NAME",
  "SAGEMAKER_PIPELINE_NAME",
  "SAGEMAKER_PIPELINE_ROLE_ARN",
  "SAGEMAKER_PROJECT_ID",
  "SAGEMAKER_PROJECT_NAME",
  "WAIT_FOR_TRAINING",
];

/** Further variables of a build, by name. */
export const environment = z
  .record(
    z.string(),
    text("must be a text of at most 1000 characters", "eu", (value) => value.length <= 1000),
    { error: sentence("must be an object of names and texts", { COUNTRY: "eu" }) },
  )
  .superRefine((variables, context) => {
    for (const name of Object.keys(variables)) {
      const message = variableProblem(name);
      if (message !== undefined) context.addIssue({ code: "custom", message, path: [name] });
    }
  });

function variableProblem(name: string): string | undefined {
  if (!limits.environmentName.test(name) || name.startsWith("CODEBUILD_"))
    return sentence(
      "must be named with letters, digits and underscores, not CODEBUILD_",
      "COUNTRY",
    );
  if (reservedVariables.includes(name)) return ownVariable(name);
  if (limits.looksSecret(name))
    return sentence("must not carry a secret: pass the ARN of a Secrets Manager secret", "API_ARN");
  return undefined;
}
