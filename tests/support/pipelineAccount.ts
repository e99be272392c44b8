import { zipSync } from "fflate";

import type { StubAnswer, StubCall } from "./stubCloud";

type Document = Readonly<Record<string, unknown>>;

/** An AWS account with one CodePipeline. It records the results of simulated actions. */
export interface PipelineAccount {
  readonly answer: (call: StubCall) => StubAnswer;
  /** S3 objects of all buckets, by path. */
  readonly objects: Map<string, Uint8Array>;
  /** Result of each action, as `Stage/Action status`, in order. */
  readonly actions: string[];
  /** Stops the pipeline execution, as a user would. */
  readonly stop: (status: "Stopped" | "Stopping") => void;
}

/**
 * @param buildspecs of the CodeBuild projects, by their names
 * @param objects that exist before the first call
 */
export function pipelineAccount(
  pipeline: Document,
  buildspecs: Readonly<Record<string, string>>,
  execution: Document = {},
  objects = new Map<string, Uint8Array>(),
): PipelineAccount {
  const actions: string[] = [];
  const states = new Map<string, string>();
  let stopped: Document = {};
  let builds = 0;
  let latest: unknown;

  const playAction = ({
    actionName,
    pipelineExecutionId,
    stageName,
    status,
  }: Document): Document => {
    latest = pipelineExecutionId ?? latest;
    const name = `${String(stageName)}/${String(actionName)}`;
    if (typeof status === "string") states.set(name, status);
    if (typeof status === "string" && status !== "InProgress") actions.push(`${name} ${status}`);
    const facts = { actionExecutionId: `id of ${name}`, status: states.get(name) ?? "none" };
    const lastUpdatedBy = "arn:aws:iam::123456789012:user/approver";
    const isApproval = String(actionName).startsWith("Approve");
    const more = isApproval ? { lastUpdatedBy, token: "token" } : {};
    return { actionExecution: { ...facts, ...more } };
  };
  const decide = ({ actionName, result, stageName }: Document): Document => {
    const isApproved = JSON.stringify(result).includes("Approved");
    playAction({ actionName, stageName, status: isApproved ? "Succeeded" : "Failed" });
    return { approvedAt: 1 };
  };
  const operations: Readonly<Record<string, (body: Document) => object>> = {
    BatchGetBuilds: () => ({ builds: [] }),
    BatchGetProjects: ({ names }) => {
      const [name] = Array.isArray(names) ? names.map(String) : [];
      const source = { buildspec: `${name ?? ""}.yml`, type: "CODEPIPELINE" };
      return { projects: [{ arn: "arn", name, serviceRole: "build-role", source }] };
    },
    CreateLogStream: () => ({}),
    EmulatorPlayAction: playAction,
    GetBranch: () => ({ branch: { commitId: "head" } }),
    GetCommit: () => ({ commit: {} }),
    GetFile: ({ filePath }) => {
      const text = buildspecs[String(filePath).replace(".yml", "")] ?? "";
      return { fileContent: Buffer.from(text).toString("base64") };
    },
    GetFolder: () => ({
      files: Object.keys(buildspecs).map((name) => ({ absolutePath: `${name}.yml` })),
    }),
    GetPipeline: () => ({
      metadata: { pipelineArn: "arn:aws:codepipeline:us-east-1:123456789012:deploy" },
      pipeline,
    }),
    GetPipelineState: () => ({
      stageStates: [...new Set([...states.keys()].map((name) => name.split("/")[0]))].map(
        (stageName) => ({
          stageName,
          latestExecution: { pipelineExecutionId: latest, status: "Failed" },
          actionStates: [...states]
            .filter(([name]) => name.startsWith(`${stageName ?? ""}/`))
            .map(([name, status]) => ({
              actionName: name.split("/")[1],
              latestExecution: { status },
            })),
        }),
      ),
    }),
    GetPipelineExecution: () => ({
      pipelineExecution: { status: "InProgress", ...execution, ...stopped },
    }),
    PutApprovalResult: decide,
    PutLogEvents: () => ({}),
    PutMetricData: () => ({}),
    StartBuild: ({ projectName }) => ({
      build: { id: `${String(projectName)}:${String(++builds)}` },
    }),
  };

  return {
    actions,
    objects,
    answer: ({ body, bytes, operation, path }) => {
      const [where = ""] = path.split("?");
      if (operation === "PUT") objects.set(where, bytes);
      if (operation === "PUT") return [200, ""];
      if (operation === "GET") return [200, objects.get(where) ?? zipSync({})];
      const handler = operations[operation.split(".").pop() ?? ""];
      return handler === undefined
        ? [500, { __type: "Unasked", message: operation }]
        : [200, handler(body)];
    },
    stop: (status) => {
      stopped = { status, statusSummary: "nothing to do" };
    },
  };
}
