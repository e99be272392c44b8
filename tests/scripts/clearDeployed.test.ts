import { strict as assert } from "node:assert";

import { namesFor } from "../../components/names/names";
import { clientOptions } from "../../local/cloud/provider/clients";
import { clearDeployed, endpointClients, endpointsOf } from "../../scripts/clearDeployed";
import { awsContext } from "../support/mocks";
import { type StubAnswer, stubCloud } from "../support/stubCloud";

const EMPTY = {
  DescribeLogGroups: { logGroups: [] },
  DescribeScalableTargets: { ScalableTargets: [] },
  ListEndpointConfigs: { EndpointConfigs: [] },
  ListModels: { Models: [] },
};

const missing = { __type: "ValidationException" };

/** Clears the prod endpoint in an account with these lists, page by page. */
async function cleared(lists: Readonly<Record<string, readonly object[]>>) {
  let isDeleted = false;
  const schedules = lists.ListSchedules ?? [];
  const cloud = await stubCloud(({ body, operation }): StubAnswer => {
    const name = operation.split(".").at(-1) ?? "";
    if (name === "DeleteEndpoint") isDeleted = true;
    if (operation === "GET") return [200, { Schedules: schedules }];
    const page = Number(body.NextToken ?? 0);
    const known = Object.entries(EMPTY).find(([one]) => one === name)?.[1];
    const found = lists[name]?.[page] ?? known ?? {};
    if (name !== "DescribeEndpoint") return [200, found];
    const isThere = name in lists && !isDeleted;
    return isThere ? [200, found] : [400, { ...missing, message: "Could not find endpoint" }];
  });
  try {
    const clients = await endpointClients(clientOptions(cloud.endpoint, "us-east-1"));
    const reported: string[] = [];
    const count = await clearDeployed("mlops-churn--dev--prod", clients, (what) =>
      reported.push(what),
    );
    assert.equal(count, reported.length);
    const deleted = cloud.calls
      .map(({ operation }) => operation.split(".").at(-1) ?? "")
      // The schedule's API has methods and paths.
      .filter((name) => /^(Delete|Deregister|DELETE)/.test(name));
    return { deleted, reported };
  } finally {
    cloud.close();
  }
}

describe("clearDeployed", () => {
  it("deletes and reports schedule, scaling, endpoint, configs, models and log group", async () => {
    const target = { ResourceId: "endpoint/mlops-churn--dev--prod/variant/AllTraffic" };
    const config = (name: string) => ({ EndpointConfigName: name });
    const { deleted, reported } = await cleared({
      DescribeScalableTargets: [{ ScalableTargets: [target] }],
      DescribeEndpoint: [{ EndpointStatus: "InService" }],
      ListSchedules: [{ Name: "delete-endpoint" }],
      ListEndpointConfigs: [
        { EndpointConfigs: [config("mlops-churn--dev--prod-2-0123abcd")], NextToken: "1" },
        { EndpointConfigs: [config("mlops-churn--dev--prod-1-89abcdef")] },
      ],
      ListModels: [{ Models: [{ ModelName: "mlops-churn--dev--prod-2-0123abcd" }] }],
      DescribeLogGroups: [
        { logGroups: [{ logGroupName: "/aws/sagemaker/Endpoints/mlops-churn--dev--prod" }] },
      ],
    });
    assert.deepEqual(reported, [
      "schedule mlops-churn--dev--prod/delete-endpoint",
      "scaling of endpoint/mlops-churn--dev--prod/variant/AllTraffic",
      "endpoint mlops-churn--dev--prod",
      "endpoint config mlops-churn--dev--prod-2-0123abcd",
      "endpoint config mlops-churn--dev--prod-1-89abcdef",
      "model mlops-churn--dev--prod-2-0123abcd",
      "log group /aws/sagemaker/Endpoints/mlops-churn--dev--prod",
    ]);
    assert.deepEqual(deleted, [
      ...["DELETE", "DeregisterScalableTarget", "DeleteEndpoint"],
      ...["DeleteEndpointConfig", "DeleteEndpointConfig"],
      ...["DeleteModel", "DeleteLogGroup"],
    ]);
  });

  it("does not delete resources whose names only contain the endpoint's name", async () => {
    const name = "mlops-churn--dev--prod-eu-2-0123abcd";
    const { deleted, reported } = await cleared({
      ListEndpointConfigs: [{ EndpointConfigs: [{ EndpointConfigName: name }] }],
      ListModels: [
        { Models: [{ ModelName: name }, { ModelName: "my-mlops-churn--dev--prod-2-0123abcd" }] },
      ],
      DescribeLogGroups: [
        { logGroups: [{ logGroupName: "/aws/sagemaker/Endpoints/mlops-churn--dev--prod-eu" }] },
      ],
    });
    assert.deepEqual([deleted, reported], [[], []]);
  });

  it("does nothing if there is no deployment", async () => {
    assert.deepEqual(await cleared({}), { deleted: [], reported: [] });
  });

  it("derives the endpoint names from the model package group", () => {
    assert.deepEqual(endpointsOf("mlops-churn--dev--models"), [
      "mlops-churn--dev--staging",
      "mlops-churn--dev--prod",
    ]);
    const { deploy, modelPackageGroup } = namesFor(
      { namePrefix: "sagemaker", projectId: "models", projectName: "churn" },
      awsContext,
    );
    // Deletions list the schedules of the group that has the endpoint's name.
    assert.equal(deploy.stagingExpiry.group, deploy.staging.endpoint);
    assert.deepEqual(endpointsOf(modelPackageGroup), [
      deploy.staging.endpoint,
      deploy.prod.endpoint,
    ]);
  });
});
