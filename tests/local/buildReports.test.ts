import { strict as assert } from "node:assert";

import { reportWarnings } from "../../local/services/codebuild/reports";
import type { AwsContext, RequiredAction } from "../../local/iam/contract";

const credentials = { accessKeyId: "", secretAccessKey: "", sessionToken: "" };
const group = "arn:aws:codebuild:us-east-1:123456789012:report-group/churn-build-unit";

/** Warnings for a role that may do only these actions, and the actions that were authorized. */
async function warningsFor(allowed: readonly string[], reports: Record<string, string>) {
  const required: RequiredAction[] = [];
  const proxy = {
    require: (_: unknown, one: RequiredAction) => {
      required.push(one);
      return allowed.includes(one.action) ? Promise.resolve() : Promise.reject(new Error("denied"));
    },
  };
  const context = { accountId: "123456789012", partition: "aws", proxy, region: "us-east-1" };
  const wanted: Record<string, { "file-format": string; files: string[] }> = {};
  for (const [name, format] of Object.entries(reports))
    wanted[name] = { "file-format": format, files: ["*.xml"] };
  const lines = await reportWarnings(
    { name: "buildspec.yml", reports: wanted },
    "churn-build",
    credentials,
    context as unknown as AwsContext,
  );
  return { lines, required };
}

describe("reports of a buildspec", () => {
  const actions = ["CreateReportGroup", "CreateReport", "UpdateReport", "BatchPutTestCases"].map(
    (action) => `codebuild:${action}`,
  );

  it("are a note with the actions that the build role lacks", async () => {
    const { lines, required } = await warningsFor(actions.slice(0, 2), { unit: "JUNITXML" });
    assert.deepEqual(lines, [
      "buildspec.yml: reports.unit: not published in the local cloud; " +
        "the build role lacks codebuild:UpdateReport, codebuild:BatchPutTestCases",
    ]);
    assert.deepEqual(
      required,
      actions.map((action) => ({ action, resource: group })),
    );
  });

  it("lack nothing if the role may publish them", async () => {
    const { lines } = await warningsFor(actions, { unit: "JUNITXML" });
    assert.deepEqual(lines, ["buildspec.yml: reports.unit: not published in the local cloud"]);
  });

  it("of code coverage and of an existing report group need other actions", async () => {
    const { required } = await warningsFor([], { [group]: "COBERTURAXML" });
    assert.deepEqual(
      required.map(({ action, resource }) => [action, resource]),
      ["CreateReport", "UpdateReport", "BatchPutCodeCoverages"].map((action) => [
        `codebuild:${action}`,
        group,
      ]),
    );
  });

  it("are none without the section", async () => {
    assert.deepEqual(await warningsFor([], {}), { lines: [], required: [] });
  });
});
