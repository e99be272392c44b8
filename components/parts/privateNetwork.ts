import type * as pulumi from "@pulumi/pulumi";
// The whole package takes a hundred times as long to load.
import { Vpc } from "@pulumi/awsx/ec2";

interface PrivateNetworkArgs {
  availabilityZones: number;
  cidrBlock: string;
  natGateways: "None" | "OnePerAz" | "Single";
  tags: Record<string, string>;
}

/** VPC with a private subnet in each availability zone, and optional NAT gateways. */
export function privateNetwork(
  name: string,
  { availabilityZones, cidrBlock, natGateways, tags }: PrivateNetworkArgs,
  opts: pulumi.ComponentResourceOptions,
): Vpc {
  // Ranges for four zones, so that more zones change no subnet: a new range replaces the subnet.
  const zoneMask = Number(cidrBlock.split("/")[1]) + 2;
  const publicMask = Math.min(zoneMask + 4, 28);
  return new Vpc(
    name,
    {
      availabilityZoneCidrMask: zoneMask,
      cidrBlock,
      enableDnsHostnames: true, // private DNS of VPC endpoints needs it
      enableDnsSupport: true,
      natGateways: { strategy: natGateways },
      numberOfAvailabilityZones: availabilityZones,
      subnetSpecs: [
        { type: "Private", cidrMask: zoneMask + 1 },
        // Only for the NAT gateways.
        ...(natGateways === "None" ? [] : [{ type: "Public", cidrMask: publicMask } as const]),
      ],
      subnetStrategy: "Auto",
      tags,
    },
    opts,
  );
}
