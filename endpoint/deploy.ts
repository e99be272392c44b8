import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { callsOf } from "./calls";
import { deployStage } from "./deployStage";
import { openEngine } from "./engine";
import { environmentFrom } from "./environment";
import { stopOnSignals } from "./stopping";

const HELP = `node -r ts-node/register/transpile-only endpoint/deploy.ts

Deploys a model version to the endpoint of one stage, as CodeBuild runs it in the pipeline's deploy projects. In staging it decides
what to deploy: the version of MODEL_PACKAGE_ARN if that is approved, what production ran before if it is rejected and runs there, else
nothing. In production it deploys what staging did. Runs in the folder of staging-config.json and prod-config.json.

Leaves deployment.json, which says what was deployed, for the stages after it; and facts.env, for the shell: DEPLOYED, MODEL_VERSION.

Environment: as the pipeline's stack sets it; the README of this repository lists it.

Exit codes: 0 it is deployed, or there was nothing to do; 98 AWS took the version back, and the old one serves; 1 it failed`;

async function deploy(): Promise<number> {
  const folder = process.cwd();
  const environment = environmentFrom(process.env);
  const [{ CodePipeline }, { S3 }, { SageMaker }, { default: program }] = await Promise.all([
    import("@aws-sdk/client-codepipeline"),
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/client-sagemaker"),
    import("./index"),
  ]);
  const { region } = environment;
  const s3 = new S3({ region, forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL) });
  const clients = {
    codepipeline: new CodePipeline({ region }),
    s3,
    sagemaker: new SageMaker({ region }),
  };
  const signal = stopOnSignals(process, (line) => {
    console.error(line);
  });
  return deployStage({
    calls: callsOf(clients, environment),
    environment,
    file: (name) => readFileSync(join(folder, name), "utf8"),
    handover: () => {
      const from = process.env.CODEBUILD_SRC_DIR_Deployment ?? "";
      const file = join(from, "deployment.json");
      if (from !== "" && existsSync(file)) return readFileSync(file, "utf8");
      throw new Error(
        `staging's deployment.json must be in CODEBUILD_SRC_DIR_Deployment; got "${from}"`,
      );
    },
    keep: (name, text) => {
      writeFileSync(join(folder, name), text);
    },
    openEngine: () =>
      openEngine({
        cache: join(folder, "node_modules", ".cache"),
        environment,
        program,
        show: (text) => void process.stdout.write(text),
        signal,
      }),
    say: (line) => {
      console.log(line);
    },
    wait: () => setTimeout(15_000, undefined, { signal }),
  });
}

if (process.argv.slice(2).some((arg) => ["-h", "--help"].includes(arg))) console.log(HELP);
else
  deploy().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
