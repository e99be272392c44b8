import { strict as assert } from "node:assert";

import type * as pulumi from "@pulumi/pulumi";

import type { NetworkArgs } from "../components/args";
import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { interfaceServices } from "../components/parts/serviceEndpoints";
import { statements } from "./lint/statements";
import { asDocument, reviewed } from "./support/documents";
import { record, type Recording } from "./support/mocks";
import { waitsFor } from "./support/waits";

const existing = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
  securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
};
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const index = "https://packages.example.com/simple";

describe("an existing network", () => {
  let recording: Recording;
  let without: Recording;

  before(async () => {
    recording = await withNetwork({ existing });
    without = await withNetwork({});
  });

  it("is taken as it is: nothing is made for it", () => {
    assert.deepEqual(recording.inventory(), without.inventory());
  });

  it("is where builds run", () => {
    const { vpcConfig } = recording.inputsOf("codebuild/Project", "build-build");
    assert.deepEqual(vpcConfig, {
      vpcId: existing.vpcId,
      subnets: existing.subnetIds,
      securityGroupIds: existing.securityGroupIds,
    });
  });

  it("is told to builds for their jobs, isolated and encrypted, by the variables of AWS's templates", () => {
    assert.deepEqual(added(recording, without), {
      ENABLE_NETWORK_ISOLATION: "true",
      ENCRYPT_INTER_CONTAINER_TRAFFIC: "true",
      SECURITY_GROUP_IDS: '["sg-0a1b2c3d4e5f60718"]',
      SUBNET_IDS: '["subnet-0a1b2c3d4e5f60718","subnet-1a1b2c3d4e5f60718"]',
    });
  });

  it("comes with the package index that it is given, for pip and uv", async () => {
    const indexed = await withNetwork({ existing, packageIndexUrl: index });
    assert.deepEqual(added(indexed, recording), { PIP_INDEX_URL: index, UV_DEFAULT_INDEX: index });
  });

  for (const role of ["build", "execution"]) {
    it(`changes what the ${role} role may do, exactly as reviewed in ${role}-role-policy-network.json`, () => {
      const { policy } = recording.inputsOf("iam/RolePolicy", `build-${role}-role`);
      assert.deepEqual(asDocument(policy), reviewed(`${role}-role-policy-network`));
    });
  }

  it("takes jobs with or without isolation if that is what it says, and no other job", async () => {
    const loose = await withNetwork({ existing, isolateJobs: false });
    assert.deepEqual(added(loose, recording), { ENABLE_NETWORK_ISOLATION: "false" });
    const within = (Sid: string) =>
      statements(executionPolicy(loose)).find((statement) => statement.Sid === Sid)?.Condition;
    const place = {
      "ForAllValues:StringEquals": {
        "sagemaker:VpcSecurityGroupIds": existing.securityGroupIds,
        "sagemaker:VpcSubnets": existing.subnetIds,
      },
      Null: { "sagemaker:VpcSecurityGroupIds": ["false"], "sagemaker:VpcSubnets": ["false"] },
    };
    const encrypted = { Bool: { "sagemaker:InterContainerTrafficEncryption": ["true"] } };
    assert.deepEqual(within("JobsInNetwork"), { ...place, ...encrypted });
    assert.deepEqual(within("ModelInNetwork"), place);
  });

  it("changes nothing else than project and roles", () => {
    const changed = recording.resources.filter(
      ({ inputs, name, type }) =>
        name !== "build" &&
        JSON.stringify(inputs) !==
          JSON.stringify(
            without.resources.find((it) => it.name === name && it.type === type)?.inputs,
          ),
    );
    assert.deepEqual(changed.map(({ name }) => name).sort(), [
      "build-build",
      "build-build-role",
      "build-execution-role",
    ]);
  });

  it("leaves a given execution role to those who gave it", async () => {
    const executionRoleArn = "arn:aws:iam::123456789012:role/data-science";
    const given = await withNetwork({ existing }, { training: { executionRoleArn } });
    assert.ok(!given.inventory().includes("iam/RolePolicy build-execution-role"));
    assert.ok(given.inputsOf("codebuild/Project", "build-build").vpcConfig);
  });
});

