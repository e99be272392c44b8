import type { Names } from "../components/names/names";
import {
  allowStatement,
  denyStatement as denyEveryone,
  type Document,
  policyDocument,
  type Statement,
} from "../components/policies/statements";
import {
  type Access,
  dataAccess,
  deliveryAccess,
  allRoleArns,
  keyReads,
  keyTags,
  keyWrites,
  roleArnsByService,
  ruleAccess,
} from "./access";
import { readStateStatements, type State, writeStateStatement } from "./statePolicies";

/** IAM actions that change the permissions of a role; allowed only with the boundary. */
const boundedActions = [
  "CreateRole",
  "DeleteRolePolicy",
  "PutRolePermissionsBoundary",
  "PutRolePolicy",
].map((call) => `iam:${call}`);

/**
 * IAM policies of a role. One policy would exceed the size limits of IAM.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export interface Permissions {
  /** Buckets, keys, queue, topic, alarms, dashboard and log groups. */
  readonly data: Document;
  /** Builds, pipelines and roles. */
  readonly delivery: Document;
  /** Pulumi state and secrets of the stacks. */
  readonly state: Document;
}

/** IAM policies of the preview role: read the resources and the state of the stacks. No writes. */
export function previewRolePolicies(
  all: Names[],
  projectName: string,
  stacks: string[],
  state: State,
): Permissions {
  const reading = (accessOf: (names: Names) => Access[]): Statement[] => {
    const each = all.map(accessOf);
    const [first = []] = each;
    return first.map(({ reads, sid }, index) => {
      const resources = each.flatMap((one) => one[index]?.resources ?? []);
      return allowStatement(sid, resources, [...reads]);
    });
  };
  return {
    data: policyDocument(reading(dataAccess)),
    delivery: policyDocument([
      ...reading(deliveryAccess),
      ...reading(ruleAccess),
      ...keyStatements(all, projectName, stacks, keyReads),
    ]),
    state: policyDocument(readStateStatements(all, stacks, state, ["kms:Decrypt"])),
  };
}

/** IAM policies of a deployment role: API calls of the provider, and state, of one stack. */
export function deployRolePolicies(
  names: Names,
  { projectName, stack }: { projectName: string; stack: string },
  state: State,
  boundaryArn: string,
): Permissions {
  const keys = anyKeyArn(names);
  const { codebuild, codepipeline, events } = roleArnsByService(names);
  const writing = (all: Access[]) =>
    all.map(({ reads, resources, sid, writes }) =>
      allowStatement(sid, [...resources], [...reads, ...writes]),
    );
  return {
    data: policyDocument([...writing(dataAccess(names)), ...writing(ruleAccess(names))]),
    delivery: policyDocument([
      ...writing(deliveryAccess(names)),
      // Every role of the project needs the boundary: without it, no change of its permissions.
      allowStatement("BoundedRoles", allRoleArns(names), boundedActions, {
        StringEquals: { "iam:PermissionsBoundary": boundaryArn },
      }),
      passRoleStatement("PassPipelineRoles", codepipeline, "codepipeline"),
      passRoleStatement("PassBuildRoles", codebuild, "codebuild"),
      passRoleStatement("PassRuleRoles", events, "events"),
      ...keyStatements([names], projectName, [stack], [...keyReads, ...keyWrites]),
      allowStatement(
        "KeyAlias",
        keys.replace("key/*", names.keyAlias),
        ["CreateAlias", "DeleteAlias", "UpdateAlias"].map((call) => `kms:${call}`),
      ),
      ...newKeyStatements(names, projectName, stack),
    ]),
    state: policyDocument([
      ...readStateStatements([names], [stack], state, ["kms:Decrypt", "kms:GenerateDataKey"]),
      writeStateStatement(names, stack, state),
    ]),
  };
}

/**
 * Permissions boundary of a deployment role: no users, no groups, no access keys, and no role
 * without a boundary.
 * The policy of the role restricts the resources.
 */
