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
import { accessTo, keyReads, keyTags, keyWrites, rolesOf } from "./access";

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

/** The services that the project's roles are for. */
const passedTo = ["codebuild", "codepipeline", "events", "sagemaker"];

/** What a preview may do: look at what the stacks made, and read their state. It takes no lock, and changes nothing. */
export function previewStacks(
  all: Names[],
  projectName: string,
  stacks: string[],
  state: State,
): Document {
  const each = all.map(accessTo);
  const [first = []] = each;
  return document([
    ...first.map(({ reads, sid }, index) => {
      const everywhere = each.flatMap((one) => one[index]?.resources ?? []);
      return allow(sid, everywhere, [...reads]);
    }),
    ...keysOf(all, projectName, stacks, keyReads),
    ...stateOf(all, state, ["kms:Decrypt"]),
  ]);
}

/** What a deployment may do: what the provider calls for the one stack's own names, and write that stack's state. */
export function deployStack(
  names: Names,
  words: { projectName: string; stack: string },
  state: State,
  boundaryArn: string,
): Document {
  const { projectName, stack } = words;
  const keys = anyKey(names);
  return document([
    ...accessTo(names).map(({ reads, resources, sid, writes }) =>
      allow(sid, [...resources], [...reads, ...writes]),
    ),
    // A role of the project is never without its boundary, and only what is bounded gets permissions.
    allow("BoundedRoles", rolesOf(names), boundedCalls, {
      StringEquals: { "iam:PermissionsBoundary": boundaryArn },
    }),
    pass("PassPipelineRole", [names.pipelineRoleArn], "codepipeline"),
    pass("PassBuildRole", [names.buildRoleArn], "codebuild"),
    pass("PassRuleRoles", [names.triggerRoleArn, names.messageRoleArn], "events"),
    ...keysOf([names], projectName, [stack], [...keyReads, ...keyWrites]),
    allow(
      "KeyAlias",
      keys.replace("key/*", names.keyAlias),
      ["CreateAlias", "DeleteAlias", "UpdateAlias"].map((call) => `kms:${call}`),
    ),
    ...newKeys(names, projectName, stack),
    ...stateOf([names], state, ["kms:Decrypt", "kms:GenerateDataKey"]),
    writeState(stack, state),
  ]);
}

/**
 * What neither a deployment nor any role that it makes can ever go beyond, whatever other policies say: the stack's own names,
 * and what every project's training shares.
 */
export function boundary(
  names: Names,
  words: { projectName: string; stack: string },
  data: { dataBuckets: string[]; state: State },
  arns: { boundaryArn: string },
): Document {
  const { accountId, partition, region } = names;
  const { projectName, stack } = words;
  const access = accessTo(names);
  const own = access.filter(({ sid }) => sid !== "Roles").flatMap(({ resources }) => resources);
  const inside = (service: string, rest: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  const services = [...new Set(own.map((arn) => arn.split(":")[2] ?? ""))];
  const buckets = data.dataBuckets.flatMap((bucket) => {
    const arn = `arn:${partition}:s3:::${bucket}`;
    return [arn, `${arn}/*`];
  });
  return document([
    allow(
      "ProjectNames",
      [
        ...own,
        `${names.artifactBucketArn}/*`,
        `${names.logGroupArn}:*`,
        names.modelPackageArns,
        names.sagemakerPipelineArn,
        `${names.sagemakerPipelineArn}/*`,
        ...["model", "processing-job", "training-job", "transform-job"].map((kind) =>
          inside("sagemaker", `${kind}/pipelines-*`),
        ),
        inside("logs", "log-group:/aws/sagemaker/*"),
        inside("kms", names.keyAlias),
      ],
      services.concat("kms").map((service) => `${service}:*`),
    ),
    // What begins so is no PassRole.
    allow(
      "ProjectRoles",
      rolesOf(names),
      ["Create", "Delete", "Get", "List", "Put", "Tag", "Untag", "Update"].map(
        (verb) => `iam:${verb}*`,
      ),
    ),
    allow("PassRoles", rolesOf(names), ["iam:PassRole"], {
      StringEquals: {
        "iam:PassedToService": passedTo.map((service) => `${service}.amazonaws.com`),
      },
    }),
    allow("ProjectKey", anyKey(names), ["kms:*"], { StringEquals: keyTags(projectName, [stack]) }),
    allow("NewKey", "*", ["kms:CreateKey", "kms:TagResource"], {
      StringEquals: asRequested(projectName, stack),
      StringEqualsIfExists: keyTags(projectName, [stack]),
    }),
    allow("NoNames", "*", [
      ...["cloudwatch:PutMetricData", "kms:ListAliases", "logs:DescribeLogGroups"],
      ...["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"],
      ...["ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer"],
    ]),
    ...(buckets.length === 0 ? [] : [allow("Data", buckets, ["s3:Get*", "s3:List*"])]),
    allow(
      "State",
      [data.state.bucketArn, `${data.state.bucketArn}/.pulumi/*`],
      ["s3:*Object", "s3:ListBucket"],
    ),
    allow(
      "StateKeys",
      [data.state.keyArn, data.state.secretsKeyArn],
      ["kms:Decrypt", "kms:GenerateDataKey"],
    ),
    deny(
      "UnboundedRoles",
      "*",
      ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
      {
        StringNotEquals: { "iam:PermissionsBoundary": arns.boundaryArn },
      },
    ),
    // Nor edit the boundary or any other policy, nor let anyone in.
    deny("WaysOut", "*", [
      ...["iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary"],
      ...["iam:CreatePolicy*", "iam:DeletePolicy*", "iam:SetDefaultPolicyVersion"],
      ...["iam:*AccessKey*", "iam:*Group*", "iam:*User*"],
    ]),
  ]);
}

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
