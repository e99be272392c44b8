import type { AwsContext, Credentials } from "../../iam/contract";
import type { Buildspec } from "./buildspec";

const ofTests = ["CreateReportGroup", "CreateReport", "UpdateReport", "BatchPutTestCases"];
const ofCoverage = ["CreateReportGroup", "CreateReport", "UpdateReport", "BatchPutCodeCoverages"];
const coverageFormats = ["CLOVERXML", "COBERTURAXML", "JACOCOXML", "SIMPLECOV"];

/**
 * Test reports of a build, which the local cloud does not publish: a line for each report group, with the actions that
 * the build role lacks to publish it on AWS.
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/test-permissions.html
 */
export async function reportWarnings(
  { name: file, reports }: Pick<Buildspec, "name" | "reports">,
  projectName: string,
  credentials: Credentials,
  context: AwsContext,
): Promise<string[]> {
  const { accountId, partition, proxy, region } = context;
  const lines: string[] = [];
  for (const [name, { "file-format": format = "JUNITXML" }] of Object.entries(reports)) {
    const isExisting = name.startsWith("arn:");
    const resource = isExisting
      ? name
      : `arn:${partition}:codebuild:${region}:${accountId}:report-group/${projectName}-${name}`;
    const actions = coverageFormats.includes(format) ? ofCoverage : ofTests;
    const missing: string[] = [];
    for (const action of actions.slice(isExisting ? 1 : 0).map((one) => `codebuild:${one}`)) {
      const isAllowed = await proxy.require(credentials, { action, resource }).then(
        () => true,
        () => false,
      );
      if (!isAllowed) missing.push(action);
    }
    const denied = missing.length === 0 ? "" : `; the build role lacks ${missing.join(", ")}`;
    lines.push(`${file}: reports.${name}: not published in the local cloud${denied}`);
  }
  return lines;
}
