import { strict as assert } from "node:assert";

import { modelCardProblems } from "../../local/scenarios/modelCard";

const metadata = { Accuracy: "0.97", ChampionVersion: "3", F1: "0.96", RocAuc: "1.0" };

const written = (than: { file?: string; rocAuc?: number; version?: string } = {}): string =>
  JSON.stringify({
    evaluation_details: [
      {
        name: "Test set",
        metadata: {},
        metric_groups: [
          {
            name: "Metrics",
            metric_data: [
              { name: "Accuracy", value: 0.97 },
              { name: "RocAuc", value: than.rocAuc ?? 1 },
              { name: "F1", value: 0.96 },
            ],
          },
        ],
      },
      { name: "Champion", metadata: { Version: than.version ?? "3" } },
    ],
    additional_information: {
      custom_details: { "Data file a.csv": than.file ?? `3 bytes, SHA-256 ${"0a".repeat(32)}` },
    },
  });

describe("check of the model card of a registered version", () => {
  it("accepts the figures and the champion of the metadata", () => {
    assert.deepEqual(modelCardProblems(written(), metadata), []);
  });

  it("names each figure that differs, and the champion", () => {
    assert.deepEqual(modelCardProblems(written({ rocAuc: 0.9, version: "2" }), metadata), [
      "RocAuc 0.9, in the metadata 1.0",
      "ChampionVersion 2, in the metadata 3",
    ]);
  });

  it("rejects data without a hash, a missing card and text that is no JSON", () => {
    assert.deepEqual(modelCardProblems(written({ file: "3 bytes" }), metadata), [
      "no SHA-256 of the data",
    ]);
    assert.deepEqual(modelCardProblems(undefined, metadata), ["no model card"]);
    assert.throws(() => modelCardProblems("no JSON", metadata), SyntaxError);
  });
});
