import * as pulumi from "@pulumi/pulumi";

import type { Names } from "./names";
import { flowLog } from "./parts/flowLog";
import { networkGroups } from "./parts/networkGroups";
import { privateNetwork } from "./parts/privateNetwork";
import type { SecureBucket } from "./parts/secureBucket";
import { serviceEndpoints } from "./parts/serviceEndpoints";
import { wayOut } from "./parts/wayOut";
import type { NetworkAccess } from "./policies/network";
import type { Settings } from "./settings";

interface NetworkArgs {
  description: string;
  /** Takes flow logs. */
  logs: SecureBucket;
  names: pulumi.Output<Names>;
  network: Settings["network"];
  tags: Record<string, string>;
}

/** Where builds and jobs run, as the rest of the component needs to know it. */
export interface Network {
  access: NetworkAccess;
  /** How a build is told, beside being in it. */
  environment: Record<string, pulumi.Input<string>>;
  /** Must stand before the first build runs. */
  ready: pulumi.Resource[];
  securityGroupIds: pulumi.Output<string[]>;
  subnetIds: pulumi.Output<string[]>;
  vpcId: pulumi.Output<string>;
}

type Place = Pick<Network, "ready" | "securityGroupIds" | "subnetIds" | "vpcId">;

/** The private network, given or created; none if the settings name none. */
export function networkOf(
  name: string,
  args: NetworkArgs,
  opts: pulumi.CustomResourceOptions,
): Network | undefined {
  const { created, existing, isolateJobs = true, packageIndexUrl } = args.network;
  if (existing !== undefined) {
    const { securityGroupIds, subnetIds, vpcId } = pulumi.output(existing);
    return told({ ready: [], securityGroupIds, subnetIds, vpcId }, args, isolateJobs);
  }
  if (created === undefined) return undefined;

  const natGateways = created.natGateways ?? (packageIndexUrl === undefined ? "Single" : "None");
  return told(create(name, { ...args, ...created, natGateways }, opts), args, isolateJobs);
}

type Created = NonNullable<Settings["network"]["created"]>;

function create(
  name: string,
  args: NetworkArgs & Created & { natGateways: "None" | "OnePerAz" | "Single" },
  opts: pulumi.CustomResourceOptions,
): Place {
  const { logs, names, tags } = args;
  const vpc = privateNetwork(name, args, { parent: opts.parent });
  const inside = { tags, vpcId: vpc.vpcId };
  const { endpoints, members, rules } = networkGroups(
    name,
    { ...inside, description: args.description },
    opts,
  );
  const services = serviceEndpoints(
    name,
    {
      ...inside,
      region: names.region,
      routeTableIds: vpc.routeTables.apply((tables) => tables.map(({ id }) => id)),
      securityGroupId: endpoints.id,
      subnetIds: vpc.privateSubnetIds,
    },
    opts,
  );
  const from = { securityGroupId: members.id, tags };
  const { prefixListId } = services.s3;
  const ways = [
    wayOut(`${name}-to-s3`, { ...from, destination: { prefixListId }, port: 443 }, opts),
    // Who is there to be reached, the routes decide: without a gateway, only what somebody connects the VPC with.
    ...portsOut(args).map((port) =>
      wayOut(
        `${name}-out-${String(port)}`,
        { ...from, destination: { cidrIpv4: "0.0.0.0/0" }, port },
        opts,
      ),
    ),
  ];
  flowLog(
    name,
    { ...inside, destination: pulumi.interpolate`${names.logBucketArn}/network/` },
    // Where CloudWatch may not write, it writes a policy of its own.
    { ...opts, dependsOn: [logs.guard.policy] },
  );
  return {
    ready: [vpc, ...rules, ...services.all, ...ways],
    securityGroupIds: pulumi.all([members.id]),
    subnetIds: vpc.privateSubnetIds,
    vpcId: vpc.vpcId,
  };
}

/** Ports of the internet, and of the package index, wherever it is. */
function portsOut({ natGateways, network }: NetworkArgs & Created): number[] {
  const { packageIndexUrl } = network;
  const index = packageIndexUrl === undefined ? "" : new URL(packageIndexUrl).port || "443";
  const ports = [
    ...(natGateways === "None" ? [] : [443]),
    ...(index === "" ? [] : [Number(index)]),
  ];
  return [...new Set(ports)];
}

function told(place: Place, { names, network }: NetworkArgs, isolateJobs: boolean): Network {
  const { securityGroupIds, subnetIds } = place;
  return {
    ...place,
    access: {
      isolateJobs,
      securityGroupIds,
      subnetArns: subnetArnsOf(names, subnetIds),
      subnetIds,
    },
    environment: {
      ENABLE_NETWORK_ISOLATION: String(isolateJobs),
      ENCRYPT_INTER_CONTAINER_TRAFFIC: "true",
      ...toldOf(place, network.packageIndexUrl),
    },
  };
}

/** ARNs of subnets of the stack's own account and region. */
export function subnetArnsOf(
  names: pulumi.Output<Names>,
  subnetIds: pulumi.Output<string[]>,
): pulumi.Output<string[]> {
  return pulumi
    .all([names, subnetIds])
    .apply(([{ accountId, partition, region }, ids]) =>
      ids.map((id) => `arn:${partition}:ec2:${region}:${accountId}:subnet/${id}`),
    );
}

/** How a build is told of its network, for what it makes in it, and of the packages that are reached from there. */
export function toldOf(
  { securityGroupIds, subnetIds }: Pick<Place, "securityGroupIds" | "subnetIds">,
  packageIndexUrl: string | undefined,
): Record<string, pulumi.Input<string>> {
  return {
    SECURITY_GROUP_IDS: pulumi.jsonStringify(securityGroupIds),
    SUBNET_IDS: pulumi.jsonStringify(subnetIds),
    ...(packageIndexUrl === undefined
      ? {}
      : // pip installs uv, which installs the rest.
        { PIP_INDEX_URL: packageIndexUrl, UV_DEFAULT_INDEX: packageIndexUrl }),
  };
}
