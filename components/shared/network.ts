import * as pulumi from "@pulumi/pulumi";

import type { Names } from "../names/names";
import { flowLog } from "../parts/flowLog";
import { securityGroups } from "../parts/securityGroups";
import { privateNetwork } from "../parts/privateNetwork";
import type { SecureBucket } from "../parts/secureBucket";
import { serviceEndpoints } from "../parts/serviceEndpoints";
import { egressRule } from "../parts/egressRule";
import type { NetworkAccess } from "../policies/network";
import { dependentDefaults, groupDefaults } from "../validation/defaults";
import type { Settings } from "../validation/resolveSettings";

interface NetworkArgs {
  description: string;
  /** Whether deployment builds run in the network too. */
  hasDeployment: boolean;
  /** Bucket of the flow logs. */
  logs: SecureBucket;
  names: pulumi.Output<Names>;
  network: Settings["network"];
  tags: Record<string, string>;
}

/** Private network of builds and jobs. */
export interface Network {
  access: NetworkAccess;
  /** Environment variables of the build. */
  environment: Record<string, pulumi.Input<string>>;
  /** Resources that must exist before the first build. */
  ready: pulumi.Resource[];
  securityGroupIds: pulumi.Output<string[]>;
  subnetIds: pulumi.Output<string[]>;
  vpcId: pulumi.Output<string>;
}

type Vpc = Pick<Network, "ready" | "securityGroupIds" | "subnetIds" | "vpcId">;

/** Private network: existing, created, or `undefined` without one in the settings. */
export function createNetwork(
  name: string,
  args: NetworkArgs,
  opts: pulumi.CustomResourceOptions,
): Network | undefined {
  const { created, existing, packageIndexUrl } = args.network;
  const { isolateJobs = groupDefaults.network.isolateJobs } = args.network;
  if (existing !== undefined) {
    const { securityGroupIds, subnetIds, vpcId } = pulumi.output(existing);
    return describeNetwork({ ready: [], securityGroupIds, subnetIds, vpcId }, args, isolateJobs);
  }
  if (created === undefined) return undefined;

  const { otherwise, packageIndexUrl: withIndex } = dependentDefaults.network.created.natGateways;
  const natGateways =
    created.natGateways ?? (packageIndexUrl === undefined ? otherwise : withIndex);
  return describeNetwork(
    createVpc(name, { ...args, ...created, natGateways }, opts),
    args,
    isolateJobs,
  );
}

type Created = NonNullable<Settings["network"]["created"]>;

function createVpc(
  name: string,
  args: NetworkArgs & Created & { natGateways: "None" | "OnePerAz" | "Single" },
  opts: pulumi.CustomResourceOptions,
): Vpc {
  const { hasDeployment, logs, names, tags } = args;
  const vpc = privateNetwork(name, args, { parent: opts.parent });
  const common = { tags, vpcId: vpc.vpcId };
  const { endpoints, members, rules } = securityGroups(
    name,
    { ...common, description: args.description },
    opts,
  );
  const services = serviceEndpoints(
    name,
    {
      ...common,
      hasDeployment,
      region: names.region,
      routeTableIds: vpc.routeTables.apply((tables) => tables.map(({ id }) => id)),
      securityGroupId: endpoints.id,
      subnetIds: vpc.privateSubnetIds,
    },
    opts,
  );
  const egress = { securityGroupId: members.id, tags };
  const { prefixListId } = services.s3;
  const egressRules = [
    egressRule(`${name}-egress-s3`, { ...egress, destination: { prefixListId }, port: 443 }, opts),
    // The routes restrict the destinations: without NAT gateways, only networks that are connected
    // to the VPC.
    ...egressPorts(args).map((port) =>
      egressRule(
        `${name}-egress-${String(port)}`,
        { ...egress, destination: { cidrIpv4: "0.0.0.0/0" }, port },
        opts,
      ),
    ),
  ];
  flowLog(
    name,
    { ...common, destination: pulumi.interpolate`${names.logBucketArn}/network/` },
    // Without that policy, CloudWatch Logs adds its own to the bucket.
    // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    { ...opts, dependsOn: [logs.guard.policy] },
  );
  return {
    ready: [vpc, ...rules, ...services.all, ...egressRules],
    securityGroupIds: pulumi.all([members.id]),
    subnetIds: vpc.privateSubnetIds,
    vpcId: vpc.vpcId,
  };
}

/** Egress ports: HTTPS with NAT gateways, and the port of the package index. */
function egressPorts({ natGateways, network }: NetworkArgs & Created): number[] {
  const { packageIndexUrl } = network;
  const index = packageIndexUrl === undefined ? "" : new URL(packageIndexUrl).port || "443";
  const ports = [
    ...(natGateways === "None" ? [] : [443]),
    ...(index === "" ? [] : [Number(index)]),
  ];
  return [...new Set(ports)];
}

function describeNetwork(vpc: Vpc, { names, network }: NetworkArgs, isolateJobs: boolean): Network {
  const { securityGroupIds, subnetIds } = vpc;
  return {
    ...vpc,
    access: {
      isolateJobs,
      securityGroupIds,
      subnetArns: subnetArns(names, subnetIds),
      subnetIds,
    },
    environment: {
      ENABLE_NETWORK_ISOLATION: String(isolateJobs),
      ENCRYPT_INTER_CONTAINER_TRAFFIC: "true",
      ...networkEnvironment(vpc, network.packageIndexUrl),
    },
  };
}

/** ARNs of subnets of the stack's account and region. */
export function subnetArns(
  names: pulumi.Output<Names>,
  subnetIds: pulumi.Output<string[]>,
): pulumi.Output<string[]> {
  return pulumi
    .all([names, subnetIds])
    .apply(([{ accountId, partition, region }, ids]) =>
      ids.map((id) => `arn:${partition}:ec2:${region}:${accountId}:subnet/${id}`),
    );
}

/** Environment variables of a build: network of the jobs that it creates, and package index. */
export function networkEnvironment(
  { securityGroupIds, subnetIds }: Pick<Vpc, "securityGroupIds" | "subnetIds">,
  packageIndexUrl: string | undefined,
): Record<string, pulumi.Input<string>> {
  return {
    SECURITY_GROUP_IDS: pulumi.jsonStringify(securityGroupIds),
    SUBNET_IDS: pulumi.jsonStringify(subnetIds),
    ...(packageIndexUrl === undefined
      ? {}
      : // pip installs uv, and uv installs the other packages.
        { PIP_INDEX_URL: packageIndexUrl, UV_DEFAULT_INDEX: packageIndexUrl }),
  };
}
