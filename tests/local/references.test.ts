import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import type { AwsContext } from "../../local/iam/contract";
import { requiredActions } from "../../local/iam/requiredActions";
import { readBuildspec } from "../../local/services/codebuild/buildspec";
import { variablesOf } from "../../local/services/codebuild/buildVariables";
import { readReferences } from "../../local/services/codebuild/references";
import { runBuild } from "../../local/services/codebuild/runBuild";
import { key, policySet } from "../support/policySet";

type Type = "PARAMETER_STORE" | "PLAINTEXT" | "SECRETS_MANAGER";

const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:churn/token-AbCdEf";

describe("references of a build on the local cloud", () => {
  it("have the values that Secrets Manager and Parameter Store answer to the build role", async () => {
    const { asked, values } = await read([
      ["PLAINTEXT", "COUNTRY", "eu"],
      ["SECRETS_MANAGER", "WHOLE", "churn/token"],
      ["SECRETS_MANAGER", "KEY", "churn/token:key"],
      ["SECRETS_MANAGER", "OLD", `${arn}:key:AWSPREVIOUS`],
      ["PARAMETER_STORE", "URL", "/churn/url"],
    ]);
    assert.deepEqual(values, {
      KEY: "invented",
      OLD: "invented",
      URL: "value of /churn/url",
      WHOLE: '{"key":"invented"}',
    });
    assert.deepEqual(asked, [
      { Names: ["/churn/url"], WithDecryption: true },
      { SecretId: "churn/token" },
      { SecretId: "churn/token" },
      { SecretId: arn, VersionStage: "AWSPREVIOUS" },
    ]);
  });

  it("fail the build in CodeBuild's words, without a value", async () => {
    await assert.rejects(
      read([["PARAMETER_STORE", "URL", "/missing"]]),
      /^Error: Phase: DOWNLOAD_SOURCE, Code: Decrypted Variables Error, Message: .*: \/missing/,
    );
    await assert.rejects(
      read([["SECRETS_MANAGER", "TOKEN", "churn/token:other"]]),
      ({ message }: Error) =>
        /Secrets Manager Error, Message: .* no JSON key other/.test(message) &&
        !message.includes("invented"),
    );
  });

  it("are no plain-text variables", () => {
    const environment = project([
      ["PLAINTEXT", "COUNTRY", "eu"],
      ["SECRETS_MANAGER", "TOKEN", "churn/token"],
    ]);
    assert.deepEqual(variablesOf(environment), { COUNTRY: "eu" });
  });

  it("need the secret, the parameter and their keys", async () => {
    const ask = (service: string, operation: string, parameters: Record<string, unknown>) =>
      requiredActions({ headers: {}, operation, parameters, service }, policySet);
    const decrypt = (service: string) => ({
      action: "kms:Decrypt",
      context: { "kms:ViaService": `${service}.us-east-1.amazonaws.com` },
      resource: key,
    });
    assert.deepEqual(await ask("secretsmanager", "GetSecretValue", { SecretId: "churn/token" }), [
      { action: "secretsmanager:GetSecretValue", resource: arn },
      decrypt("secretsmanager"),
    ]);
    const resource = "arn:aws:ssm:us-east-1:123456789012:parameter/churn/url";
    const parameters = { Names: ["/churn/url"], WithDecryption: true };
    assert.deepEqual(await ask("ssm", "GetParameters", parameters), [
      { action: "ssm:GetParameters", resource },
      decrypt("ssm"),
    ]);
  });

  it("are hidden in the log of the build", async () => {
    const folder = mkdtempSync(join(tmpdir(), "references-"));
    const text =
      'version: 0.2\nphases: {build: {commands: [echo "$TOKEN and $LONG", "false # $TOKEN"]}}';
    const env = { LONG: "invented, too", PATH: process.env.PATH ?? "", TOKEN: "invented" };
    const place = {
      cwd: folder,
      env,
      folder,
      hidden: [env.TOKEN, env.LONG, ""],
      timeoutMinutes: 1,
    };
    const buildspec = readBuildspec(text, "buildspec.yml");
    const ran = await runBuild(buildspec, place, new AbortController().signal);
    rmSync(folder, { recursive: true });
    assert.ok(ran.lines.includes("*** and ***"), ran.lines.join("\n"));
    assert.doesNotMatch(JSON.stringify(ran), /invented/);
  });
});

const asking = z.object({
  Names: z.array(z.string()).optional(),
  SecretId: z.string().optional(),
});

/** Reads references from a server that knows one secret and every parameter but one. */
async function read(variables: readonly (readonly [Type, string, string])[]) {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const parameters: unknown = JSON.parse(body);
      asked.push(parameters);
      const { Names = [] } = asking.parse(parameters);
      const known = Names.filter((name) => name !== "/missing");
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(
        JSON.stringify({
          InvalidParameters: Names.filter((name) => !known.includes(name)),
          Parameters: known.map((Name) => ({ Name, Value: `value of ${Name}` })),
          SecretString: '{"key":"invented"}',
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  try {
    const values = await readReferences(project(variables), contextAt(port), credentials);
    return { asked, values };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const credentials = { accessKeyId: "key", secretAccessKey: "secret", sessionToken: "token" };

function contextAt(port: number): AwsContext {
  const unused = () => {
    throw new Error("unexpected call");
  };
  const endpoint = `http://127.0.0.1:${port.toString()}`;
  return {
    accountId: "123456789012",
    ownerEndpoint: endpoint,
    partition: "aws",
    proxy: {
      actAs: unused,
      assume: unused,
      decisions: [],
      endpoint,
      require: unused,
      reread: unused,
      stop: unused,
    },
    region: "us-east-1",
    scratch: "",
    signal: new AbortController().signal,
  };
}

function project(variables: readonly (readonly [Type, string, string])[]) {
  const environmentVariables = variables.map(([type, name, value]) => ({ name, type, value }));
  const computeType = "BUILD_GENERAL1_SMALL" as const;
  const type = "LINUX_CONTAINER" as const;
  return { environment: { computeType, environmentVariables, image: "image", type } };
}
