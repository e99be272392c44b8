import { readFileSync } from "node:fs";

import * as provider from "@pulumi/pulumi/provider";
import { z } from "zod";

import { cloudFrom } from "./cloud";
import { handlersFor } from "./handlers";
import { localProvider } from "./provider";
import { acceptReadsWithoutState } from "./statelessReads";

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

async function main(): Promise<void> {
  acceptReadsWithoutState();
  const cloud = cloudFrom(process.env);
  const handlers = handlersFor(cloud.endpoint, cloud.region, cloud.credentials);
  await provider.main(localProvider(cloud, handlers, awsVersion()), process.argv.slice(2));
}

// The engine asks for the version of the SDK that the program was written against.
function awsVersion(): string {
  const file = require.resolve("@pulumi/aws/package.json");
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}
