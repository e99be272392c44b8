import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Place } from "./names";

/**
 * Asks the provider where resources will live; answered in a preview too.
 * @throws what the provider says, for example that there are no credentials
 */
export async function whereabouts(opts: pulumi.InvokeOptions = {}): Promise<Place> {
  const [{ accountId }, { dnsSuffix, partition }, { region }] = await Promise.all([
    aws.getCallerIdentity({}, opts),
    aws.getPartition({}, opts),
    aws.getRegion({}, opts),
  ]);
  return { accountId, dnsSuffix, partition, region };
}
