import { strict as assert } from "node:assert";

import { clientOptions } from "../../local/cloud/provider/clients";
import { endpointClients } from "../../scripts/endpoints/clients";
import { deletionsOf, runDeletions } from "../../scripts/endpoints/deletion";
import { stubCloud } from "../support/stubCloud";

const name = "mlops-churn--dev--staging";

/** Deletes an endpoint that has these states, one for each DescribeEndpoint; then it is missing. */
async function deleted(statuses: string[]) {
  let pauses = 0;
  const cloud = await stubCloud(({ operation }) => {
    switch (operation.split(".").at(-1)) {
      case "DescribeEndpoint": {
        const EndpointStatus = statuses.shift();
        return EndpointStatus === undefined
          ? [400, { __type: "ValidationException", message: `Could not find endpoint "${name}".` }]
          : [200, { EndpointStatus }];
      }
      case "DescribeLogGroups":
        return [200, { logGroups: [{ logGroupName: `/aws/sagemaker/Endpoints/${name}` }] }];
      case "GET":
        return [404, { __type: "ResourceNotFoundException", message: "no group" }];
      default:
        return [200, { EndpointConfigs: [], Models: [], ScalableTargets: [] }];
    }
  });
  const reported: string[] = [];
  try {
    const clients = await endpointClients(clientOptions(cloud.endpoint, "us-east-1"));
    const pause = () => Promise.resolve((pauses += 1));
    const deletions = await deletionsOf(name, clients, { pause });
    await runDeletions(deletions, {
      deleted: (resource) => reported.push(`deleted ${resource}`),
      deleting: (resource) => reported.push(`deleting ${resource}`),
    });
  } finally {
    cloud.close();
  }
  const calls = cloud.calls.filter(({ operation }) => operation.endsWith(".DeleteEndpoint"));
  return { calls: calls.length, pauses, reported };
}

describe("deletionsOf", () => {
  it("waits until the endpoint is deleted, and keeps the log group", async () => {
    assert.deepEqual(await deleted(["InService", "InService", "Deleting", "Deleting"]), {
      calls: 1,
      pauses: 2,
      reported: [`deleting endpoint ${name}`, `deleted endpoint ${name}`],
    });
  });

  it("continues a deletion that was interrupted, and does nothing after it", async () => {
    const { calls, reported } = await deleted(["Deleting", "Deleting", "Deleting"]);
    assert.deepEqual([calls, reported.length], [0, 2]);
    assert.deepEqual(await deleted([]), { calls: 0, pauses: 0, reported: [] });
  });

  it("rejects an endpoint that is changing", async () => {
    for (const status of ["Creating", "RollingBack", "SystemUpdating", "Updating"])
      await assert.rejects(
        deleted([status]),
        new RegExp(`^Error: the endpoint ${name} is ${status}: .* Next: wait until npm run`),
      );
  });

  it("gives up when the endpoint is not deleted in 15 minutes", async () => {
    const message = /is still Deleting after 15 minutes\. Next: repeat the command later/;
    await assert.rejects(deleted(Array<string>(500).fill("Deleting")), message);
  });
});
