import { dependentDefaults, groupDefaults } from "./defaults";
import * as limits from "./limits";
import * as patterns from "./patterns";
import { boolean, inputText, group, integer, listOf, oneOf, text } from "./fields";

/** Example of an existing network. */
export const exampleNetwork = {
  existing: {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    subnetIds: ["subnet-0a1b2c3d4e5f60718"],
    securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
  },
};

/** Example of a package index. */
export const examplePackageIndex = "https://packages.example.com/simple";

const [subnetId = ""] = exampleNetwork.existing.subnetIds;
const [securityGroupId = ""] = exampleNetwork.existing.securityGroupIds;
/** Example of a VPC ID. */
export const { vpcId } = exampleNetwork.existing;

const existing = group(exampleNetwork.existing, {
  vpcId: inputText("must be the ID of a VPC", vpcId, patterns.vpcId),
  subnetIds: listOf(
    "subnet IDs",
    subnetId,
    inputText("must be the ID of a subnet", subnetId, patterns.subnetId),
    limits.subnetIds,
  ),
  securityGroupIds: listOf(
    "security group IDs",
    securityGroupId,
    inputText("must be the ID of a security group", securityGroupId, patterns.securityGroupId),
    limits.securityGroupIds,
  ),
});

const { availabilityZones, cidrBlock } = groupDefaults.network.created;
const { natGateways } = dependentDefaults.network.created;

const created = group(
  { cidrBlock },
  {
    cidrBlock: text(
      "must be a range of private addresses from /16 to /22, by its first address",
      cidrBlock,
      patterns.isPrivateRange,
    ).default(cidrBlock),
    availabilityZones: integer(...limits.availabilityZones, "zones", availabilityZones).default(
      availabilityZones,
    ),
    natGateways: oneOf(["None", "Single", "OnePerAz"], natGateways.otherwise).optional(),
  },
);

/** Python package index of builds in a private network. */
export const packageIndexUrl = text(
  "must be an HTTPS address without credentials, query and fragment",
  "https://packages.example.com/simple",
  patterns.packageIndexUrl,
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
