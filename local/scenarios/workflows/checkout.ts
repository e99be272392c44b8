import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Overrides } from "../../cloud/override";
import { copyProject } from "../../cloud/project";

const ROOT = join(__dirname, "..", "..", "..");

// Pull request that adds a bucket without any of the settings that the policy pack requires.
const REJECTED = `import * as aws from "@pulumi/aws";
import program = require(${JSON.stringify(join(ROOT, "index"))});

export = async () => {
  new aws.s3.Bucket("reports", { bucket: "acme-reports" });
  return program();
};
`;

/** Checkout of this repository in which a workflow runs. */
export interface Checkout {
  readonly folder: string;
  /** Runs `work` while the program of the checkout has a resource that the policy pack rejects. */
  readonly withRejectedProgram: (work: () => Promise<void>) => Promise<void>;
}

/** Creates a checkout: links to the files of this repository, and a copy of the stack's files. */
export function checkOut(folder: string, stack: string, settings: Overrides): Checkout {
  mkdirSync(folder);
  const copied = /^Pulumi(\..*)?\.yaml$|^\.git$|^\.local$|^coverage$/;
  for (const name of readdirSync(ROOT).filter((one) => !copied.test(one)))
    symlinkSync(join(ROOT, name), join(folder, name));
  copyProject(ROOT, stack, folder, settings);
  const program = join(folder, "index.ts");
  return {
    folder,
    withRejectedProgram: async (work) => {
      rmSync(program);
      writeFileSync(program, REJECTED);
      await work();
      rmSync(program);
      symlinkSync(join(ROOT, "index.ts"), program);
    },
  };
}
