import type {
  DataCaptureConfig,
  DescribeEndpointConfigOutput,
  VpcConfig,
} from "@aws-sdk/client-sagemaker";

import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";

/** What one endpoint configuration asks SageMaker to run, as the account's owner reads it. */
export interface Specification {
  readonly configName: string;
  readonly variant: string;
  readonly capture: DataCaptureConfig | undefined;
  readonly image: string;
  /** Whether SageMaker runs it without instances of the endpoint's own. */
  readonly isServerless: boolean;
  readonly modelDataUrl: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The model's role. */
  readonly roleArn: string;
  /** Where it runs, if not in a network of SageMaker's own. */
  readonly network: VpcConfig | undefined;
}

/** Reads configuration and model; throws for what this machine cannot simulate. */
export async function specificationOf(
  configName: string,
  context: AwsContext,
): Promise<Specification> {
  const sagemaker = await ownerClients(context).sagemaker();
  const config = await sagemaker.describeEndpointConfig({ EndpointConfigName: configName });
  const { ModelName, ServerlessConfig, VariantName: variant = "" } = onlyVariant(config);
  const model = await sagemaker.describeModel({ ModelName });
  const container = model.PrimaryContainer ?? model.Containers?.[0];
  if (container === undefined || (model.Containers?.length ?? 0) > 1) {
    throw new Error(
      `model ${ModelName ?? ""}: the local cloud simulates only models with one container`,
    );
  }
  const { Environment = {}, Image, ModelDataUrl } = container;
  if (Image === undefined || ModelDataUrl === undefined) {
    throw new Error(
      `model ${ModelName ?? ""}: the local cloud simulates only containers with an image and an archive`,
    );
  }
  return {
    configName,
    variant,
    capture: config.DataCaptureConfig,
    image: Image,
    isServerless: ServerlessConfig !== undefined,
    modelDataUrl: ModelDataUrl,
    environment: Environment,
    roleArn: model.ExecutionRoleArn ?? "",
    network: model.VpcConfig,
  };
}

function onlyVariant({
  EndpointConfigName,
  ProductionVariants = [],
}: DescribeEndpointConfigOutput) {
  const [variant, ...others] = ProductionVariants;
  if (variant === undefined || others.length > 0) {
    throw new Error(
      `endpoint config ${EndpointConfigName ?? ""}: the local cloud simulates only one production variant`,
    );
  }
  return variant;
}
