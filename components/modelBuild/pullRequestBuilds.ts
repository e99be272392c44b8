import * as pulumi from "@pulumi/pulumi";

import { imageRepositoryArn, type Names } from "../names/names";
import { eventRule } from "../parts/eventRule";
import type { SecureBucket } from "../parts/secureBucket";
import { serviceRole } from "../parts/serviceRole";
import {
  commentRolePolicy,
  compareRolePolicy,
  type PullRequestAccess,
  pullRequestRuleRolePolicy,
} from "../policies/pullRequestRoles";
import type { Document } from "../policies/statements";
import { buildTrustPolicy, ruleTrustPolicy } from "../policies/trust";
import { codeBuildProject } from "../shared/codeBuildProject";
import type { Settings } from "../validation/resolveSettings";
import { buildInput, comparedPattern, pullRequestPattern } from "./pullRequestEvents";
import { hasTrials } from "./trials";

export interface PullRequestBuildsArgs {
  bucket: SecureBucket;
  description: string;
  dlqArn: pulumi.Input<string>;
  keyArn: pulumi.Output<string>;
  names: pulumi.Output<Names>;
  repository: {
    arn: pulumi.Output<string>;
    /** Name in the policies; without one, that of the stack. */
    accessName: string | undefined;
    branch: string;
    cloneUrl: pulumi.Output<string>;
    name: pulumi.Output<string>;
  };
  settings: Settings;
  tags: Record<string, string>;
}

export interface BuildOpts {
  namedOpts: pulumi.CustomResourceOptions;
  retainedOpts: pulumi.CustomResourceOptions;
}

/**
 * Two CodeBuild projects with their roles, and the EventBridge rules that start them. `compare` runs
 * the code of a pull request with no other rights than to read the repository and to write its
 * findings. `comment` runs the code of the branch, and reads the findings as data.
 */
export function pullRequestBuilds(
  name: string,
  args: PullRequestBuildsArgs,
  opts: BuildOpts,
): void {
  const { bucket, dlqArn, names, repository, settings, tags } = args;
  const { branch, cloneUrl } = repository;
  const pullRequests = names.pullRequests;
  const compare = build(name, args, opts, {
    // Of the pull request: its code runs anyway.
    buildspec: "compare-buildspec.yml",
    checkout: { branch, cloneUrl, output: { bucket: bucket.name, folder: pullRequests.folder } },
    environment: settings.build.environment,
    part: "compare",
    policy: compareRolePolicy,
  });
  const comment = build(name, args, opts, {
    buildspec: "comment-buildspec.yml",
    checkout: { branch, cloneUrl },
    environment: {
      REPOSITORY_NAME: repository.name,
      ...(hasTrials(settings)
        ? { TRIAL_RESULTS: pulumi.interpolate`${bucket.name}/${names.trial.results}` }
        : {}),
    },
    part: "comment",
    policy: commentRolePolicy,
  });
  const roleArn = serviceRole(
    `${name}-pull-request-role`,
    {
      description: args.description,
      permissionsBoundary: settings.permissionsBoundaryArn,
      policy: names.apply(pullRequestRuleRolePolicy),
      roleName: pullRequests.ruleRole,
      tags,
      trust: names.apply((it) =>
        ruleTrustPolicy(it, [it.pullRequests.ruleArn, it.pullRequests.comparedRuleArn]),
      ),
    },
    opts.namedOpts,
  );
  const start = { accountId: names.accountId, dlqArn, roleArn, tags };
  eventRule(
    `${name}-pull-request-rule`,
    {
      ...start,
      description: `Compares the model when a pull request to ${branch} is created or changes`,
      inputPaths: {
        base: "$.detail.destinationCommit",
        head: "$.detail.sourceCommit",
        id: "$.detail.pullRequestId",
      },
      inputTemplate: buildInput({ BASE_COMMIT: "<base>", PULL_REQUEST_ID: "<id>" }, "<head>"),
      pattern: pullRequestPattern(branch, repository.arn),
      ruleName: pullRequests.rule,
      targetArn: compare,
      targetId: "compare",
    },
    opts.namedOpts,
  );
  eventRule(
    `${name}-compared-rule`,
    {
      ...start,
      description: "Comments on a pull request when its comparison ends",
      inputPaths: { build: "$.detail.build-id", status: "$.detail.build-status" },
      inputTemplate: buildInput({ COMPARE_BUILD: "<build>", COMPARE_STATUS: "<status>" }),
      pattern: pullRequests.compare.project.apply(comparedPattern),
      ruleName: pullRequests.comparedRule,
      targetArn: comment,
      targetId: "comment",
    },
    opts.namedOpts,
  );
}

interface PullRequestBuild {
  buildspec: string;
  checkout: NonNullable<Parameters<typeof codeBuildProject>[1]["checkout"]>;
  environment: Record<string, pulumi.Input<string>>;
  part: "comment" | "compare";
  policy: (names: Names, access: PullRequestAccess) => Document;
}

/** Returns the ARN of the project. */
function build(
  name: string,
  { description, keyArn, names, repository, settings, tags }: PullRequestBuildsArgs,
  opts: BuildOpts,
  { part, policy, ...project }: PullRequestBuild,
): pulumi.Output<string> {
  const created = codeBuildProject(
    `${name}-${part}`,
    {
      ...project,
      description,
      keyArn,
      machine: { ...settings.build, timeoutMinutes: 60 },
      names: names.pullRequests[part],
      network: undefined,
      permissionsBoundary: settings.permissionsBoundaryArn,
      policy: names.apply((it) =>
        policy(it, {
          hasTrials: hasTrials(settings),
          imageRepositoryArn: imageRepositoryArn(it, settings.build.image),
          keyArn,
          repositoryName: repository.accessName,
        }),
      ),
      retentionDays: settings.logs.retentionDays,
      tags,
      trust: names.apply((it) => buildTrustPolicy(it, it.pullRequests[part].projectArn)),
    },
    opts,
  );
  return created.apply(() => names.pullRequests[part].projectArn);
}
