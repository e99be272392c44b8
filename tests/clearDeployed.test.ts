import { strict as assert } from "node:assert";

import { namesFor } from "../components/names/names";
import { clientOptions } from "../local/provider/clients";
import { clearDeployed, endpointClients, endpointsOf } from "../scripts/clearDeployed";
import { awsContext } from "./support/mocks";
import { type StubAnswer, stubCloud } from "./support/stubCloud";

const EMPTY = {
  DescribeAlarms: { MetricAlarms: [] },
  DescribeLogGroups: { logGroups: [] },
  DescribeScalableTargets: { ScalableTargets: [] },
  ListEndpointConfigs: { EndpointConfigs: [] },
  ListEndpoints: { Endpoints: [] },
  ListModels: { Models: [] },
};

/** Clears the prod endpoint in an account with these lists, page by page. */
async function cleared(lists: Readonly<Record<string, readonly object[]>>) {
  const cloud = await stubCloud(({ body, operation }): StubAnswer => {
    const name = operation.split(".").at(-1) ?? "";
    const page = Number(body.NextToken ?? 0);
    const known = Object.entries(EMPTY).find(([one]) => one === name)?.[1];
    return [200, lists[name]?.[page] ?? known ?? {}];
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
      .filter((name) => /^(Delete|Deregister)/.test(name));
    return { deleted, reported };
  } finally {
    cloud.close();
  }
}

describe("clearDeployed", () => {
  it("deletes and reports scaling, endpoint, configs, models, alarms and log group", async () => {
    const target = { ResourceId: "endpoint/mlops-churn--dev--prod/variant/AllTraffic" };
    const config = (name: string) => ({ EndpointConfigName: name });
    const { deleted, reported } = await cleared({
      DescribeScalableTargets: [{ ScalableTargets: [target] }],
      ListEndpoints: [{ Endpoints: [{ EndpointName: "mlops-churn--dev--prod" }] }],
      ListEndpointConfigs: [
        { EndpointConfigs: [config("mlops-churn--dev--prod-2-0123abcd")], NextToken: "1" },
        { EndpointConfigs: [config("mlops-churn--dev--prod-1-89abcdef")] },
      ],
      ListModels: [{ Models: [{ ModelName: "mlops-churn--dev--prod-2-0123abcd" }] }],
      DescribeAlarms: [{ MetricAlarms: [{ AlarmName: "mlops-churn--dev--prod-errors" }] }],
      DescribeLogGroups: [
        { logGroups: [{ logGroupName: "/aws/sagemaker/Endpoints/mlops-churn--dev--prod" }] },
      ],
    });
    assert.deepEqual(reported, [
      "scaling of endpoint/mlops-churn--dev--prod/variant/AllTraffic",
      "endpoint mlops-churn--dev--prod",
      "endpoint config mlops-churn--dev--prod-2-0123abcd",
      "endpoint config mlops-churn--dev--prod-1-89abcdef",
      "model mlops-churn--dev--prod-2-0123abcd",
      "alarm mlops-churn--dev--prod-errors",
      "log group /aws/sagemaker/Endpoints/mlops-churn--dev--prod",
    ]);
    assert.deepEqual(deleted, [
      "DeregisterScalableTarget",
      "DeleteEndpoint",
      ...["DeleteEndpointConfig", "DeleteEndpointConfig"],
      ...["DeleteModel", "DeleteAlarms", "DeleteLogGroup"],
    ]);
  });

  it("does not delete resources whose names only contain the endpoint's name", async () => {
    const name = "mlops-churn--dev--prod-eu-2-0123abcd";
    const { deleted, reported } = await cleared({
      ListEndpoints: [{ Endpoints: [{ EndpointName: "mlops-churn--dev--prod-eu" }] }],
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
    assert.deepEqual(endpointsOf(modelPackageGroup), [
      deploy.staging.endpoint,
      deploy.prod.endpoint,
    ]);
  });
});
