import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** A resource as the program registered it. */
export interface Registered {
  inputs: Record<string, unknown>;
  name: string;
  type: string;
}

/** AWS context of every recorded program. */
export const awsContext = {
  accountId: "123456789012",
  dnsSuffix: "amazonaws.com",
  partition: "aws",
  region: "us-east-1",
};

/** ARN of every KMS key in the mock engine. */
export const keyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** ARN of the KMS key for secrets in the mock engine. */
export const otherKeyArn = keyArn.replace("1234abcd-", "5678abcd-");

/** The resources that a program registered. */
export class Recording {
  constructor(
    public readonly resources: readonly Registered[],
    /** The `beforeCreate` hook of each resource, as `type name: hook`. */
    public readonly beforeCreate: readonly string[],
  ) {}

  /** Every resource as `type name`, sorted. */
  inventory(): string[] {
    return this.resources.map(({ name, type }) => `${short(type)} ${name}`).sort();
  }

  /** Inputs of the resource of this name and short type, for example `s3/Bucket`. */
  inputsOf(type: string, name: string): Record<string, unknown> {
    const found = this.resources.filter((it) => short(it.type) === type && it.name === name);
    if (found.length !== 1 || found[0] === undefined)
      throw new Error(
        `${String(found.length)} of ${type} ${name}; there are ${this.inventory().join(", ")}`,
      );
    return found[0].inputs;
  }
}

interface Options {
  config?: Record<string, string>;
  /** Names of config values that the engine keeps secret. */
  secrets?: string[];
  /** Other stacks, by name. */
  stacks?: Record<string, { outputs: Record<string, unknown>; secretOutputNames: string[] }>;
  where?: typeof awsContext;
}

/**
 * Runs `program` against a mock engine and returns every resource it registered.
 * @throws the error of the program, and an error for an unexpected provider call
 */
export async function record(
  program: () => unknown,
  { config = {}, secrets = [], stacks = {}, where = awsContext }: Options = {},
): Promise<Recording> {
  const resources: Registered[] = [];
  const unexpected: string[] = [];

  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const registered = inputs as Record<string, unknown>;
        resources.push({ type, name, inputs: registered });
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { ...registered, ...stacks[name] } };
        return { id: `${name}-id`, state: { ...computed(type, registered), ...registered } };
      },
      call: ({ inputs, token }) => {
        if (token === "aws:codecommit/getRepository:getRepository")
          return computed(
            "aws:codecommit/repository:Repository",
            inputs as Record<string, unknown>,
          );
        // The runtime swallows an error thrown here: `record` throws it at the end.
        if (!isContextCall(token)) unexpected.push(token);
        return where;
      },
    },
    "model-build-pipeline",
    "dev",
    false,
  );
  pulumi.runtime.setAllConfig(config, secrets);
  const beforeCreate = recordHooks();

  // The SDK takes a stack trace for every promise: most of the duration of a rendering.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await program();
    // Waits for every registration, also of resources without an `await`.
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (unexpected.length > 0) throw new Error(`unexpected provider calls: ${unexpected.join(", ")}`);

  return new Recording(resources, beforeCreate);
}

/** Records the hooks of resources; accepts their registration, which the mock engine lacks. */
function recordHooks(): string[] {
  const hooks: string[] = [];
  const monitor = onRegistration((request) => {
    for (const hook of request.getHooks()?.getBeforeCreateList() ?? [])
      hooks.push(`${short(request.getType())} ${request.getName()}: ${hook}`);
  });
  Object.assign(monitor, {
    registerResourceHook: (_: unknown, answer: (error: null, response: object) => void) => {
      answer(null, {});
    },
  });
  return hooks;
}

/** Calls `listener` with each registration request to the engine; returns the engine's monitor. */
export function onRegistration(listener: (request: RegisterResourceRequest) => void): object {
  const monitor = pulumi.runtime.getMonitor();
  assert.ok(monitor);
  const register: unknown = Reflect.get(monitor, "registerResource");
  assert.ok(typeof register === "function");
  return Object.assign(monitor, {
    registerResource: (request: RegisterResourceRequest, ...rest: unknown[]): unknown => {
      listener(request);
      return Reflect.apply(register, monitor, [request, ...rest]);
    },
  });
}

function isContextCall(token: string): boolean {
  return /^aws:index\/get(CallerIdentity|Partition|Region):/.test(token);
}

/** Short type: `s3/Bucket` for `aws:s3/bucket:Bucket`. */
function short(type: string): string {
  return type.replace(/^aws:(\w+)\/\w+:/, "$1/");
}

/** Computed attributes of a resource, those that the program uses. */
function computed(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const input = (key: string) => String(inputs[key]);
  switch (short(type)) {
    case "cloudwatch/EventRule":
      return { arn: `arn:aws:events:us-east-1:123456789012:rule/${input("name")}` };
    case "awsx:ec2:Vpc":
      return {
        privateSubnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
        routeTables: [{ id: "rtb-0a1b2c3d4e5f60718" }, { id: "rtb-1a1b2c3d4e5f60718" }],
        vpcId: "vpc-0a1b2c3d4e5f60718",
      };
    case "codecommit/Repository":
      return {
        arn: `arn:aws:codecommit:us-east-1:123456789012:${input("repositoryName")}`,
        repositoryName: input("repositoryName"),
        cloneUrlHttp: `https://git-codecommit.us-east-1.amazonaws.com/v1/repos/${input("repositoryName")}`,
      };
    case "codepipeline/Pipeline":
      return { arn: `arn:aws:codepipeline:us-east-1:123456789012:${input("name")}` };
    case "iam/OpenIdConnectProvider":
      return {
        arn: input("url").replace("https://", "arn:aws:iam::123456789012:oidc-provider/"),
      };
    case "iam/Policy":
      return { arn: `arn:aws:iam::123456789012:policy/${input("name")}` };
    case "ec2/VpcEndpoint":
      return { prefixListId: "pl-63a5400a" };
    case "iam/Role":
      return { arn: `arn:aws:iam::123456789012:role/${input("name")}` };
    case "kms/Key":
      return keyOf(input("description").startsWith("Secrets") ? otherKeyArn : keyArn);
    case "s3/Bucket":
      return { arn: `arn:aws:s3:::${input("bucket")}` };
    case "sns/Topic":
      return { arn: `arn:aws:sns:us-east-1:123456789012:${input("name")}` };
    case "sqs/Queue":
      return {
        arn: `arn:aws:sqs:us-east-1:123456789012:${input("name")}`,
        url: `https://sqs.us-east-1.amazonaws.com/123456789012/${input("name")}`,
      };
    default:
      return {};
  }
}

function keyOf(arn: string) {
  return { arn, keyId: arn.split("/")[1] };
}
