import type { ClientOptions } from "../clients";
import type { Row } from "../inventory";

/** Every SageMaker model. */
export async function models(options: ClientOptions): Promise<Row[]> {
  const { SageMaker } = await import("@aws-sdk/client-sagemaker");
  const api = new SageMaker(options);
  const { Models = [] } = await api.listModels({});
  return Promise.all(
    Models.map(async ({ ModelName = "" }) => {
      const model = await api.describeModel({ ModelName });
      const isolated = model.EnableNetworkIsolation === true ? "isolated" : "not isolated";
      const packages = (model.Containers ?? []).map((one) => one.ModelPackageName ?? one.Image);
      const detail = `${isolated}, of ${packages.join(", ")}`;
      return { service: "SageMaker", kind: "model", name: ModelName, detail };
    }),
  );
}

/** Every configuration of a SageMaker endpoint. */
export async function endpointConfigs(options: ClientOptions): Promise<Row[]> {
  const { SageMaker } = await import("@aws-sdk/client-sagemaker");
  const api = new SageMaker(options);
  const { EndpointConfigs = [] } = await api.listEndpointConfigs({});
  return Promise.all(
    EndpointConfigs.map(async ({ EndpointConfigName = "" }) => {
      const { DataCaptureConfig, KmsKeyId, ProductionVariants } = await api.describeEndpointConfig({
        EndpointConfigName,
      });
      const variants = (ProductionVariants ?? []).map(
        ({ InitialInstanceCount, InstanceType, ModelName }) =>
          `${ModelName ?? "no model"} on ${String(InitialInstanceCount)} ${InstanceType ?? ""}`,
      );
      const key = KmsKeyId === undefined ? "no customer managed key" : "customer managed key";
      const captured = DataCaptureConfig?.EnableCapture === true ? ["data captured"] : [];
      return {
        service: "SageMaker",
        kind: "endpoint configuration",
        name: EndpointConfigName,
        detail: [...variants, key, ...captured].join(", "),
      };
    }),
  );
}

/** Every SageMaker endpoint. */
export async function endpoints(options: ClientOptions): Promise<Row[]> {
  const { SageMaker } = await import("@aws-sdk/client-sagemaker");
  const api = new SageMaker(options);
  const { Endpoints = [] } = await api.listEndpoints({});
  return Promise.all(
    Endpoints.map(async ({ EndpointName = "" }) => {
      const { EndpointConfigName = "no endpoint config", EndpointStatus = "" } =
        await api.describeEndpoint({
          EndpointName,
        });
      const detail = `${EndpointStatus}, serves ${EndpointConfigName}`;
      return { service: "SageMaker", kind: "endpoint", name: EndpointName, detail };
    }),
  );
}

/** Every variant of an endpoint that is scaled. */
export async function scalableTargets(options: ClientOptions): Promise<Row[]> {
  const { ApplicationAutoScaling } = await import("@aws-sdk/client-application-auto-scaling");
  const api = new ApplicationAutoScaling(options);
  const { ScalableTargets = [] } = await api.describeScalableTargets({
    ServiceNamespace: "sagemaker",
  });
  return ScalableTargets.map(({ MaxCapacity, MinCapacity, ResourceId = "" }) => ({
    service: "Application Auto Scaling",
    kind: "scalable target",
    name: ResourceId,
    detail: `${String(MinCapacity)} to ${String(MaxCapacity)} instances`,
  }));
}

/** Every policy by which such a variant is scaled. */
export async function scalingPolicies(options: ClientOptions): Promise<Row[]> {
  const { ApplicationAutoScaling } = await import("@aws-sdk/client-application-auto-scaling");
  const api = new ApplicationAutoScaling(options);
  const { ScalingPolicies = [] } = await api.describeScalingPolicies({
    ServiceNamespace: "sagemaker",
  });
  return ScalingPolicies.map(({ PolicyName = "", PolicyType = "", ResourceId = "" }) => ({
    service: "Application Auto Scaling",
    kind: "scaling policy",
    name: PolicyName,
    detail: `${PolicyType} of ${ResourceId}`,
  }));
}
