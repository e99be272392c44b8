import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

/** A resource as the program registered it. */
export interface Registered {
  inputs: Record<string, unknown>;
  name: string;
  type: string;
}

/** The place in which every recorded program lives. */
export const place = {
  accountId: "123456789012",
  dnsSuffix: "amazonaws.com",
  partition: "aws",
  region: "us-east-1",
};

/** ARN that the mock engine gives to every key. */
export const keyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** ARN that the mock engine gives to a key for secrets. */
export const otherKeyArn = keyArn.replace("1234abcd-", "5678abcd-");

/** What a program registered. */
export class Recording {
  constructor(
    public readonly resources: readonly Registered[],
    /** Every hook that the engine would run before a creation, as `type name: hook`. */
    public readonly beforeCreate: readonly string[],
  ) {}

  /** Every resource as `type name`, sorted, without the component itself. */
  inventory(): string[] {
    return this.resources.map(({ name, type }) => `${short(type)} ${name}`).sort();
  }

  /** The inputs of the one resource of this short type, as `s3/Bucket`, and name. */
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
  where?: typeof place;
}

/**
 * Runs `program` against a mock engine and returns every resource it registered.
 * @throws whatever the program throws; and an error for a provider call that nobody expects
 */
export async function record(
  program: () => unknown,
  { config = {}, secrets = [], stacks = {}, where = place }: Options = {},
): Promise<Recording> {
  const resources: Registered[] = [];
  const unexpected: string[] = [];

  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const given = inputs as Record<string, unknown>;
        resources.push({ type, name, inputs: given });
        if (type === "pulumi:pulumi:StackReference")
          return { id: name, state: { ...given, ...stacks[name] } };
        return { id: `${name}-id`, state: { ...computed(type, given), ...given } };
      },
      call: ({ inputs, token }) => {
        if (token === "aws:codecommit/getRepository:getRepository")
          return computed(
            "aws:codecommit/repository:Repository",
            inputs as Record<string, unknown>,
          );
        // The runtime swallows an error thrown here, so a surprise is kept and told at the end.
        if (!isWhereabouts(token)) unexpected.push(token);
        return where;
      },
    },
    "model-build-pipeline",
    "dev",
    false,
  );
  pulumi.runtime.setAllConfig(config, secrets);
  const beforeCreate = listenForHooks();

  // The SDK takes a stack trace for every promise, which would be most of the time of a rendering.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    await program();
    // Waits for every registration, also of resources that nobody awaits.
    await pulumi.runtime.disconnect();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (unexpected.length > 0) throw new Error(`unexpected provider calls: ${unexpected.join(", ")}`);

  return new Recording(resources, beforeCreate);
}

/** Notes which hooks resources have, and takes their registration, for which the mock engine has no call. */
function listenForHooks(): string[] {
  const heard: string[] = [];
  const monitor = onRegistration((request) => {
    for (const hook of request.getHooks()?.getBeforeCreateList() ?? [])
      heard.push(`${short(request.getType())} ${request.getName()}: ${hook}`);
  });
  Object.assign(monitor, {
    registerResourceHook: (_: unknown, answer: (error: null, response: object) => void) => {
      answer(null, {});
    },
  });
  return heard;
}

/** Calls `hear` with each registration as the engine is told it; returns the engine's monitor. */
export function onRegistration(hear: (request: RegisterResourceRequest) => void): object {
  const monitor = pulumi.runtime.getMonitor();
  assert.ok(monitor);
  const register: unknown = Reflect.get(monitor, "registerResource");
  assert.ok(typeof register === "function");
  return Object.assign(monitor, {
    registerResource: (request: RegisterResourceRequest, ...rest: unknown[]): unknown => {
      hear(request);
      return Reflect.apply(register, monitor, [request, ...rest]);
    },
  });
}

function isWhereabouts(token: string): boolean {
  return /^aws:index\/get(CallerIdentity|Partition|Region):/.test(token);
}

/** `aws:s3/bucket:Bucket` as people say it: `s3/Bucket`. */
function short(type: string): string {
  return type.replace(/^aws:(\w+)\/\w+:/, "$1/");
}

/** What AWS would add, as far as the program uses it. */
function computed(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const named = (key: string) => String(inputs[key]);
  switch (short(type)) {
    case "cloudwatch/EventRule":
      return { arn: `arn:aws:events:us-east-1:123456789012:rule/${named("name")}` };
    case "awsx:ec2:Vpc":
      return {
        privateSubnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"],
        routeTables: [{ id: "rtb-0a1b2c3d4e5f60718" }, { id: "rtb-1a1b2c3d4e5f60718" }],
        vpcId: "vpc-0a1b2c3d4e5f60718",
      };
    case "codecommit/Repository":
      return {
        arn: `arn:aws:codecommit:us-east-1:123456789012:${named("repositoryName")}`,
        repositoryName: named("repositoryName"),
        cloneUrlHttp: `https://git-codecommit.us-east-1.amazonaws.com/v1/repos/${named("repositoryName")}`,
      };
    case "codepipeline/Pipeline":
      return { arn: `arn:aws:codepipeline:us-east-1:123456789012:${named("name")}` };
    case "iam/OpenIdConnectProvider":
      return {
        arn: named("url").replace("https://", "arn:aws:iam::123456789012:oidc-provider/"),
      };
    case "iam/Policy":
      return { arn: `arn:aws:iam::123456789012:policy/${named("name")}` };
    case "ec2/VpcEndpoint":
      return { prefixListId: "pl-63a5400a" };
    case "iam/Role":
      return { arn: `arn:aws:iam::123456789012:role/${named("name")}` };
    case "kms/Key":
      return keyOf(named("description").startsWith("Secrets") ? otherKeyArn : keyArn);
    case "s3/Bucket":
      return { arn: `arn:aws:s3:::${named("bucket")}` };
    case "sns/Topic":
      return { arn: `arn:aws:sns:us-east-1:123456789012:${named("name")}` };
    case "sqs/Queue":
      return {
        arn: `arn:aws:sqs:us-east-1:123456789012:${named("name")}`,
        url: `https://sqs.us-east-1.amazonaws.com/123456789012/${named("name")}`,
      };
    default:
      return {};
  }
}

function keyOf(arn: string) {
  return { arn, keyId: arn.split("/")[1] };
}
