import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { Place } from "./names";

/** Asks the provider, once, where the component's resources will live; known in a preview. */
export function placeOf(parent: pulumi.Resource): pulumi.Output<Place> {
  const opts = { parent };
  return pulumi
    .all([
      aws.getCallerIdentityOutput({}, opts),
      aws.getPartitionOutput({}, opts),
      aws.getRegionOutput({}, opts),
    ])
    .apply(([{ accountId }, { dnsSuffix, partition }, { region }]) => ({
      accountId,
      dnsSuffix,
      partition,
      region,
    }));
}
