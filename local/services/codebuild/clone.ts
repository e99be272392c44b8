import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateSync } from "node:zlib";

import { z } from "zod";

import type { AwsContext, Credentials } from "../../iam/contract";
import { run } from "../../toolchain/processes";
import { callEmulator } from "../emulatorCall";

/** Clone of a CodeCommit repository at a commit. */
export interface Clone {
  readonly commitId: string;
  readonly repositoryName: string;
}

const shape = z.object({
  branches: z.record(z.string(), z.string()),
  objects: z.array(z.object({ body: z.base64(), id: z.string(), kind: z.string() })),
});

/** Clones the repository with its history into the folder, under the role of the build. */
export async function clone(
  { commitId, repositoryName }: Clone,
  folder: string,
  context: AwsContext,
  credentials: Credentials,
): Promise<void> {
  const { accountId, partition, region, signal } = context;
  // Git has a protocol of its own, which the emulator does not have.
  await context.proxy.require(credentials, {
    action: "codecommit:GitPull",
    resource: `arn:${partition}:codecommit:${region}:${accountId}:${repositoryName}`,
  });
  const { branches, objects } = shape.parse(
    await callEmulator(context, "codecommit", "EmulatorClone", { repositoryName }),
  );
  mkdirSync(folder, { recursive: true });
  const git = async (...args: string[]) => {
    const { code, lines } = await run("git", args, { cwd: folder, signal });
    if (code !== 0) throw new Error(`git ${args.join(" ")}:\n${lines.join("\n")}`);
  };
  await git("init", "--quiet");
  for (const { body, id, kind } of objects) {
    const content = Buffer.from(body, "base64");
    const file = join(folder, ".git/objects", id.slice(0, 2), id.slice(2));
    mkdirSync(dirname(file), { recursive: true });
    const head = Buffer.from(`${kind} ${String(content.length)}\0`);
    writeFileSync(file, deflateSync(Buffer.concat([head, content])));
  }
  for (const [branch, tip] of Object.entries(branches))
    await git("update-ref", `refs/remotes/origin/${branch}`, tip);
  await git("checkout", "--quiet", "--detach", commitId);
}
