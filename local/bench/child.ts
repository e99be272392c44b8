import { forgetTheUsersClouds } from "../cloud/environment";
import { openEngine } from "../cloud/engine";
import { pulumiCli } from "../toolchain/pulumiCli";
import { print } from "../../lib/progress";
import { longestChain } from "./chain";
import { type Job, childArgs } from "./job";
import { linksIn } from "./state";
import { thisProject } from "../scenarios/thisProject";

main(childArgs(process.argv.slice(2))).then(
  (answer) => {
    print(JSON.stringify(answer));
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);

/** One measurement in a process of its own, which has loaded nothing that another one needed. */
async function main({ endpoint, scratch, stackName, what }: Job): Promise<unknown> {
  forgetTheUsersClouds(process.env);
  const { signal } = new AbortController();
  const engine = await openEngine({
    command: await pulumiCli(signal),
    endpoint,
    scratch,
    signal,
    stack: {
      ...thisProject,
      stackName,
      ...(what === "empty" && { program: () => Promise.resolve({}) }),
    },
  });
  if (what === "chain") {
    await engine.up("pulumi up");
    return { chain: longestChain(linksIn(scratch)) };
  }

  const started = performance.now();
  await engine.preview();
  return {
    seconds: (performance.now() - started) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
}
