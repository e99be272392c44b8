import { type BuildIdentity, buildNamesFor } from "./deployNames";

interface PullRequestIdentity extends BuildIdentity {
  artifactBucketArn: string;
}

/** Names and ARNs of the comparison of pull requests. */
export function pullRequestNamesFor(identity: PullRequestIdentity) {
  const { arn, artifactBucketArn, role, stem } = identity;
  const folder = `${stem}--pull-requests`;
  const rule = `${stem}--pull-request`;
  const comparedRule = `${stem}--compared`;
  const { arn: ruleRoleArn, name: ruleRole } = role("pull-request");
  return {
    /** Build that comments, with the code of the main branch. */
    comment: buildNamesFor("comment", identity),
    /** Build that runs the code of a pull request. */
    compare: buildNamesFor("compare", identity),
    /** EventBridge rule: the end of a comparison starts the comment. */
    comparedRule,
    comparedRuleArn: arn("events", `rule/${comparedRule}`),
    /** Findings of each comparison, in a folder with the ID of its build. */
    findingsArn: `${artifactBucketArn}/${folder}/*`,
    folder,
    /** EventBridge rule: a pull request starts the comparison. */
    rule,
    ruleArn: arn("events", `rule/${rule}`),
    ruleRole,
    ruleRoleArn,
  };
}
