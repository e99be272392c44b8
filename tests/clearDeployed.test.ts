import { strict as assert } from "node:assert";

import { clientOptions } from "../local/provider/clients";
import { clearDeployed, endpointClients, endpointsOf } from "../scripts/clearDeployed";
import { type StubAnswer, stubCloud } from "./support/stubCloud";

const EMPTY = {
  DescribeAlarms: { MetricAlarms: [] },
  DescribeLogGroups: { logGroups: [] },
  DescribeScalableTargets: { ScalableTargets: [] },
  ListEndpointConfigs: { EndpointConfigs: [] },
  ListEndpoints: { Endpoints: [] },
  ListModels: { Models: [] },
};

/** Clears the endpoint of production in an account that answers its lists so, page by page. */
async function cleared(lists: Readonly<Record<string, readonly object[]>>) {
  const cloud = await stubCloud(({ body, operation }): StubAnswer => {
    const name = operation.split(".").at(-1) ?? "";
    const page = Number(body.NextToken ?? 0);
    const known = Object.entries(EMPTY).find(([one]) => one === name)?.[1];
    return [200, lists[name]?.[page] ?? known ?? {}];
  });
  try {
    const clients = await endpointClients(clientOptions(cloud.endpoint, "us-east-1"));
    const told: string[] = [];
    const count = await clearDeployed("churn-dev-prod", clients, (what) => told.push(what));
    assert.equal(count, told.length);
    const deleted = cloud.calls
      .map(({ operation }) => operation.split(".").at(-1) ?? "")
      .filter((name) => /^(Delete|Deregister)/.test(name));
    return { deleted, told };
  } finally {
    cloud.close();
  }
}

describe("clearing what deployments made", () => {
  it("deletes scaling, endpoint, configs, models, alarms and log, and tells of each", async () => {
    const target = { ResourceId: "endpoint/churn-dev-prod/variant/AllTraffic" };
    const config = (name: string) => ({ EndpointConfigName: name });
    const { deleted, told } = await cleared({
      DescribeScalableTargets: [{ ScalableTargets: [target] }],
      ListEndpoints: [{ Endpoints: [{ EndpointName: "churn-dev-prod" }] }],
      ListEndpointConfigs: [
        { EndpointConfigs: [config("churn-dev-prod-2-0123abcd")], NextToken: "1" },
        { EndpointConfigs: [config("churn-dev-prod-1-89abcdef")] },
      ],
      ListModels: [{ Models: [{ ModelName: "churn-dev-prod-2-0123abcd" }] }],
      DescribeAlarms: [{ MetricAlarms: [{ AlarmName: "churn-dev-prod-errors" }] }],
      DescribeLogGroups: [
        { logGroups: [{ logGroupName: "/aws/sagemaker/Endpoints/churn-dev-prod" }] },
      ],
    });
    assert.deepEqual(told, [
      "scaling of endpoint/churn-dev-prod/variant/AllTraffic",
      "endpoint churn-dev-prod",
      "endpoint config churn-dev-prod-2-0123abcd",
      "endpoint config churn-dev-prod-1-89abcdef",
      "model churn-dev-prod-2-0123abcd",
      "alarm churn-dev-prod-errors",
      "log group /aws/sagemaker/Endpoints/churn-dev-prod",
    ]);
    assert.deepEqual(deleted, [
      "DeregisterScalableTarget",
      "DeleteEndpoint",
      ...["DeleteEndpointConfig", "DeleteEndpointConfig"],
      ...["DeleteModel", "DeleteAlarms", "DeleteLogGroup"],
    ]);
  });

  it("leaves alone what only begins alike", async () => {
    const name = "churn-dev-prod-eu-2-0123abcd";
    const { deleted, told } = await cleared({
      ListEndpoints: [{ Endpoints: [{ EndpointName: "churn-dev-prod-eu" }] }],
      ListEndpointConfigs: [{ EndpointConfigs: [{ EndpointConfigName: name }] }],
      ListModels: [
        { Models: [{ ModelName: name }, { ModelName: "my-churn-dev-prod-2-0123abcd" }] },
      ],
      DescribeLogGroups: [
        { logGroups: [{ logGroupName: "/aws/sagemaker/Endpoints/churn-dev-prod-eu" }] },
      ],
    });
    assert.deepEqual([deleted, told], [[], []]);
  });

  it("does nothing where nothing was deployed", async () => {
    assert.deepEqual(await cleared({}), { deleted: [], told: [] });
  });

  it("knows the endpoints by the group's name", () => {
    assert.deepEqual(endpointsOf("churn-dev"), ["churn-dev-staging", "churn-dev-prod"]);
  });
});
