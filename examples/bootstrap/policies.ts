import type { Given } from "../../components/checks/rules";
import type { Names } from "../../components/names";
import {
  allow,
  denyAll,
  type Document,
  document,
  type Statement,
  viaS3,
} from "../../components/policies/grammar";
import {
  type Access,
  dataAccess,
  deliveryAccess,
  everyRoleOf,
  keyReads,
  keyTags,
  keyWrites,
  rolesOf,
  ruleAccess,
} from "./access";

/** The state of the stacks, and the keys without which it cannot be read. */
export interface State {
  readonly bucketArn: string;
  readonly keyArn: Given;
  readonly secretsKeyArn: Given;
}

/** The program whose stacks are deployed, as its `Pulumi.yaml` names it. */
const PROGRAM = "model-build-pipeline";

/** By which a role gets its permissions: only under the boundary. */
const boundedCalls = [
  "CreateRole",
  "DeleteRolePolicy",
  "PutRolePermissionsBoundary",
  "PutRolePolicy",
].map((call) => `iam:${call}`);

/** A role's permissions; IAM takes no policy that holds all of them. */
export interface Permissions {
  /** About what holds and tells. */
  readonly data: Document;
  /** About what runs, and the state of the stacks. */
  readonly delivery: Document;
}

/** What a preview may do: look at what the stacks made, and read their state. It takes no lock, and changes nothing. */
export function previewStacks(
  all: Names[],
  projectName: string,
  stacks: string[],
  state: State,
): Permissions {
  const reading = (accessOf: (names: Names) => Access[]): Statement[] => {
    const each = all.map(accessOf);
    const [first = []] = each;
    return first.map(({ reads, sid }, index) => {
      const everywhere = each.flatMap((one) => one[index]?.resources ?? []);
      return allow(sid, everywhere, [...reads]);
    });
  };
  return {
    data: document(reading(dataAccess)),
    delivery: document([
      ...reading(deliveryAccess),
      ...reading(ruleAccess),
      ...keysOf(all, projectName, stacks, keyReads),
      ...stateOf(all, state, ["kms:Decrypt"]),
    ]),
  };
}

/** What a deployment may do: what the provider calls for the one stack's own names, and write that stack's state. */
export function deployStack(
  names: Names,
  words: { projectName: string; stack: string },
  state: State,
  boundaryArn: string,
): Permissions {
  const { projectName, stack } = words;
  const keys = anyKey(names);
  const { codebuild, codepipeline, events } = rolesOf(names);
  const writing = (all: Access[]) =>
    all.map(({ reads, resources, sid, writes }) =>
      allow(sid, [...resources], [...reads, ...writes]),
    );
  return {
    data: document([...writing(dataAccess(names)), ...writing(ruleAccess(names))]),
    delivery: document([
      ...writing(deliveryAccess(names)),
      // A role of the project is never without its boundary, and only what is bounded gets permissions.
      allow("BoundedRoles", everyRoleOf(names), boundedCalls, {
        StringEquals: { "iam:PermissionsBoundary": boundaryArn },
      }),
      pass("PassPipelineRoles", codepipeline, "codepipeline"),
      pass("PassBuildRoles", codebuild, "codebuild"),
      pass("PassRuleRoles", events, "events"),
      ...keysOf([names], projectName, [stack], [...keyReads, ...keyWrites]),
      allow(
        "KeyAlias",
        keys.replace("key/*", names.keyAlias),
        ["CreateAlias", "DeleteAlias", "UpdateAlias"].map((call) => `kms:${call}`),
      ),
      ...newKeys(names, projectName, stack),
      ...stateOf([names], state, ["kms:Decrypt", "kms:GenerateDataKey"]),
      writeState(stack, state),
    ]),
  };
}

/**
 * What a deployment can never go beyond, whatever other policies say: it lets nobody in, and makes no role without a boundary.
 * Its own policy names what it is about.
 */
