import type { Engine } from "../cloud/engine";
import { clientOptions } from "../cloud/provider/clients";
import { ec2, textsIn } from "../cloud/provider/ec2";

/** A VPC with two subnets and a security group, as another team has it; has the stack run in it. */
export async function makeNetwork(engine: Engine): Promise<void> {
  const options = clientOptions(engine.cloud.endpoint, engine.cloud.region);
  const made = async (element: string, action: string, parameters: Record<string, string>) => {
    const [id] = textsIn(await ec2(options, action, parameters), element);
    if (id === undefined) throw new Error(`${action} returned no ${element}`);
    return id;
  };
  const VpcId = await made("vpcId", "CreateVpc", { CidrBlock: "10.7.0.0/16" });
  const subnet = (CidrBlock: string) => made("subnetId", "CreateSubnet", { VpcId, CidrBlock });
  const subnets = [await subnet("10.7.0.0/24"), await subnet("10.7.1.0/24")];
  const group = await made("groupId", "CreateSecurityGroup", {
    VpcId,
    GroupName: "data-science",
    GroupDescription: "builds and jobs",
  });

  const settings = {
    vpcId: VpcId,
    "subnetIds[0]": subnets[0],
    "subnetIds[1]": subnets[1],
    "securityGroupIds[0]": group,
  };
  // As a user would who knows the IDs.
  for (const [name, value = ""] of Object.entries(settings)) {
    await engine.cli("config", "set", "--path", `network.existing.${name}`, value);
  }
}
