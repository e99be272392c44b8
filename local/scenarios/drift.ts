import type { IAM } from "@aws-sdk/client-iam";

import { z } from "zod";

import type { Engine } from "../cloud/engine";
import { print } from "../../lib/progress";
import { clientOptions } from "../cloud/provider/clients";
import type { ClientOptions } from "../cloud/provider/clients";
import { differing, readAll } from "../cloud/readBack";
import { type StateResource, nameOf } from "../../lib/state";
import { table } from "../../lib/table";

/** A change that users make in the console, and should not. */
interface HandMade {
  readonly what: string;
  readonly type: string;
  readonly name: string;
  readonly change: (options: ClientOptions, id: string) => Promise<unknown>;
}

const policyShape = z.looseObject({ Statement: z.array(z.unknown()) });

const everything = { Sid: "ByHand", Effect: "Allow", Action: "*", Resource: "*" };

const handMade: readonly HandMade[] = [
  {
    what: "artifact bucket policy deleted",
    type: "aws:s3/bucketPolicy:BucketPolicy",
    name: "-artifacts",
    change: async (options, Bucket) => {
      const { S3 } = await import("@aws-sdk/client-s3");
      return new S3({ ...options, forcePathStyle: true }).deleteBucketPolicy({ Bucket });
    },
  },
  {
    what: "push rule disabled",
    type: "aws:cloudwatch/eventRule:EventRule",
    name: "-push-rule",
    change: async (options, Name) => {
      const { EventBridge } = await import("@aws-sdk/client-eventbridge");
      return new EventBridge(options).disableRule({ Name });
    },
  },
  {
    what: "build role policy extended to all actions",
    type: "aws:iam/rolePolicy:RolePolicy",
    name: "-build-role",
    change: async (options, id) => {
      const { IAM } = await import("@aws-sdk/client-iam");
      return widen(new IAM(options), id);
    },
  },
];

/**
 * Passes only if the next `up --refresh` names exactly the resources that were changed outside the
 * engine, and restores them.
 */
export async function mustRepairDrift(engine: Engine): Promise<void> {
  const resources = await engine.resources();
  const before = await readAll(engine, resources);
  const touched: { urn: string; what: string }[] = [];
  for (const one of handMade) {
    const found = resources.find((resource) => isMeant(one, resource));
    // A pipeline with a connection has no rule.
    if (found === undefined) continue;
    await one.change(clientOptions(engine.cloud.endpoint, engine.cloud.region), found.id);
    touched.push({ urn: found.urn, what: one.what });
    print(`    manual change: ${one.what}`);
  }
  const drifted = differing(before, await readAll(engine, resources));
  mustBeThese(drifted, touched, "resources with manual changes");

  const { changes } = await engine.up("pulumi up --refresh", { refresh: true });
  const rows = touched.map(({ urn, what }) => {
    const operations = changes
      .filter((change) => change.urn === urn)
      .map(({ operation }) => operation);
    if (operations.length === 0) throw new Error(`drift not detected: ${what} (${urn})`);
    return [what, `${operations.join(", then ")} ${nameOf(urn)}`];
  });
  for (const line of table(rows)) print(`    ${line}`);
  mustBeThese(
    differing(before, await readAll(engine, resources)),
    [],
    "resources that are not repaired",
  );
  print(`    all ${before.size.toString()} resources are as before the manual changes`);
}

function isMeant({ name, type }: HandMade, resource: StateResource): boolean {
  return resource.type === type && nameOf(resource.urn).endsWith(name);
}

function mustBeThese(urns: string[], touched: { urn: string }[], what: string): void {
  const expected = touched.map(({ urn }) => urn);
  if ([...urns].sort().join("\n") === expected.sort().join("\n")) return;
  throw new Error(`${what}: expected ${expected.join(", ") || "none"}, got ${urns.join(", ")}`);
}

async function widen(iam: IAM, id: string): Promise<unknown> {
  const [RoleName, PolicyName] = id.split(":");
  const { PolicyDocument = "" } = await iam.getRolePolicy({ RoleName, PolicyName });
  const policy: unknown = JSON.parse(decodeURIComponent(PolicyDocument));
  return iam.putRolePolicy({
    RoleName,
    PolicyName,
    PolicyDocument: JSON.stringify(widened(policy)),
  });
}

function widened(policy: unknown): unknown {
  const { Statement, ...rest } = policyShape.parse(policy);
  return { ...rest, Statement: [...Statement, everything] };
}
