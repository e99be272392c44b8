import { readFileSync } from "node:fs";

import { ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import * as provider from "@pulumi/pulumi/provider";
import { z } from "zod";

import { cloudFrom } from "./cloud";
import { handlersFor } from "./handlers";
import { localProvider } from "./provider";

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

async function main(): Promise<void> {
  acceptReadsWithoutState();
  const cloud = cloudFrom(process.env);
  const handlers = handlersFor(cloud.endpoint, cloud.region);
  await provider.main(localProvider(cloud, handlers, awsVersion()), process.argv.slice(2));
}

// The engine asks for the version of the SDK that the program was written against.
function awsVersion(): string {
  const file = require.resolve("@pulumi/aws/package.json");
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

/**
 * Lets Pulumi's provider server answer an import, which reads a resource that has no state yet: the
 * server takes it for granted that every read brings one, and fails without.
 */
function acceptReadsWithoutState(): void {
  // Field 3, the state, of length 0: an empty one.
  const empty = ReadRequest.deserializeBinary(Uint8Array.of(0x1a, 0x00)).getProperties();
  const deserialize = ReadRequest.deserializeBinary.bind(ReadRequest);
  ReadRequest.deserializeBinary = (bytes) => {
    const request = deserialize(bytes);
    return request.hasProperties() ? request : request.setProperties(empty);
  };
}
