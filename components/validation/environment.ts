import { z } from "zod";

import { variableLength } from "./limits";
import * as limits from "./patterns";
import { reservedVariableRule, ruleText, text } from "./fields";

/** Environment variables of every build; `build.environment` must not override them. */
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

/** Additional environment variables of a build, by name. */
export const environment = z
  .record(
    z.string(),
    text(
      `must be a text of at most ${String(variableLength.max)} characters`,
      "eu",
      (value) => value.length <= variableLength.max,
    ),
    { error: ruleText("must be an object of names and texts", { COUNTRY: "eu" }) },
  )
  .superRefine((variables, context) => {
    for (const name of Object.keys(variables)) {
      const message = variableProblem(name);
      if (message !== undefined) context.addIssue({ code: "custom", message, path: [name] });
    }
  });

function variableProblem(name: string): string | undefined {
  if (!limits.environmentName.test(name) || name.startsWith("CODEBUILD_"))
    return ruleText(
      "must be named with letters, digits and underscores, not CODEBUILD_",
      "COUNTRY",
    );
  if (reservedVariables.includes(name)) return reservedVariableRule(name);
  if (limits.looksSecret(name))
    return ruleText(
      "must not contain a secret: pass the ARN of a Secrets Manager secret",
      "API_ARN",
    );
  return undefined;
}
