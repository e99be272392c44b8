import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { type ServiceError, credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  type AnalyzeDiagnostic,
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzeStackRequest,
  type AnalyzerInfo,
  AnalyzerResource,
  AnalyzerResourceOptions,
  EnforcementLevel,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { resourceRules, stackRules } from "../../policy/rules";
import { typeScriptOptions } from "../support/process";

const root = join(__dirname, "..", "..");
const bucket = "aws:s3/bucket:Bucket";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
/** What the engine sends for a value that is unknown in a preview. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("policy pack as the engine runs it", function () {
  this.timeout(60_000);
  let host: ChildProcess;
  let client: AnalyzerClient;

  before(async () => {
    const file = join(root, "tests", "support", "servePack.ts");
    host = spawn(process.execPath, [...typeScriptOptions, file], {
      cwd: join(root, "policy"),
      stdio: ["ignore", "pipe", "inherit"],
    });
    assert.ok(host.stdout !== null);
    const printed: unknown[] = await once(host.stdout, "data");
    const address = `127.0.0.1:${String(printed[0]).trim()}`;
    client = new AnalyzerClient(address, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    host.kill();
    await once(host, "close");
  });

  /** Violations of one resource, before the engine creates it. */
  async function analyze(type: string, props: Parameters<typeof Struct.fromJavaScript>[0]) {
    const request = new AnalyzeRequest()
      .setType(type)
      .setUrn(`urn:pulumi:dev::p::${type}::it`)
      .setName("it")
      .setProperties(Struct.fromJavaScript(props))
      .setOptions(new AnalyzerResourceOptions());
    const response = await call<AnalyzeResponse>((done) => client.analyze(request, done));
    return response.getDiagnosticsList().map(lineOf);
  }

  /** Violations of a stack with these resources. */
  async function analyzeStack(
    resources: readonly (readonly [type: string, props: Record<string, string | boolean>])[],
  ) {
    const all = resources.map(([type, props]) =>
      new AnalyzerResource()
        .setType(type)
        .setUrn(`urn:pulumi:dev::p::${type}::it`)
        .setName("it")
        .setProperties(Struct.fromJavaScript(props))
        .setOptions(new AnalyzerResourceOptions()),
    );
    const request = new AnalyzeStackRequest().setResourcesList(all);
    const response = await call<AnalyzeResponse>((done) => client.analyzeStack(request, done));
    return response.getDiagnosticsList().map(lineOf);
  }

  it("has every rule as a mandatory policy, and two advisory ones for unknown values", async () => {
    const info = await call<AnalyzerInfo>((done) => client.getAnalyzerInfo(new Empty(), done));
    const policies = info.getPoliciesList();
    assert.equal(info.getName(), "model-build-pipeline");
    assert.deepEqual(namesWith(policies, EnforcementLevel.MANDATORY), [
      ...[...resourceRules, ...stackRules].map(({ name }) => name).sort(),
    ]);
    assert.deepEqual(namesWith(policies, EnforcementLevel.ADVISORY), [
      "resources-seen-in-full",
      "stack-seen-in-full",
    ]);
  });

  it("rejects a resource that violates a rule, and accepts it with the setting", async () => {
    const [violation = "", ...others] = await analyze(logGroup, { name: "a" });
    assert.match(violation, /^mandatory log-group-retention: /);
    assert.deepEqual(others, []);
    assert.deepEqual(await analyze(logGroup, { name: "a", retentionInDays: 30 }), []);
  });

  it("ends a violation with the AWS controls of the rule", async () => {
    const [violation = ""] = await analyze("aws:kms/key:Key", {});
    assert.match(violation, /Set enableKeyRotation to true\. \[KMS\.4\]$/);
  });

  it("lists an input that a preview does not know, instead of a violation", async () => {
    assert.deepEqual(await analyze(logGroup, { name: "a", retentionInDays: unknown }), [
      "advisory resources-seen-in-full: log-group-retention checks retentionInDays in the update: not known yet.",
    ]);
  });

  it("rejects a stack that violates a rule of the whole stack", async () => {
    const violations = await analyzeStack([[bucket, { bucket: "a" }]]);
    const blocked = /^mandatory s3-bucket-public-access-block: .* \[S3\.2, S3\.3, S3\.8\]$/;
    assert.ok(violations.some((one) => blocked.test(one)));
  });

  it("lists a resource whose attached settings a preview does not know", async () => {
    const found = await analyzeStack([
      [bucket, { bucket: "a" }],
      ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { bucket: unknown }],
    ]);
    assert.ok(
      found.includes(
        "advisory stack-seen-in-full: s3-bucket-public-access-block cannot check this resource: " +
          "attached settings are not known yet.",
      ),
      found.join("\n"),
    );
  });
});

/** Result of a gRPC call. */
function call<T>(
  start: (done: (error: ServiceError | null, response: T) => void) => unknown,
): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

/** Level, policy and message of a violation, without the policy's description. */
function lineOf(violation: AnalyzeDiagnostic): string {
  const level =
    violation.getEnforcementlevel() === EnforcementLevel.MANDATORY ? "mandatory" : "advisory";
  const message = violation.getMessage().split("\n").slice(1).join(" ");
  return `${level} ${violation.getPolicyname()}: ${message}`;
}

function namesWith(
  policies: readonly { getName(): string; getEnforcementlevel(): EnforcementLevel }[],
  level: EnforcementLevel,
): string[] {
  return policies
    .filter((policy) => policy.getEnforcementlevel() === level)
    .map((policy) => policy.getName())
    .sort();
}
