import { isRecord } from "../../cloud/provider/values";

const path = /^\$(?:\.[\w/-]+|\[\d+\])*$/;

/**
 * Value at a JSON path of the event, or undefined if there is none.
 * @throws for a path that EventBridge does not take, such as `$['detail']`; and for a wildcard, of which AWS does not
 * say what it gives
 */
export function valueAt(jsonPath: string, event: unknown): unknown {
  if (!path.test(jsonPath))
    throw new Error(
      `an input path must be in dot notation, for example "$.detail.state" or "$.resources[0]"; got "${jsonPath}"`,
    );
  const steps = jsonPath.match(/[\w/-]+/g) ?? [];
  return steps.reduce(child, event);
}

function child(node: unknown, step: string): unknown {
  if (Array.isArray(node)) return /^\d+$/.test(step) ? node[Number(step)] : undefined;
  return isRecord(node) && Object.hasOwn(node, step) ? node[step] : undefined;
}
