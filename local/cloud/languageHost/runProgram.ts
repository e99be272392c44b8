import { spawn } from "node:child_process";

import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";

import { typeScript } from "../../toolchain/processes";

/** Exit code of a program whose error the engine has already. */
const REPORTED = 32;

/**
 * Runs a program as the official language host does: `@pulumi/pulumi/cmd/run` in a child process.
 * tsx transpiles TypeScript; the official host uses ts-node.
 * @returns the error: "reported" if the engine has it already, undefined if there is none
 */
export async function runProgram(request: RunRequest, engine: string): Promise<string | undefined> {
  const program = request.getInfo();
  const options = {
    engine,
    monitor: request.getMonitorAddress(),
    organization: request.getOrganization(),
    parallel: String(request.getParallel()),
    project: request.getProject(),
    pwd: request.getPwd(),
    "root-directory": program?.getRootDirectory() ?? "",
    stack: request.getStack(),
  };
  const args = [
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    program?.getEntryPoint() ?? ".",
  ];
  const config = Object.fromEntries(request.getConfigMap().toArray());
  const child = spawn(
    process.execPath,
    typeScript(require.resolve("@pulumi/pulumi/cmd/run"), ...args),
    {
      cwd: program?.getProgramDirectory(),
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
        PULUMI_NODEJS_TYPESCRIPT: "false",
      },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code === 0) return undefined;
  return code === REPORTED ? "reported" : `the program exited with code ${String(code)}`;
}