describe("a created network", () => {
  const seen: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;
  let pipeline: ModelBuildPipeline;

  before(async () => {
    recording = await record(() => {
      const transformations = [(it: pulumi.ResourceTransformationArgs) => void seen.push(it)];
      const args = { projectName: "churn", projectId: "dev", network: { created: {} } };
      pipeline = new ModelBuildPipeline("build", args, { transformations });
    });
  });

  it("is a VPC with a private subnet in two zones, which reach packages by one NAT gateway", () => {
    assert.deepEqual(recording.inputsOf("awsx:ec2:Vpc", "build-network"), {
      availabilityZoneCidrMask: 18,
      cidrBlock: "10.0.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      natGateways: { strategy: "Single" },
      numberOfAvailabilityZones: 2,
      subnetSpecs: [
        { type: "Private", cidrMask: 19 },
        { type: "Public", cidrMask: 22 },
      ],
      subnetStrategy: "Auto",
      tags,
    });
  });

  it("is made of exactly these resources beyond the others, all of them owned", async () => {
    const without = await withNetwork({});
    const more = recording.inventory().filter((it) => !without.inventory().includes(it));
    assert.deepEqual(more, [
      "awsx:ec2:Vpc build-network",
      "ec2/DefaultSecurityGroup build-network",
      "ec2/FlowLog build-network",
      "ec2/SecurityGroup build-network-endpoints",
      "ec2/SecurityGroup build-network-members",
      ...["ecr-api", "ecr-dkr", "kms", "logs", "monitoring", "s3", "sagemaker-api", "sts"].map(
        (service) => `ec2/VpcEndpoint build-network-${service}`,
      ),
      "vpc/SecurityGroupEgressRule build-network-out-443",
      "vpc/SecurityGroupEgressRule build-network-to-endpoints",
      "vpc/SecurityGroupEgressRule build-network-to-members",
      "vpc/SecurityGroupEgressRule build-network-to-s3",
      "vpc/SecurityGroupIngressRule build-network-at-endpoints",
      "vpc/SecurityGroupIngressRule build-network-from-members",
    ]);
    for (const { name, opts } of seen.slice(1)) assert.equal(opts.parent, pipeline, name);
  });

  it("lets builds and jobs talk to each other, and by HTTPS alone to AWS's services and packages", () => {
    const rules = recording.resources
      .filter(({ type }) => /SecurityGroup(E|In)gressRule$/.test(type))
      .map(({ inputs, name }) => {
        const { tags: _, ...rule } = inputs;
        return [name.replace("build-network-", ""), rule];
      });
    const members = "build-network-members-id";
    const https = { fromPort: 443, ipProtocol: "tcp", toPort: 443 };
    assert.deepEqual(Object.fromEntries(rules), {
      "at-endpoints": {
        ...https,
        referencedSecurityGroupId: members,
        securityGroupId: "build-network-endpoints-id",
      },
      "from-members": {
        ipProtocol: "-1",
        referencedSecurityGroupId: members,
        securityGroupId: members,
      },
      "out-443": { ...https, cidrIpv4: "0.0.0.0/0", securityGroupId: members },
      "to-endpoints": {
        ...https,
        referencedSecurityGroupId: "build-network-endpoints-id",
        securityGroupId: members,
      },
      "to-members": {
        ipProtocol: "-1",
        referencedSecurityGroupId: members,
        securityGroupId: members,
      },
      "to-s3": { ...https, prefixListId: "pl-63a5400a", securityGroupId: members },
    });
    const vpcId = "vpc-0a1b2c3d4e5f60718";
    for (const [name, what] of [
      ["members", "builds and jobs"],
      ["endpoints", "endpoints of AWS services"],
    ] as const) {
      const description = `Model build of churn (dev): ${what}`;
      const group = recording.inputsOf("ec2/SecurityGroup", `build-network-${name}`);
      assert.deepEqual(group, { description, tags, vpcId });
    }
    const byDefault = recording.inputsOf("ec2/DefaultSecurityGroup", "build-network");
    assert.deepEqual(byDefault, { tags, vpcId });
  });

  it("has an endpoint for each service that its roles may call, under the service's own name", () => {
    const actions = ["build", "execution"].flatMap((role) =>
      statements(
        asDocument(recording.inputsOf("iam/RolePolicy", `build-${role}-role`).policy),
      ).flatMap(({ Action }) => Action),
    );
    // Roles are not called: IAM is asked about them. EC2 is called by CodeBuild and SageMaker, from outside.
    const called = new Set(actions.map((action) => action.split(":")[0]));
    const endpoints: Record<string, string[]> = {
      cloudwatch: ["monitoring"],
      ec2: [],
      ecr: ["ecr.api", "ecr.dkr"],
      iam: [],
      kms: ["kms"],
      logs: ["logs"],
      s3: [],
      sagemaker: ["sagemaker.api"],
    };
    for (const service of called) assert.ok(service !== undefined && service in endpoints, service);
    assert.deepEqual([...Object.values(endpoints).flat(), "sts"].sort(), interfaceServices);
    const { serviceName: _, ...endpoint } = recording.inputsOf(
      "ec2/VpcEndpoint",
      "build-network-sagemaker-api",
    );
    assert.deepEqual(endpoint, {
      privateDnsEnabled: true,
      securityGroupIds: ["build-network-endpoints-id"],
      subnetIds: existing.subnetIds,
      tags,
      vpcEndpointType: "Interface",
      vpcId: "vpc-0a1b2c3d4e5f60718",
    });
    assert.deepEqual(
      recording.resources
        .filter(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint")
        .map(({ inputs }) => inputs.serviceName),
      ["s3", ...interfaceServices].map((service) => `com.amazonaws.us-east-1.${service}`),
    );
  });

  it("reaches S3 by the routes of its subnets", () => {
    assert.deepEqual(recording.inputsOf("ec2/VpcEndpoint", "build-network-s3"), {
      routeTableIds: ["rtb-0a1b2c3d4e5f60718", "rtb-1a1b2c3d4e5f60718"],
      serviceName: "com.amazonaws.us-east-1.s3",
      tags,
      vpcEndpointType: "Gateway",
      vpcId: "vpc-0a1b2c3d4e5f60718",
    });
  });

  it("logs who talked to whom, as long as other logs are kept, once the log bucket takes it", () => {
    assert.deepEqual(recording.inputsOf("ec2/FlowLog", "build-network"), {
      logDestination: "arn:aws:s3:::sagemaker-churn-dev-eb805c6c-logs/network/",
      logDestinationType: "s3",
      tags,
      trafficType: "ALL",
      vpcId: "vpc-0a1b2c3d4e5f60718",
    });
    assert.deepEqual(waitsFor(seen, "ec2/flowLog", "build-network"), [
      "BucketPolicy build-access-logs",
    ]);
  });

  it("is where builds and jobs run", () => {
    const { vpcConfig } = recording.inputsOf("codebuild/Project", "build-build");
    assert.deepEqual(vpcConfig, {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      subnets: existing.subnetIds,
      securityGroupIds: ["build-network-members-id"],
    });
    const variables = variablesOf(recording);
    assert.equal(variables.SUBNET_IDS, JSON.stringify(existing.subnetIds));
    assert.equal(variables.SECURITY_GROUP_IDS, '["build-network-members-id"]');
    const told = JSON.stringify(executionPolicy(recording));
    assert.ok(told.includes(`"sagemaker:VpcSubnets":${JSON.stringify(existing.subnetIds)}`), told);
  });

  it("stands whole before the pipeline, which runs at once", () => {
    const before = waitsFor(seen, "codepipeline/pipeline", "build-pipeline");
    const network = recording
      .inventory()
      .filter((it) => it.includes("build-network") && !/FlowLog|Group build/.test(it))
      .map((it) => it.replace(/^awsx:ec2:Vpc/, "Vpc").replace(/^\w+\//, ""));
    assert.equal(network.length, 15);
    assert.deepEqual(
      network.filter((it) => !before.includes(it)),
      [],
    );
  });

  for (const [what, network, strategy, ports] of [
    [
      "without a way to the internet where it is given a package index",
      { packageIndexUrl: index },
      "None",
      [443],
    ],
    [
      "with a way to an index at a port of its own",
      { packageIndexUrl: index.replace(".com", ".com:8443") },
      "None",
      [8443],
    ],
    [
      "with gateways and index, if asked",
      { created: { natGateways: "OnePerAz" }, packageIndexUrl: index.replace(".com", ".com:8443") },
      "OnePerAz",
      [443, 8443],
    ],
    ["without any way out, if asked", { created: { natGateways: "None" } }, "None", []],
  ] as const) {
    it(`is made ${what}`, async () => {
      const made = await withNetwork({ created: {}, ...network });
      const { natGateways, subnetSpecs } = made.inputsOf("awsx:ec2:Vpc", "build-network");
      assert.deepEqual(natGateways, { strategy });
      const types = (subnetSpecs as { type: string }[]).map(({ type }) => type);
      assert.deepEqual(types, strategy === "None" ? ["Private"] : ["Private", "Public"]);
      const out = made.resources.filter(({ inputs }) => inputs.cidrIpv4 === "0.0.0.0/0");
      assert.deepEqual(
        out.map(({ inputs }) => inputs.toPort),
        ports,
      );
    });
  }

  it("has room for four zones in the smallest range", async () => {
    const created = { cidrBlock: "192.168.4.0/22", availabilityZones: 4 };
    const made = await withNetwork({ created });
    const { availabilityZoneCidrMask, subnetSpecs } = made.inputsOf(
      "awsx:ec2:Vpc",
      "build-network",
    );
    assert.equal(availabilityZoneCidrMask, 24);
    assert.deepEqual(subnetSpecs, [
      { type: "Private", cidrMask: 25 },
      { type: "Public", cidrMask: 28 },
    ]);
  });
});

function withNetwork(network: NetworkArgs, more: object = {}): Promise<Recording> {
  const args = { projectName: "churn", projectId: "dev", network, ...more };
  return record(() => new ModelBuildPipeline("build", args));
}

function executionPolicy(recording: Recording): unknown {
  return asDocument(recording.inputsOf("iam/RolePolicy", "build-execution-role").policy);
}

function variablesOf(recording: Recording): Record<string, string> {
  const { environment } = recording.inputsOf("codebuild/Project", "build-build") as {
    environment: { environmentVariables: { name: string; value: string }[] };
  };
  const { environmentVariables } = environment;
  return Object.fromEntries(environmentVariables.map(({ name, value }) => [name, value]));
}

/** The variables that one build has and the other has not, or has otherwise. */
function added(recording: Recording, before: Recording): Record<string, string> {
  const known = variablesOf(before);
  return Object.fromEntries(
    Object.entries(variablesOf(recording)).filter(([name, value]) => known[name] !== value),
  );
}
