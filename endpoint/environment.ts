import { z } from "zod";

import { problemsOf, validationError } from "../components/validation/errors";
import { oneOf, ruleText, text } from "../components/validation/fields";

const exampleRole = "arn:aws:iam::123456789012:role/mlops-churn--dev--serve-staging-use1";
const roleArn = /^arn:(?<partition>aws(-[a-z]+)*):iam::(?<accountId>\d{12}):role\/./;

const word = (example: string) => text("must be a text", example, /^\S+$/);

const idList = (example: string) =>
  z
    .string()
    .transform((given, context) => {
      const { data } = z.array(z.string()).min(1).safeParse(fromJson(given));
      if (data !== undefined) return data;
      const message = ruleText("must be a list of ids in JSON", [example]);
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    })
    .optional();

const shape = z.object({
  AWS_REGION: text("must be a region", "us-east-1", /^[a-z]{2}(-[a-z]+)+-\d$/),
  CODEBUILD_INITIATOR: text(
    "must say which CodePipeline runs this",
    "codepipeline/mlops-churn--dev--modeldeploy",
    /^codepipeline\/./,
  ),
  CODEPIPELINE_EXECUTION_ID: word("11111111-2222-3333-4444-555555555555"),
  ENDPOINT_NAME: word("mlops-churn--dev--staging"),
  MODEL_BUILD_OUTPUTS: text(
    "must be the S3 URI of the build stack's outputs",
    "s3://mlops-churn--dev--eb805c6c-state/staging/model-build-outputs.json",
    /^s3:\/\/[^/]+\/./,
  ),
  MODEL_EXECUTION_ROLE_ARN: text("must be the ARN of an IAM role", exampleRole, roleArn),
  /** The one whose value decides: what is no version is told apart from a variable that is not there. */
  MODEL_PACKAGE_ARN: z.string().default(""),
  PROD_ENDPOINT_NAME: word("mlops-churn--dev--prod"),
  PULUMI_BACKEND_URL: text(
    "must be the place of this stage's state",
    "s3://mlops-churn--dev--eb805c6c-state/staging?region=us-east-1",
    /^(s3|file):\/\/./,
  ),
  PULUMI_KMS_URL: word("awskms://alias/mlops-churn--dev--eb805c6c-state?region=us-east-1"),
  SAGEMAKER_PROJECT_ID: word("dev"),
  SAGEMAKER_PROJECT_NAME: word("churn"),
  SECURITY_GROUP_IDS: idList("sg-0a1b2c3d4e5f60718"),
  STAGE_NAME: oneOf(["staging", "prod"], "staging"),
  SUBNET_IDS: idList("subnet-0a1b2c3d4e5f60718"),
});

/** Which of the two stages a build deploys. */
export type StageName = "prod" | "staging";

/** What a build is told by its environment. */
export interface Environment {
  readonly accountId: string;
  readonly backendUrl: string;
  readonly endpointName: string;
  readonly executionId: string;
  readonly modelPackageArn: string;
  readonly network?: { readonly securityGroupIds: string[]; readonly subnetIds: string[] };
  readonly outputsUri: string;
  readonly partition: string;
  readonly pipelineName: string;
  readonly prodEndpointName: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly region: string;
  /** The role of this stage's model. */
  readonly roleArn: string;
  /** The role of production's, by which staging sees whether all is there already. */
  readonly prodRoleArn: string;
  readonly secretsProvider: string;
  readonly stage: StageName;
}

/**
 * Reads what CodeBuild and its project tell.
 * @throws RunError with all problems at once, each naming variable, rule, example and value
 */
export function environmentFrom(given: Readonly<Record<string, string | undefined>>): Environment {
  const { data, error } = shape.safeParse(given);
  const problems = problemsOf(given, error?.issues ?? []);
  if (Boolean(given.SUBNET_IDS) !== Boolean(given.SECURITY_GROUP_IDS))
    problems.push("SUBNET_IDS and SECURITY_GROUP_IDS must be there both or not at all; got one");
  if (data === undefined || problems.length > 0) throw validationError("the environment", problems);

  const { accountId = "", partition = "" } =
    roleArn.exec(data.MODEL_EXECUTION_ROLE_ARN)?.groups ?? {};
  return {
    accountId,
    backendUrl: backendUrl(data.PULUMI_BACKEND_URL, given.AWS_ENDPOINT_URL),
    endpointName: data.ENDPOINT_NAME,
    executionId: data.CODEPIPELINE_EXECUTION_ID,
    modelPackageArn: data.MODEL_PACKAGE_ARN,
    ...(data.SUBNET_IDS && data.SECURITY_GROUP_IDS
      ? { network: { securityGroupIds: data.SECURITY_GROUP_IDS, subnetIds: data.SUBNET_IDS } }
      : {}),
    outputsUri: data.MODEL_BUILD_OUTPUTS,
    partition,
    pipelineName: data.CODEBUILD_INITIATOR.slice("codepipeline/".length),
    prodEndpointName: data.PROD_ENDPOINT_NAME,
    projectId: data.SAGEMAKER_PROJECT_ID,
    projectName: data.SAGEMAKER_PROJECT_NAME,
    region: data.AWS_REGION,
    roleArn: data.MODEL_EXECUTION_ROLE_ARN,
    // The roles of the two stages differ in their last word.
    prodRoleArn: data.MODEL_EXECUTION_ROLE_ARN.replace(/-staging-([a-z0-9]+)$/, "-prod-$1"),
    secretsProvider: data.PULUMI_KMS_URL,
    stage: data.STAGE_NAME,
  };
}

/** An S3-compatible endpoint of one's own is seldom reached by a bucket's name as a host. */
function backendUrl(url: string, endpointUrl: string | undefined): string {
  if (!endpointUrl || !url.startsWith("s3://")) return url;
  return `${url}${url.includes("?") ? "&" : "?"}s3ForcePathStyle=true`;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
