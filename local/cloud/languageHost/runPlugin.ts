import { spawn } from "node:child_process";
import { join } from "node:path";

import type { ServerWritableStream } from "@grpc/grpc-js";
import { type RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb";

const POLICY_HOST = join(__dirname, "..", "policyHost", "bin", "pulumi-analyzer-policy-nodejs");

/** Runs a policy pack until the engine ends the call. Other plugins are not supported. */
export function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const { request } = call;
  const folder = request.getInfo()?.getProgramDirectory();
  const args = [...request.getArgsList(), "."];
  const env = Object.fromEntries(request.getEnvList().map(variable));
  const child = spawn(POLICY_HOST, args, { cwd: folder, env: { ...process.env, ...env } });
  child.stdout.on("data", (part: Uint8Array) => {
    call.write(new RunPluginResponse().setStdout(part));
  });
  child.stderr.on("data", (part: Uint8Array) => {
    call.write(new RunPluginResponse().setStderr(part));
  });
  child.once("error", (error) => call.destroy(error));
  child.once("close", (code) => {
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
  call.once("cancelled", () => child.kill());
}

function variable(text: string): [name: string, value: string] {
  const [name = ""] = text.split("=");
  return [name, text.slice(name.length + 1)];
}
