import type * as pulumi from "@pulumi/pulumi";
// Not the whole package, which takes a hundred times as long to load.
import { Vpc } from "@pulumi/awsx/ec2";

interface PrivateNetworkArgs {
  availabilityZones: number;
  cidrBlock: string;
  natGateways: "None" | "OnePerAz" | "Single";
  tags: Record<string, string>;
}

/** A VPC with a private subnet in each zone, which reaches the internet by NAT gateways or not at all. */
export function privateNetwork(
  name: string,
  { availabilityZones, cidrBlock, natGateways, tags }: PrivateNetworkArgs,
  opts: pulumi.ComponentResourceOptions,
): Vpc {
  // Room for four zones, whatever comes: a subnet whose addresses change is made anew, and builds with it.
  const zoneMask = Number(cidrBlock.split("/")[1]) + 2;
  const publicMask = Math.min(zoneMask + 4, 28);
  return new Vpc(
    name,
    {
      availabilityZoneCidrMask: zoneMask,
      cidrBlock,
      enableDnsHostnames: true, // else an endpoint is not found under its service's name
      enableDnsSupport: true,
      natGateways: { strategy: natGateways },
      numberOfAvailabilityZones: availabilityZones,
      subnetSpecs: [
        { type: "Private", cidrMask: zoneMask + 1 },
        // For the gateways alone.
        ...(natGateways === "None" ? [] : [{ type: "Public", cidrMask: publicMask } as const]),
      ],
      subnetStrategy: "Auto",
      tags,
    },
    opts,
  );
}
