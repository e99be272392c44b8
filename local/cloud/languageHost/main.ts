import { connect } from "node:net";

import { Server, ServerCredentials, type sendUnaryData } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  GetRequiredPackagesResponse,
  LanguageHandshakeResponse,
  type RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { runPlugin } from "./runPlugin";
import { runProgram } from "./runProgram";

// Node.js language host: `pulumi preview` and `pulumi up` run a program with it. A Pulumi CLI built
// from source has none, and the official one is not on the Go module proxy.
const engine = process.argv.slice(2).find((arg) => !arg.startsWith("-")) ?? "";

const server = new Server();
server.addService(LanguageRuntimeService, {
  cancel: answer(() => new Empty()),
  getPluginInfo: answer(() => new PluginInfo().setVersion("1.0.0")),
  getRequiredPackages: answer(() => new GetRequiredPackagesResponse()),
  handshake: answer(() => new LanguageHandshakeResponse()),
  run: answer(async (request: RunRequest) => {
    const response = new RunResponse();
    const error = await runProgram(request, engine);
    if (error === "reported") response.setBail(true);
    else if (error !== undefined) response.setError(error);
    return response;
  }),
  runPlugin,
});
// A CLI that fails early leaves its language host running: end with the engine, which is in the CLI.
const { hostname, port: enginePort } = new URL(`http://${engine}`);
setInterval(() => {
  const socket = connect(Number(enginePort), hostname, () => socket.destroy());
  socket.on("error", () => process.exit(0));
}, 1000);

server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  // The engine reads the port from the first line.
  console.log(port);
});

function answer<Request, Response>(work: (request: Request) => Response | Promise<Response>) {
  return (call: { readonly request: Request }, callback: sendUnaryData<Response>): void => {
    Promise.resolve(work(call.request)).then(
      (response) => {
        callback(null, response);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
}
