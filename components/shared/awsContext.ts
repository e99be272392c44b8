import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { AwsContext } from "../names/names";

/**
 * AWS context of the provider: account, partition and region. Also available in a preview.
 * @throws the error of the provider, for example without credentials
 */
export async function getAwsContext(opts: pulumi.InvokeOptions = {}): Promise<AwsContext> {
  const [{ accountId }, { dnsSuffix, partition }, { region }] = await Promise.all([
    aws.getCallerIdentity({}, opts),
    aws.getPartition({}, opts),
    aws.getRegion({}, opts),
  ]);
  return { accountId, dnsSuffix, partition, region };
}
