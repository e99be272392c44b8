import type { ClientOptions } from "../clients";
import { ec2, textsIn } from "../ec2";
import type { Row } from "../inventory";

/** Every VPC except the account's default VPC, and its resources. */
export async function networks(options: ClientOptions): Promise<Row[]> {
  const made = { "Filter.1.Name": "is-default", "Filter.1.Value.1": "false" };
  const vpcs = textsIn(await ec2(options, "DescribeVpcs", made), "vpcId");
  const rows = await Promise.all(vpcs.map((vpcId) => contentOf(vpcId, options)));
  return rows.flat();
}

async function contentOf(vpcId: string, options: ClientOptions): Promise<Row[]> {
  const inside = { "Filter.1.Name": "vpc-id", "Filter.1.Value.1": vpcId };
  const rows = async (kind: string, action: string, element: string): Promise<Row[]> => {
    const names = new Set(textsIn(await ec2(options, action, inside), element));
    return [...names].map((name) => ({ service: "EC2", kind, name, detail: `of ${vpcId}` }));
  };
  return [
    { service: "EC2", kind: "VPC", name: vpcId, detail: "not the default VPC" },
    ...(await rows("subnet", "DescribeSubnets", "subnetId")),
    ...(await rows("security group", "DescribeSecurityGroups", "groupId")),
    ...(await rows("network interface", "DescribeNetworkInterfaces", "networkInterfaceId")),
  ];
}
