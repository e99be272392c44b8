/*
 * One anchored pattern per AWS limit, with the page that states it. The AWS provider's own checks are not enough:
 * several of them are not anchored, so "bad name!" passes until the API refuses it half way through an `up`.
 */

/** Our own: lower case, since SageMaker lower-cases names inside some ARNs and IAM compares case. */
export const projectWord = /^(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html */
export const repositoryName = /^(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/;

/** https://docs.aws.amazon.com/codeconnections/latest/APIReference/API_Connection.html (both prefixes are in use) */
export const connectionArn =
  /^arn:aws(-[a-z]+)*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `owner/repository`; GitLab's groups may nest. */
export const fullRepositoryId =
  /^(?!.*\.git$)[A-Za-z0-9][A-Za-z0-9_.-]{0,38}(\/[A-Za-z0-9._-]{1,100}){1,20}$/;

/** https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GitFilePathFilterCriteria.html */
export const pathPattern = /^(?!\/)[\x21-\x7e]{1,255}$/;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (dots are legal there, but break TLS) */
export const bucketName = new RegExp(
  "^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$",
);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const roleArn =
  /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/([\x21-\x7e]+\/)?[A-Za-z0-9_+=,.@-]{1,64}$/;

/** A role or user; the last part may end in `*`, as roles made by IAM Identity Center carry a random suffix. */
export const administratorArn =
  /^arn:aws(-[a-z]+)*:iam::\d{12}:(role|user)\/([\x21-\x7e]+\/)?[A-Za-z0-9_+=,.@-]{1,64}\*?$/;

/** A policy of an account's own: AWS's would be a boundary that AWS can widen. */
export const policyArn =
  /^arn:aws(-[a-z]+)*:iam::\d{12}:policy\/([\x21-\x7e]+\/)?[A-Za-z0-9_+=,.@-]{1,128}$/;

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html (a key, not an alias: policies match the key's ARN) */
export const keyArn =
  /^arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$/;

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html */
export const imageRepositoryArn =
  /^arn:aws(-[a-z]+)*:ecr:[a-z0-9-]+:\d{12}:repository\/[a-z0-9][a-z0-9._/-]{1,255}$/;

/** What nearly every mail server takes: one @, no spaces or quotes, a domain with a dot. */
export const email =
  /^(?=.{1,254}$)[A-Za-z0-9_%+'-]+(\.[A-Za-z0-9_%+'-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;

/** https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html (no FIFO queue: a standard topic sends to none) */
export const queueArn = /^arn:aws(-[a-z]+)*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/;

/** https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html (no FIFO topic: EventBridge publishes to none) */
export const topicArn = /^arn:aws(-[a-z]+)*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;

/** https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackageGroup.html, and lower case as {@link projectWord} */
export const groupName = /^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html (8 digits in old accounts, else 17) */
export const vpcId = /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Like {@link vpcId}. */
export const subnetId = /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Like {@link vpcId}. */
export const securityGroupId = /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** HTTPS, and nothing that would be a secret or get lost: no credentials, query or fragment. */
export const packageIndexUrl =
  /^(?=.{1,1000}$)https:\/\/([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}(:\d{1,5})?(\/[A-Za-z0-9._~%/+-]*)?$/;

/** CodeBuild's own image by name, https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html */
export const managedImage = /^aws\/codebuild\/[a-z0-9._-]+:[A-Za-z0-9._-]+$/;

/** A private ECR image with tag or digest. */
export const privateImage =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\/(?<repository>[a-z0-9][a-z0-9._/-]{1,255})(:[A-Za-z0-9._-]{1,128}|@sha256:[0-9a-f]{64})$/;

/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html */
export const environmentName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Relative, inside the repository: an inline buildspec or one in a bucket is not what is reviewed with the code. */
export const buildspecPath = /^(?!\/)(?!.*\.\.)[A-Za-z0-9._/-]{1,200}\.ya?ml$/;

/** CodeBuild's compute for containers that build; the lambda, GPU and fleet kinds need other settings too. */
export const computeTypes = [
  "BUILD_GENERAL1_SMALL",
  "BUILD_GENERAL1_MEDIUM",
  "BUILD_GENERAL1_LARGE",
  "BUILD_GENERAL1_XLARGE",
  "BUILD_GENERAL1_2XLARGE",
] as const;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

/** https://docs.aws.amazon.com/codecommit/latest/userguide/limits.html, and what `git check-ref-format` adds. */
export function isBranchName(branch: string): boolean {
  return (
    /^[\x21-\x7e]{1,256}$/.test(branch) &&
    !/[?^*[\]\\~:]|\.\.|\/\/|@\{/.test(branch) &&
    !/^[/.-]|[/.]$|\.lock$|^@$/.test(branch) &&
    !/^refs\/|^[0-9a-f]{40}$/i.test(branch)
  );
}

/** Whether this is a range of private addresses (RFC 1918) of `/16` to `/22`, written by its first address. */
export function isPrivateRange(cidrBlock: string): boolean {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(1[6-9]|2[0-2])$/.exec(cidrBlock);
  if (found === null) return false;
  const [a = 0, b = 0, c = 0, d = 0, mask = 0] = found.slice(1).map(Number);
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  return isPrivate && b <= 255 && d === 0 && c <= 255 && c % 2 ** (24 - mask) === 0;
}

/** Whether a name looks like that of a secret, which has no place in a plain-text variable. */
export function looksSecret(environmentName: string): boolean {
  return /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$|PASSWORD|SECRET|TOKEN|CREDENTIAL/i.test(
    environmentName,
  );
}
