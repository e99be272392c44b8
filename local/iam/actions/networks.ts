import { arn, each, itself, nowhere, type Table, text } from "./placing";

/** EC2, as far as CodeBuild and SageMaker connect what they run. */
export const networks: Table = {
  "ec2:CreateNetworkInterface": (call, ground) => {
    const groups = Object.entries(call.parameters).flatMap(([name, value]) =>
      name.startsWith("SecurityGroupId.") ? [`security-group/${String(value)}`] : [],
    );
    // The interface has no number yet.
    return ["network-interface/*", `subnet/${text(call, "SubnetId")}`, ...groups].map((rest) =>
      itself(call, arn(ground, "ec2", rest)),
    );
  },
  "ec2:DeleteNetworkInterface": (call, ground) => [
    itself(call, arn(ground, "ec2", `network-interface/${text(call, "NetworkInterfaceId")}`)),
  ],
  ...each(
    "ec2",
    [
      "DescribeDhcpOptions",
      "DescribeNetworkInterfaces",
      "DescribeSecurityGroups",
      "DescribeSubnets",
      "DescribeVpcs",
    ],
    nowhere,
  ),
};
