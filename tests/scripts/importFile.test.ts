import { strict as assert } from "node:assert";

import { importFile } from "../../scripts/importFile";

const urn = (type: string, name: string): string => `urn:pulumi:prod::churn::${type}::${name}`;
const component = urn("churn:index:Pipeline", "model");
const provider = urn("pulumi:providers:aws", "default_7_48_0");

const deployment = {
  resources: [
    { urn: urn("pulumi:pulumi:Stack", "churn-prod"), type: "pulumi:pulumi:Stack" },
    {
      urn: component,
      type: "churn:index:Pipeline",
      parent: urn("pulumi:pulumi:Stack", "churn-prod"),
    },
    {
      urn: provider,
      type: "pulumi:providers:aws",
      custom: true,
      id: "1",
      inputs: { version: "7.48.0" },
    },
    {
      urn: urn("churn:index:Pipeline$aws:s3/bucket:Bucket", "model-artifacts"),
      type: "aws:s3/bucket:Bucket",
      custom: true,
      id: "bucket-name",
      parent: component,
      provider: `${provider}::1`,
      retainOnDelete: true,
    },
    {
      urn: urn("churn:index:Pipeline$aws:iam/role:Role", "model-role"),
      type: "aws:iam/role:Role",
      custom: true,
      id: "role-name",
      parent: component,
      provider: `${provider}::1`,
    },
  ],
};

describe("the file for `pulumi import`", () => {
  it("has every resource that a destroy retains, with its component and provider version", () => {
    assert.deepEqual(importFile({ version: 3, deployment }), {
      resources: [
        { type: "churn:index:Pipeline", name: "model", component: true },
        {
          type: "aws:s3/bucket:Bucket",
          name: "model-artifacts",
          id: "bucket-name",
          parent: "model",
          version: "7.48.0",
        },
      ],
    });
  });

  it("is empty for a stack that retains nothing", () => {
    assert.deepEqual(importFile({ deployment: {} }), { resources: [] });
  });
});
