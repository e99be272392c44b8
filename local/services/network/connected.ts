import { ec2, listed, textsIn } from "../../cloud/provider/ec2";
import type { Credentials, AwsContext } from "../../iam/contract";

/** Where something runs, and by which service. */
export interface Connection {
  readonly securityGroupIds: readonly string[];
  readonly service: "codebuild.amazonaws.com" | "sagemaker.amazonaws.com";
  readonly subnetIds: readonly string[];
}

/** Who connects it. */
interface Connecting {
  readonly credentials: Credentials;
  readonly context: AwsContext;
}

/**
 * Does `work` while a network interface of the service stands in the network, made and deleted under the role that the
 * service was given; without a network, does only the work.
 */
export async function connected<T>(
  to: Connection | undefined,
  by: Connecting,
  work: () => Promise<T>,
): Promise<T> {
  if (to === undefined) return work();
  const { networkInterfaceId, permission } = await connect(to, by);
  try {
    return await work();
  } finally {
    // The run itself may be over, and the emulator with it.
    if (!by.context.signal.aborted) await disconnect(networkInterfaceId, permission, to, by);
  }
}

type Permission = Readonly<Record<string, string>>;

async function connect(
  { securityGroupIds, service, subnetIds }: Connection,
  { credentials, context }: Connecting,
) {
  const access = { credentials, endpoint: context.proxy.endpoint, region: context.region };
  const subnets = await ec2(access, "DescribeSubnets", listed("SubnetId", subnetIds));
  const vpcs = [...new Set(textsIn(subnets, "vpcId"))];
  await ec2(access, "DescribeVpcs", listed("VpcId", vpcs));
  await ec2(access, "DescribeDhcpOptions");
  await ec2(access, "DescribeSecurityGroups", listed("GroupId", securityGroupIds));
  const [SubnetId = ""] = subnetIds;
  const made = await ec2(access, "CreateNetworkInterface", {
    SubnetId,
    ...listed("SecurityGroupId", securityGroupIds),
  });
  const [networkInterfaceId = ""] = textsIn(made, "networkInterfaceId");
  const { accountId, partition, region } = context;
  const permission = {
    "ec2:AuthorizedService": service,
    "ec2:Subnet": `arn:${partition}:ec2:${region}:${accountId}:subnet/${SubnetId}`,
  };
  const resource = arnOf(networkInterfaceId, context);
  // The emulator knows no such permissions.
  await context.proxy.require(credentials, {
    action: "ec2:CreateNetworkInterfacePermission",
    resource,
    context: permission,
  });
  await ec2(
    access,
    "DescribeNetworkInterfaces",
    listed("NetworkInterfaceId", [networkInterfaceId]),
  );
  return { networkInterfaceId, permission };
}

async function disconnect(
  networkInterfaceId: string,
  permission: Permission,
  { service }: Connection,
  { credentials, context }: Connecting,
): Promise<void> {
  // CodeBuild's permission goes with the interface.
  if (service === "sagemaker.amazonaws.com") {
    await context.proxy.require(credentials, {
      action: "ec2:DeleteNetworkInterfacePermission",
      resource: arnOf(networkInterfaceId, context),
      context: { "ec2:Subnet": permission["ec2:Subnet"] ?? "" },
    });
  }
  const access = { credentials, endpoint: context.proxy.endpoint, region: context.region };
  await ec2(access, "DeleteNetworkInterface", { NetworkInterfaceId: networkInterfaceId });
}

function arnOf(id: string, { accountId, partition, region }: AwsContext): string {
  return `arn:${partition}:ec2:${region}:${accountId}:network-interface/${id}`;
}
