/*
 * One anchored pattern per AWS limit, with the AWS page of the limit. Checks of the AWS provider
 * are not enough: several are not anchored, so "bad name!" passes until the API rejects it in the
 * middle of a `pulumi up`.
 */

/**
 * Project name and project ID, a rule of this project.
 * Lower case: SageMaker lower-cases names in some ARNs, and IAM compares case.
 * Single hyphens: `--` separates the parts of a name.
 */
export const projectWord = /^(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Name prefix, a rule of this project: one short word, not a prefix that S3 or AWS reserves.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const namePrefix = /^(?!aws|amazon|(amzn|sthree|xn)$)[a-z][a-z0-9]{0,11}$/;

/**
 * CodeCommit repository name.
 * @see https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html
 */
export const repositoryName = /^(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/;

/**
 * CodeConnections connection ARN; both service prefixes are in use.
 * @see https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_Connection.html
 */
export const connectionArn =
  /^arn:aws(-[a-z]+)*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Full repository ID: `owner/repository`; GitLab groups may be nested. */
export const fullRepositoryId =
  /^(?!.*\.git$)[A-Za-z0-9][A-Za-z0-9_.-]{0,38}(\/[A-Za-z0-9._-]{1,100}){1,20}$/;

/**
 * CodePipeline file path filter.
 * @see https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitFilePathFilterCriteria.html
 */
export const pathPattern = /^(?!\/)[\x21-\x7e]{1,255}$/;

/**
 * S3 bucket name without dots: S3 allows dots, but they break TLS.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketName = new RegExp(
  "^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
);

/**
 * IAM role ARN.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const roleArn =
  /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/([\x21-\x7e]+\/)?[A-Za-z0-9_+=,.@-]{1,64}$/;

/** IAM role or user ARN. It may end in `*`: roles of IAM Identity Center have a random suffix. */
export const administratorArn =
  /^arn:aws(-[a-z]+)*:iam::\d{12}:(role|user)\/([\x21-\x7e]+\/)?[A-Za-z0-9_+=,.@-]{1,64}\*?$/;

/** IAM customer managed policy ARN. AWS can extend AWS managed policies: not for a boundary. */
export const policyArn =
  /^arn:aws(-[a-z]+)*:iam::\d{12}:policy\/([\x21-\x7e]+\/)?[A-Za-z0-9_+=,.@-]{1,128}$/;

/**
 * KMS key ARN, not an alias: policies match the key ARN.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
 */
export const keyArn =
  /^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$/;

/**
 * ECR repository ARN.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
 */
export const imageRepositoryArn =
  /^arn:aws(-[a-z]+)*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9][a-z0-9._/-]{1,255}$/;

/** Email address for nearly every mail server: one @, no spaces or quotes, a domain with a dot. */
export const email =
  /^(?=.{1,254}$)[A-Za-z0-9_%+'-]+(\.[A-Za-z0-9_%+'-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/**
 * SQS queue ARN, not FIFO: a standard topic cannot send to a FIFO queue.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html
 */
export const queueArn = /^arn:aws(-[a-z]+)*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/;

/**
 * SNS topic ARN, not FIFO: EventBridge cannot publish to a FIFO topic.
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html
 */
export const topicArn = /^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;

/**
 * SageMaker model package group name, in lower case like {@link projectWord}.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackageGroup.html
 */
export const groupName = /^(?=.{1,63}$)[a-z0-9](-*[a-z0-9])*$/;

/**
 * VPC ID: 8 digits in old accounts, else 17.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
 */
export const vpcId = /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Subnet ID; same format as {@link vpcId}. */
export const subnetId = /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Security group ID; same format as {@link vpcId}. */
export const securityGroupId = /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** HTTPS URL without credentials (a secret), query or fragment (they get lost). */
export const packageIndexUrl =
  /^(?=.{1,1000}$)https:\/\/([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}(:\d{1,5})?(\/[A-Za-z0-9._~%/+-]*)?$/;

/**
 * CodeBuild managed image.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html
 */
export const managedImage = /^aws\/codebuild\/[a-z0-9._-]+:[A-Za-z0-9._-]+$/;

/** Private ECR image with tag or digest. */
export const privateImage =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<repository>[a-z0-9][a-z0-9._/-]{1,255})(:[A-Za-z0-9._-]{1,128}|@sha256:[0-9a-f]{64})$/;

/**
 * Name of a CodeBuild environment variable.
 * @see https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html
 */
export const environmentName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reference to a secret, as CodeBuild takes it: name or full ARN, then `:json-key:version-stage:version-id`.
 * The name has at most 128 characters, a limit of this project.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager
 */
export const secretReference =
  /^(?<id>arn:aws(-[a-z]+)*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]{1,128}-[A-Za-z0-9]{6}|(?!arn:)[A-Za-z0-9/_+=.@-]{1,128})(:[^:\s]{0,256}){0,3}$/;

/**
 * Parameter name, at most 128 characters (a limit of this project): a path with a leading slash, or
 * one word. AWS owns the names that begin with `aws` or `ssm`.
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export const parameterName =
  /^(?!\/?(aws|ssm))(?=.{1,128}$)(\/[A-Za-z0-9_.-]+)+$|^(?!aws|ssm)[A-Za-z0-9_.-]{1,128}$/i;

/** Buildspec path in the repository, for code reviews: not inline, not in S3. */
export const buildspecPath = /^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.ya?ml$/;

/** IAM action by its full name. */
export const iamAction = /^[a-z0-9-]+:[A-Za-z0-9]+$/;

/** Condition key of IAM: `aws:SourceVpc`, `s3:prefix`, `aws:ResourceTag/team`. */
export const conditionKey = /^[A-Za-z0-9-]+:[\x21-\x7e]+$/;

/**
 * CodeCommit branch name, with the rules of `git check-ref-format`.
 * @see https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html
 */
export function isBranchName(branch: string): boolean {
  return (
    /^[\x21-\x7e]{1,256}$/.test(branch) &&
    !/[?^*[\]\\~:]|\.\.|\/\/|@\{/.test(branch) &&
    !/^[/.-]|[/.]$|\.lock$|^@$/.test(branch) &&
    !/^refs\/|^[0-9a-f]{40}$/i.test(branch)
  );
}

/** Private IPv4 range (RFC 1918) of `/16` to `/22`, written with its first address. */
export function isPrivateRange(cidrBlock: string): boolean {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(1[6-9]|2[0-2])$/.exec(cidrBlock);
  if (found === null) return false;
  const [a = 0, b = 0, c = 0, d = 0, mask = 0] = found.slice(1).map(Number);
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  return isPrivate && b <= 255 && d === 0 && c <= 255 && c % 2 ** (24 - mask) === 0;
}

/**
 * Resource of a policy statement, a rule of this project: `*`, or an ARN whose name begins without a
 * wildcard: `table/churn-*`, `parameter/churn/*`; in S3 with the whole name of the bucket.
 */
export function isStatementResource(resource: string): boolean {
  if (resource === "*") return true;
  const arn = /^arn:aws(?:-[a-z]+)*:([a-z0-9-]+):[a-z0-9-]*:(?:\d{12})?:([^\s*?]*)([*?]\S*)?$/;
  const [, service = "", named = "", pattern] = arn.exec(resource) ?? [];
  if (pattern === undefined) return named !== "";
  if (service === "s3") return /^[^/]+\//.test(named);
  // These ARNs have no resource type before the name.
  if (["execute-api", "sns", "sqs"].includes(service)) return named !== "";
  return /^[^/:]+[/:]\/?[^/:]/.test(named);
}

/**
 * SageMaker instance type.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html
 */
export const instanceType = /^ml\.[a-z0-9-]{1,20}\.[a-z0-9]{1,12}$/;
