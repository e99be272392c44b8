import * as limits from "./patterns";
import { boolean, inputText, group, integer, listOf, oneOf, text } from "./fields";

/** Example of an existing network. */
export const exampleNetwork = {
  existing: {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718"],
    securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
  },
};

const [subnetId = ""] = exampleNetwork.existing.subnetIds;
const [securityGroupId = ""] = exampleNetwork.existing.securityGroupIds;
/** Example of a VPC ID. */
export const { vpcId } = exampleNetwork.existing;

const existing = group(exampleNetwork.existing, {
  vpcId: inputText("must be the ID of a VPC", vpcId, limits.vpcId),
  // Limits of SageMaker and CodeBuild:
  // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VpcConfig.html
  // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_VpcConfig.html
  subnetIds: listOf(
    "subnet IDs, each once",
    subnetId,
    inputText("must be the ID of a subnet", subnetId, limits.subnetId),
    { min: 1, max: 16, once: true },
  ),
  securityGroupIds: listOf(
    "security group IDs, each once",
    securityGroupId,
    inputText("must be the ID of a security group", securityGroupId, limits.securityGroupId),
    { min: 1, max: 5, once: true },
  ),
});

const created = group(
  { cidrBlock: "10.0.0.0/16" },
  {
    cidrBlock: text(
      "must be a range of private addresses from /16 to /22, by its first address",
      "10.0.0.0/16",
      limits.isPrivateRange,
    ).default("10.0.0.0/16"),
    availabilityZones: integer(1, 4, "zones", 2).default(2),
    natGateways: oneOf(["None", "Single", "OnePerAz"], "Single").optional(),
  },
);

/** Python package index of builds in a private network. */
export const packageIndexUrl = text(
  "must be an HTTPS address without credentials, query and fragment",
  "https://packages.example.com/simple",
  limits.packageIndexUrl,
);

/** Schema of the private network. Some defaults depend on whether there is a network. */
export const network = group(exampleNetwork, {
  existing: existing.optional(),
  created: created.optional(),
  isolateJobs: boolean(true).optional(),
  packageIndexUrl: packageIndexUrl.optional(),
});

/** Environment variables of a build in a private network; `build.environment` must not set them. */
export function networkVariables({ packageIndexUrl }: { packageIndexUrl?: unknown }): string[] {
  return [
    "ENABLE_NETWORK_ISOLATION",
    "ENCRYPT_INTER_CONTAINER_TRAFFIC",
    "SECURITY_GROUP_IDS",
    "SUBNET_IDS",
    ...(packageIndexUrl === undefined ? [] : ["PIP_INDEX_URL", "UV_DEFAULT_INDEX"]),
  ];
}
