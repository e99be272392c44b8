import { strict as assert } from "node:assert";

import { importFile } from "../scripts/importFile";

const urn = (type: string, name: string): string => `urn:pulumi:prod::house::${type}::${name}`;
const component = urn("house:index:Pipeline", "model");
const provider = urn("pulumi:providers:aws", "default_7_48_0");

const deployment = {
  resources: [
    { urn: urn("pulumi:pulumi:Stack", "house-prod"), type: "pulumi:pulumi:Stack" },
    {
      urn: component,
      type: "house:index:Pipeline",
      parent: urn("pulumi:pulumi:Stack", "house-prod"),
    },
    {
      urn: provider,
      type: "pulumi:providers:aws",
      custom: true,
      id: "1",
      inputs: { version: "7.48.0" },
    },
    {
      urn: urn("house:index:Pipeline$aws:s3/bucket:Bucket", "model-artifacts"),
      type: "aws:s3/bucket:Bucket",
      custom: true,
      id: "bucket-name",
      parent: component,
      provider: `${provider}::1`,
      retainOnDelete: true,
    },
    {
      urn: urn("house:index:Pipeline$aws:iam/role:Role", "model-role"),
      type: "aws:iam/role:Role",
      custom: true,
      id: "role-name",
      parent: component,
      provider: `${provider}::1`,
    },
  ],
};

describe("the file for `pulumi import`", () => {
  it("names what a destroy keeps, under its component and for the program's own provider", () => {
    assert.deepEqual(importFile({ version: 3, deployment }), {
      resources: [
        { type: "house:index:Pipeline", name: "model", component: true },
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

  it("is empty for a stack that keeps nothing", () => {
    assert.deepEqual(importFile({ deployment: {} }), { resources: [] });
  });
});
