import { strict as assert } from "node:assert";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { serviceRole } from "../../components/parts/serviceRole";

describe("serviceRole", () => {
  it("returns an ARN that a preview knows, before the policy has an ID", async () => {
    const roleArn = "arn:aws:iam::123456789012:role/service";
    const targets: unknown[] = [];
    const isPreview = true;
    await pulumi.runtime.setMocks(
      {
        call: () => ({}),
        newResource: ({ inputs, type }) => {
          if (type.endsWith(":EventTarget")) targets.push(inputs);
          const id = type.endsWith(":RolePolicy") ? undefined : "id";
          return { id, state: { ...(inputs as object), arn: roleArn } };
        },
      },
      "project",
      "dev",
      isPreview,
    );
    const document = { Version: "2012-10-17" as const, Statement: [] };
    const role = { description: "Role", policy: document, roleName: "service", trust: document };
    new aws.cloudwatch.EventTarget("target", {
      arn: "arn:aws:sns:us-east-1:123456789012:topic",
      roleArn: serviceRole("role", { ...role, tags: {} }, {}),
      rule: "rule",
    });
    await pulumi.runtime.disconnect();

    assert.deepEqual(targets, [
      { arn: "arn:aws:sns:us-east-1:123456789012:topic", roleArn, rule: "rule" },
    ]);
  });
});