export function deploymentBoundary(names: Names, boundaryArn: string): Document {
  const services = ["cloudwatch", "codebuild", "codecommit", "codepipeline", "events"].concat([
    "kms",
    "logs",
    "s3",
    "sagemaker",
    "sns",
    "sqs",
  ]);
  const { codebuild, codepipeline, events } = rolesOf(names);
  return document([
    allow(
      "Services",
      "*",
      services.map((service) => `${service}:*`),
    ),
    // What begins so is no PassRole.
    allow(
      "Roles",
      "*",
      ["Create", "Delete", "Get", "List", "Put", "Tag", "Untag", "Update"].map(
        (verb) => `iam:${verb}*`,
      ),
    ),
    allow("PassRoles", [...codebuild, ...codepipeline, ...events], ["iam:PassRole"], {
      StringEquals: {
        "iam:PassedToService": ["codebuild", "codepipeline", "events"].map(
          (service) => `${service}.amazonaws.com`,
        ),
      },
    }),
    deny(
      "UnboundedRoles",
      "*",
      ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      { StringNotEquals: { "iam:PermissionsBoundary": boundaryArn } },
    ),
    // Nor edit a boundary or any other policy, nor let anyone in.
    deny("WaysOut", "*", [
      ...["iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary"],
      ...["iam:CreatePolicy*", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion"],
      ...["iam:*AccessKey*", "iam:*Group*", "iam:*User*"],
    ]),
  ]);
}

/**
 * What no role that a deployment makes can ever go beyond, whatever other policies say: what the stack's builds, jobs, models
 * and rules do with the stack's own names, and what every project's training shares. None of them makes a role.
 */
export function boundary(
  names: Names,
  words: { projectName: string; stack: string },
  data: { dataBuckets: string[] },
): Document {
  const { deploy, partition } = names;
  const { projectName, stack } = words;
  const services = ["cloudwatch", "codebuild", "codecommit", "codepipeline"].concat([
    "logs",
    "s3",
    "sagemaker",
    "sns",
  ]);
  const buckets = data.dataBuckets.flatMap((bucket) => {
    const arn = `arn:${partition}:s3:::${bucket}`;
    return [arn, `${arn}/*`];
  });
  const builds = [names, deploy.staging, deploy.test, deploy.prod];
  // A list of everything has room for little: region and account go without saying.
  const anywhere = (arn: string) => arn.replace(/^(arn:[^:]*:[^:]*):[^:]+:\d+:/, "$1:*:*:");
  const inside = (service: string, rest: string) => `arn:${partition}:${service}:*:*:${rest}`;
  return document([
    allow(
      "ProjectNames",
      [
        ...[names.artifactBucketArn, deploy.stateBucketArn].flatMap((it) => [it, `${it}/*`]),
        ...[
          ...[names.buildProjectArn, deploy.staging.projectArn],
          ...[deploy.test.projectArn, deploy.prod.projectArn],
          ...[names.repositoryArn, deploy.repositoryArn, names.pipelineArn, deploy.pipelineArn],
          ...[names.modelPackageArns, names.modelPackageGroupArn, names.topicArn],
          ...[names.sagemakerPipelineArn, `${names.sagemakerPipelineArn}/*`],
          ...builds.map(({ logGroupArn }) => `${logGroupArn}:*`),
          ...[deploy.staging, deploy.prod].flatMap(({ endpointArn, endpointConfigArns, ...it }) =>
            [endpointArn, endpointConfigArns, it.modelArns].concat(
              it.alarmArns,
              it.scalingAlarmArns,
            ),
          ),
        ].map(anywhere),
        ...["model", "processing-job", "training-job", "transform-job"].map((kind) =>
          inside("sagemaker", `${kind}/pipelines-*`),
        ),
        inside("logs", "log-group:/aws/sagemaker/*"),
      ],
      services.map((service) => `${service}:*`),
    ),
    pass("PassRoles", rolesOf(names).sagemaker, "sagemaker"),
    allow("ProjectKey", anyKey(names), keyUses, {
      StringEquals: keyTags(projectName, [stack]),
    }),
    allow("NoNames", "*", [
      ...["application-autoscaling:*", "cloudwatch:PutMetricData"],
      ...["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"],
      ...["ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer"],
    ]),
    // With which AWS scales endpoints.
    allow(
      "ScalingRole",
      `arn:${partition}:iam::*:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/*`,
      ["iam:CreateServiceLinkedRole"],
    ),
    ...(buckets.length === 0 ? [] : [allow("Data", buckets, ["s3:Get*", "s3:List*"])]),
  ]);
}

const keyUses = ["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"].map(
  (call) => `kms:${call}`,
);

function keysOf(
  [names]: Names[],
  projectName: string,
  stacks: string[],
  calls: string[],
): Statement[] {
  if (names === undefined) return [];
  return [
    allow("Key", anyKey(names), calls, { StringEquals: keyTags(projectName, stacks) }),
    // Neither call can be limited to what it is about.
    allow("Lists", "*", ["kms:ListAliases", "logs:DescribeLogGroups"]),
  ];
}

/** A new key is the project's from its first tag on; a key that is another project's never becomes its own. */
function newKeys(names: Names, projectName: string, stack: string): Statement[] {
  return [
    allow("NewKey", "*", ["kms:CreateKey"], { StringEquals: asRequested(projectName, stack) }),
    allow("KeyTags", anyKey(names), ["kms:TagResource"], {
      StringEquals: asRequested(projectName, stack),
      StringEqualsIfExists: keyTags(projectName, [stack]),
    }),
  ];
}

function stateOf(
  [names]: Names[],
  { bucketArn, keyArn, secretsKeyArn }: State,
  keyCalls: string[],
): Statement[] {
  if (names === undefined) return [];
  return [
    allow("StateList", bucketArn, ["s3:ListBucket"]),
    allow("StateRead", `${bucketArn}/.pulumi/*`, ["s3:GetObject"]),
    allow("StateKey", keyArn, keyCalls, viaS3(names)),
    allow("StackSecrets", secretsKeyArn, ["kms:Decrypt"]),
  ];
}

function writeState(stack: string, { bucketArn }: State): Statement {
  const below = (path: string) => `${bucketArn}/.pulumi/${path}`;
  return allow(
    "StateWrite",
    [
      below(`stacks/${PROGRAM}/${stack}.json*`),
      below(`history/${PROGRAM}/${stack}/*`),
      below(`backups/${PROGRAM}/${stack}/*`),
      below(`locks/organization/${PROGRAM}/${stack}/*`),
    ],
    ["s3:DeleteObject", "s3:PutObject"],
  );
}

function pass(Sid: string, roles: string[], service: string): Statement {
  return allow(Sid, roles, ["iam:PassRole"], {
    StringEquals: { "iam:PassedToService": `${service}.amazonaws.com` },
  });
}

function deny(
  Sid: string,
  resource: string,
  actions: string[],
  condition?: Statement["Condition"],
): Statement {
  const { Principal: _, Condition, ...rest } = denyAll(Sid, resource, actions, condition);
  return { ...rest, ...(Condition === undefined ? {} : { Condition }) };
}

function asRequested(projectName: string, stack: string) {
  return {
    "aws:RequestTag/sagemaker:project-id": stack,
    "aws:RequestTag/sagemaker:project-name": projectName,
  };
}

function anyKey({ accountId, partition, region }: Names): string {
  return `arn:${partition}:kms:${region}:${accountId}:key/*`;
}