export function deploymentBoundaryPolicy(names: Names, boundaryArn: string): Document {
  const services = ["cloudwatch", "codebuild", "codecommit", "codepipeline", "events"].concat([
    "kms",
    "logs",
    "s3",
    "sagemaker",
    "scheduler",
    "sns",
    "sqs",
  ]);
  const { codebuild, codepipeline, events } = roleArnsByService(names);
  return policyDocument([
    allowStatement(
      "Services",
      "*",
      services.map((service) => `${service}:*`),
    ),
    // These prefixes do not match iam:PassRole.
    allowStatement(
      "Roles",
      "*",
      ["Create", "Delete", "Get", "List", "Put", "Tag", "Untag", "Update"].map(
        (verb) => `iam:${verb}*`,
      ),
    ),
    allowStatement("PassRoles", [...codebuild, ...codepipeline, ...events], ["iam:PassRole"], {
      StringEquals: {
        "iam:PassedToService": ["codebuild", "codepipeline", "events"].map(
          (service) => `${service}.amazonaws.com`,
        ),
      },
    }),
    denyStatement(
      "DenyUnboundedRoles",
      "*",
      ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      { StringNotEquals: { "iam:PermissionsBoundary": boundaryArn } },
    ),
    // No change of boundaries or other policies, no new users or access keys.
    denyStatement("DenyPrivilegeEscalation", "*", [
      ...["iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary"],
      ...["iam:CreatePolicy*", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion"],
      ...["iam:*AccessKey*", "iam:*Group*", "iam:*User*"],
    ]),
  ]);
}

/**
 * Permissions boundary of every role that a deployment creates: actions of builds, jobs, models and
 * rules on resources of the stack, and on the resources that training jobs of all projects share.
 * It allows no role creation.
 */
export function boundaryPolicy(
  names: Names,
  { projectName, stack }: { projectName: string; stack: string },
  { dataBuckets }: { dataBuckets: string[] },
): Document {
  const { deploy, partition } = names;
  const roles = roleArnsByService(names);
  const services = ["cloudwatch", "codebuild", "codecommit", "codepipeline"].concat([
    "logs",
    "s3",
    "sagemaker",
    "scheduler",
    "sns",
    "sqs",
  ]);
  const buckets = dataBuckets.flatMap((bucket) => {
    const arn = `arn:${partition}:s3:::${bucket}`;
    return [arn, `${arn}/*`];
  });
  const builds = [names, deploy.queue, deploy.staging, deploy.test, deploy.prod];
  // Short ARNs, because of the size limit of a policy: without region and account.
  const shortArn = (arn: string) => arn.replace(/^(arn:[^:]*:[^:]*):[^:]+:\d+:/, "$1:*:*:");
  const anyArn = (service: string, rest: string) => `arn:${partition}:${service}:*:*:${rest}`;
  return policyDocument([
    allowStatement(
      "ProjectNames",
      [
        ...[names.artifactBucketArn, `${names.artifactBucketArn}/*`],
        ...[
          names.buildProjectArn,
          ...[deploy.queue, deploy.staging, deploy.test, deploy.prod].map((it) => it.projectArn),
          ...[
            names.defaultRepositoryArn,
            deploy.defaultRepositoryArn,
            names.pipelineArn,
            deploy.pipelineArn,
          ],
          ...[names.modelPackageArns, names.modelPackageGroupArn, names.topicArn],
          ...[names.queueArn, deploy.stagingExpiry.scheduleArn],
          ...[names.sagemakerPipelineArn, names.trial.pipelineArn].flatMap((it) => [it, `${it}/*`]),
          ...builds.map(({ logGroupArn }) => `${logGroupArn}*`),
          ...[deploy.staging, deploy.prod].flatMap(
            ({ endpointArn, endpointConfigArns, ...stage }) =>
              [endpointArn, endpointConfigArns, stage.modelArns].concat(
                stage.verdictAlarmArn,
                stage.scalingAlarmArns,
              ),
          ),
        ].map(shortArn),
        ...["model", "processing-job", "training-job", "transform-job"].map((kind) =>
          anyArn("sagemaker", `${kind}/pipelines-*`),
        ),
        anyArn("logs", "log-group:/aws/sagemaker/*"),
      ],
      services.map((service) => `${service}:*`),
    ),
    passRoleStatement("PassRoles", roles.sagemaker, "sagemaker"),
    passRoleStatement("PassExpiryRole", roles.scheduler, "scheduler"),
    allowStatement("ProjectKey", anyKeyArn(names), keyActions, {
      StringEquals: keyTags(projectName, [stack]),
    }),
    // Custom images of the account: builds look for one by its name.
    allowStatement("Images", `arn:${partition}:sagemaker:*:*:image-version/*/*`, [
      "sagemaker:DescribeImageVersion",
    ]),
    allowStatement("ActionsWithoutResource", "*", [
      ...["application-autoscaling:*", "cloudwatch:GetMetricData", "cloudwatch:PutMetricData"],
      ...["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"],
      ...["ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer"],
      ...["sagemaker:ListEndpointConfigs", "sagemaker:ListModels"],
    ]),
    // Service-linked role of Application Auto Scaling for endpoints.
    allowStatement(
      "ScalingRole",
      `arn:${partition}:iam::*:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/*`,
      ["iam:CreateServiceLinkedRole"],
    ),
    ...(buckets.length === 0 ? [] : [allowStatement("Data", buckets, ["s3:Get*", "s3:List*"])]),
  ]);
}

const keyActions = ["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"].map(
  (call) => `kms:${call}`,
);

function keyStatements(
  [names]: Names[],
  projectName: string,
  stacks: string[],
  calls: string[],
): Statement[] {
  if (names === undefined) return [];
  return [
    allowStatement("Key", anyKeyArn(names), calls, { StringEquals: keyTags(projectName, stacks) }),
    // These actions have no resource-level permissions.
    allowStatement("Lists", "*", ["kms:ListAliases", "logs:DescribeLogGroups"]),
  ];
}

/** Statements for a new KMS key with the tags of the project. Keys of other projects keep theirs. */
function newKeyStatements(names: Names, projectName: string, stack: string): Statement[] {
  return [
    allowStatement("NewKey", "*", ["kms:CreateKey"], {
      StringEquals: requestTags(projectName, stack),
    }),
    allowStatement("KeyTags", anyKeyArn(names), ["kms:TagResource"], {
      StringEquals: requestTags(projectName, stack),
      StringEqualsIfExists: keyTags(projectName, [stack]),
    }),
  ];
}

function passRoleStatement(Sid: string, roles: string[], service: string): Statement {
  return allowStatement(Sid, roles, ["iam:PassRole"], {
    StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` },
  });
}

function denyStatement(
  Sid: string,
  resource: string,
  actions: string[],
  condition?: Statement["Condition"],
): Statement {
  const { Principal: _, Condition, ...rest } = denyEveryone(Sid, resource, actions, condition);
  return { ...rest, ...(Condition === undefined ? {} : { Condition }) };
}

function requestTags(projectName: string, stack: string) {
  return {
    "aws:RequestTag/sagemaker:project-id": stack,
    "aws:RequestTag/sagemaker:project-name": projectName,
  };
}

function anyKeyArn({ accountId, partition, region }: Names): string {
  return `arn:${partition}:kms:${region}:${accountId}:key/*`;
}
