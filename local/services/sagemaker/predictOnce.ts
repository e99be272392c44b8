import type { AwsContext } from "../../iam/contract";
import { startModelServer } from "../hosting/modelServer";
import { modelVersion } from "./execution";

/** A request to a registered version. */
export interface Question {
  /** The version that answers. */
  readonly modelPackageArn: string;
  /** The role that a model of this version would have. */
  readonly roleArn: string;
  readonly python: string;
  readonly body: string;
  /** @default "text/csv" */
  readonly contentType?: string;
  /** @default "text/csv" */
  readonly accept?: string;
  /** Environment variable of the registered container that is left out. */
  readonly without?: string;
}

/** What a registered version answers to one request: its archive from S3, its own handler, the role's rights. */
export async function predictOnce(question: Question, context: AwsContext): Promise<string> {
  const { accept = "text/csv", contentType = "text/csv", modelPackageArn, python } = question;
  const { InferenceSpecification } = await modelVersion(modelPackageArn, context);
  const { Environment = {}, ModelDataUrl = "" } = InferenceSpecification?.Containers?.[0] ?? {};
  const by = { service: "sagemaker.amazonaws.com", sourceArn: modelPackageArn };
  const credentials = await context.proxy.assume(question.roleArn, by);

  const { [question.without ?? ""]: _, ...environment } = Environment;
  const serving = { environment, modelDataUrl: ModelDataUrl, python };
  const server = await startModelServer(serving, credentials, context);
  if ("notLoaded" in server) {
    throw new Error(`the model server did not start:\n${server.notLoaded.slice(-30).join("\n")}`);
  }
  try {
    const answer = await fetch(`${server.url}/invocations`, {
      method: "POST",
      body: question.body,
      headers: { Accept: accept, "Content-Type": contentType },
      signal: context.signal,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the model server returned an error: ${text}`);
    return text;
  } finally {
    await server.stop();
  }
}
