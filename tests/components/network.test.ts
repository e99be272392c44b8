import { strict as assert } from "node:assert";

import type * as pulumi from "@pulumi/pulumi";

import type { NetworkArgs } from "../../components/modelBuild/modelBuildPipelineArgs";
import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { deploymentServices, interfaceServices } from "../../components/parts/serviceEndpoints";
import { statements } from "../permissions/lint/statements";
import { asDocument, reviewed } from "../support/documents";
import { record, type Recording } from "../support/mocks";
import { waitsFor } from "../support/waits";

const existing = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
  securityGroupIds: ["sg-0a1b2c3d4e5f60718"],
};
const tags = { "sagemaker:project-id": "dev", "sagemaker:project-name": "churn" };
const index = "https://packages.example.com/simple";

describe("existing network", () => {
  let recording: Recording;
  let without: Recording;

  before(async () => {
    recording = await withNetwork({ existing });
    without = await withNetwork({});
  });

  it("adds no resource", () => {
    assert.deepEqual(recording.inventory(), without.inventory());
  });

  it("runs the CodeBuild project in the VPC", () => {
    const { vpcConfig } = recording.inputsOf("codebuild/Project", "build-build");
    assert.deepEqual(vpcConfig, {
      vpcId: existing.vpcId,
      subnets: existing.subnetIds,
      securityGroupIds: existing.securityGroupIds,
    });
  });

  it("sets the network, isolation and encryption variables of AWS's project templates", () => {
    assert.deepEqual(added(recording, without), {
      ENABLE_NETWORK_ISOLATION: "true",
      ENCRYPT_INTER_CONTAINER_TRAFFIC: "true",
      SECURITY_GROUP_IDS: '["sg-0a1b2c3d4e5f60718"]',
      SUBNET_IDS: '["subnet-0a1b2c3d4e5f60718","subnet-1a1b2c3d4e5f60718"]',
    });
  });

  it("sets the package index variables of pip and uv", async () => {
    const indexed = await withNetwork({ existing, packageIndexUrl: index });
    assert.deepEqual(added(indexed, recording), { PIP_INDEX_URL: index, UV_DEFAULT_INDEX: index });
  });

  for (const role of ["build", "execution"]) {
    it(`gives the ${role} role the reviewed policy ${role}-role-policy-network.json`, () => {
      const { policy } = recording.inputsOf("iam/RolePolicy", `build-${role}-role`);
      assert.deepEqual(asDocument(policy), reviewed(`${role}-role-policy-network`));
    });
  }

  it("allows jobs without network isolation if isolateJobs is false, but only in the VPC", async () => {
    const loose = await withNetwork({ existing, isolateJobs: false });
    assert.deepEqual(added(loose, recording), { ENABLE_NETWORK_ISOLATION: "false" });
    const within = (Sid: string) =>
      statements(executionPolicy(loose)).find((statement) => statement.Sid === Sid)?.Condition;
    const inVpc = {
      "ForAllValues:StringEquals": {
        "sagemaker:VpcSecurityGroupIds": existing.securityGroupIds,
        "sagemaker:VpcSubnets": existing.subnetIds,
      },
      Null: { "sagemaker:VpcSecurityGroupIds": ["false"], "sagemaker:VpcSubnets": ["false"] },
    };
    const encrypted = { Bool: { "sagemaker:InterContainerTrafficEncryption": ["true"] } };
    assert.deepEqual(within("JobsInNetwork"), { ...inVpc, ...encrypted });
    assert.deepEqual(within("ModelInNetwork"), inVpc);
  });

  it("changes only the CodeBuild project and its roles", () => {
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

  it("adds no policy to a given execution role", async () => {
    const executionRoleArn = "arn:aws:iam::123456789012:role/data-science";
    const other = await withNetwork({ existing }, { training: { executionRoleArn } });
    assert.ok(!other.inventory().includes("iam/RolePolicy build-execution-role"));
    assert.ok(other.inputsOf("codebuild/Project", "build-build").vpcConfig);
  });
});

describe("created network", () => {
  const registrations: pulumi.ResourceTransformationArgs[] = [];
  let recording: Recording;
  let pipeline: ModelBuildPipeline;

  before(async () => {
    recording = await record(() => {
      const transformations = [
        (it: pulumi.ResourceTransformationArgs) => void registrations.push(it),
      ];
      const args = { projectName: "churn", projectId: "dev", network: { created: {} } };
      pipeline = new ModelBuildPipeline("build", args, { transformations });
    });
  });

  it("creates a VPC with private subnets in 2 availability zones and one NAT gateway", () => {
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

  it("adds exactly these resources, as children of the component", async () => {
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
      "vpc/SecurityGroupEgressRule build-network-egress-443",
      "vpc/SecurityGroupEgressRule build-network-egress-endpoints",
      "vpc/SecurityGroupEgressRule build-network-egress-members",
      "vpc/SecurityGroupEgressRule build-network-egress-s3",
      "vpc/SecurityGroupIngressRule build-network-ingress-endpoints",
      "vpc/SecurityGroupIngressRule build-network-ingress-members",
    ]);
    for (const { name, opts } of registrations.slice(1)) assert.equal(opts.parent, pipeline, name);
  });

  it("allows traffic among builds and jobs, and HTTPS to AWS services and packages", () => {
    const rules = recording.resources
      .filter(({ type }) => /SecurityGroup(E|In)gressRule$/.test(type))
      .map(({ inputs, name }) => {
        const { tags: _, ...rule } = inputs;
        return [name.replace("build-network-", ""), rule];
      });
    const members = "build-network-members-id";
    const https = { fromPort: 443, ipProtocol: "tcp", toPort: 443 };
    assert.deepEqual(Object.fromEntries(rules), {
      "ingress-endpoints": {
        ...https,
        referencedSecurityGroupId: members,
        securityGroupId: "build-network-endpoints-id",
      },
      "ingress-members": {
        ipProtocol: "-1",
        referencedSecurityGroupId: members,
        securityGroupId: members,
      },
      "egress-443": { ...https, cidrIpv4: "0.0.0.0/0", securityGroupId: members },
      "egress-endpoints": {
        ...https,
        referencedSecurityGroupId: "build-network-endpoints-id",
        securityGroupId: members,
      },
      "egress-members": {
        ipProtocol: "-1",
        referencedSecurityGroupId: members,
        securityGroupId: members,
      },
      "egress-s3": { ...https, prefixListId: "pl-63a5400a", securityGroupId: members },
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

  it("creates a VPC endpoint with private DNS for each service that the roles call", () => {
    assert.deepEqual(servicesOf(recording, ["build-build", "build-execution"]), interfaceServices);
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
    assert.deepEqual(endpointsOf(recording), ["s3", ...interfaceServices].map(serviceName));
  });

  it("creates a VPC endpoint for each further service that the roles of a deployment call", async () => {
    const deployed = await record(() => {
      const args = { projectName: "churn", projectId: "dev", network: { created: {} } };
      const modelBuild = new ModelBuildPipeline("build", { ...args, deployment: true });
      new ModelDeployPipeline("deploy", { projectName: "churn", projectId: "dev", modelBuild });
    });
    const builds = ["deploy-queue", "deploy-staging", "test-staging", "deploy-prod"].map(
      (build) => `deploy-${build}`,
    );
    const services = servicesOf(deployed, ["build-build", "build-execution", ...builds]);
    assert.deepEqual(services, [...interfaceServices, ...deploymentServices].sort());
    assert.deepEqual(endpointsOf(deployed).sort(), ["s3", ...services].map(serviceName).sort());
  });

  it("creates an S3 gateway endpoint in the private route tables", () => {
    assert.deepEqual(recording.inputsOf("ec2/VpcEndpoint", "build-network-s3"), {
      routeTableIds: ["rtb-0a1b2c3d4e5f60718", "rtb-1a1b2c3d4e5f60718"],
      serviceName: "com.amazonaws.us-east-1.s3",
      tags,
      vpcEndpointType: "Gateway",
      vpcId: "vpc-0a1b2c3d4e5f60718",
    });
  });

  it("sends VPC flow logs to the log bucket, after its bucket policy", () => {
    assert.deepEqual(recording.inputsOf("ec2/FlowLog", "build-network"), {
      logDestination: "arn:aws:s3:::mlops-churn--dev--eb805c6c-logs/network/",
      logDestinationType: "s3",
      tags,
      trafficType: "ALL",
      vpcId: "vpc-0a1b2c3d4e5f60718",
    });
    assert.deepEqual(waitsFor(registrations, "ec2/flowLog", "build-network"), [
      "BucketPolicy build-access-logs",
    ]);
  });

  it("runs builds and jobs in its subnets", () => {
    const { vpcConfig } = recording.inputsOf("codebuild/Project", "build-build");
    assert.deepEqual(vpcConfig, {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      subnets: existing.subnetIds,
      securityGroupIds: ["build-network-members-id"],
    });
    const variables = variablesOf(recording);
    assert.equal(variables.SUBNET_IDS, JSON.stringify(existing.subnetIds));
    assert.equal(variables.SECURITY_GROUP_IDS, '["build-network-members-id"]');
    const policy = JSON.stringify(executionPolicy(recording));
    assert.ok(
      policy.includes(`"sagemaker:VpcSubnets":${JSON.stringify(existing.subnetIds)}`),
      policy,
    );
  });

  it("is created before the pipeline, whose creation starts it", () => {
    const before = waitsFor(registrations, "codepipeline/pipeline", "build-pipeline");
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
      "without internet access if it has a package index",
      { packageIndexUrl: index },
      "None",
      [443],
    ],
    [
      "with egress to the port of the package index",
      { packageIndexUrl: index.replace(".com", ".com:8443") },
      "None",
      [8443],
    ],
    [
      "with NAT gateways and a package index, if configured",
      { created: { natGateways: "OnePerAz" }, packageIndexUrl: index.replace(".com", ".com:8443") },
      "OnePerAz",
      [443, 8443],
    ],
  ] as const) {
    it(`is created ${what}`, async () => {
      const recorded = await withNetwork({ created: {}, ...network });
      const { natGateways, subnetSpecs } = recorded.inputsOf("awsx:ec2:Vpc", "build-network");
      assert.deepEqual(natGateways, { strategy });
      const types = (subnetSpecs as { type: string }[]).map(({ type }) => type);
      assert.deepEqual(types, strategy === "None" ? ["Private"] : ["Private", "Public"]);
      const out = recorded.resources.filter(({ inputs }) => inputs.cidrIpv4 === "0.0.0.0/0");
      assert.deepEqual(
        out.map(({ inputs }) => inputs.toPort),
        ports,
      );
    });
  }

  it("fits four availability zones into the smallest CIDR block", async () => {
    const created = { cidrBlock: "192.168.4.0/22", availabilityZones: 4 };
    const recorded = await withNetwork({ created });
    const { availabilityZoneCidrMask, subnetSpecs } = recorded.inputsOf(
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

/** Interface endpoints that these roles need, those of STS and of private images included. */
function servicesOf(recording: Recording, roles: readonly string[]): string[] {
  const endpoints: Record<string, string[]> = {
    "application-autoscaling": ["application-autoscaling"],
    cloudwatch: ["monitoring"],
    codepipeline: ["codepipeline"],
    // No endpoint: CodeBuild and SageMaker call EC2 from outside the VPC.
    ec2: [],
    ecr: ["ecr.api", "ecr.dkr"],
    // No endpoint: iam:PassRole is no call.
    iam: [],
    kms: ["kms"],
    logs: ["logs"],
    s3: [],
    sagemaker: ["sagemaker.api"],
    "sagemaker:InvokeEndpoint": ["sagemaker.runtime"],
    scheduler: ["scheduler"],
    sns: ["sns"],
  };
  const services = roles
    .map((role) => asDocument(recording.inputsOf("iam/RolePolicy", `${role}-role`).policy))
    .flatMap(statements)
    .flatMap(({ Action }) => Action)
    .flatMap((action) => {
      const found = endpoints[action] ?? endpoints[action.split(":")[0] ?? ""];
      assert.ok(found, action);
      return found;
    });
  return [...new Set([...services, "ecr.api", "ecr.dkr", "sts"])].sort();
}

function endpointsOf({ resources }: Recording): string[] {
  const endpoints = resources.filter(({ type }) => type === "aws:ec2/vpcEndpoint:VpcEndpoint");
  return endpoints.map(({ inputs }) => String(inputs.serviceName));
}

function serviceName(service: string): string {
  return `com.amazonaws.us-east-1.${service}`;
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

/** The variables of `recording` that `before` has not, or with another value. */
function added(recording: Recording, before: Recording): Record<string, string> {
  const known = variablesOf(before);
  return Object.fromEntries(
    Object.entries(variablesOf(recording)).filter(([name, value]) => known[name] !== value),
  );
}
