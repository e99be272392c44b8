import { strict as assert } from "node:assert";

import { checkDefinition } from "../../../scripts/prove/definition";
import { checkImage } from "../../../scripts/prove/image";
import type { RunProgram } from "../../../scripts/prove/kit";
import { pause, programs } from "../../../scripts/prove/program";
import { awsError, fakeKit } from "../../support/proveAccount";

describe("programs", () => {
  const run = programs(new AbortController().signal);

  it("returns the output, with input and environment", async () => {
    const env = { ...process.env, WHO: "world" };
    assert.equal(
      await run("sh", ["-c", 'read x; echo "$x $WHO"'], { env, input: "hello\n" }),
      "hello world",
    );
    // It does not read its input.
    assert.equal(await run("true", [], { input: "x".repeat(1_000_000) }), "");
  });

  it("throws the error output of a program that fails, and for one that is missing", async () => {
    await assert.rejects(run("sh", ["-c", "echo out; echo why >&2; exit 3"]), /\nout\n+why$/);
    await assert.rejects(run("no-such-program", []), /ENOENT/);
  });

  it("runs nothing after the signal, except the last programs", async () => {
    const stopped = programs(AbortSignal.abort());
    await assert.rejects(stopped("true", []), { message: /aborted/ });
    assert.equal(await stopped("echo", ["removed"], { isLast: true }), "removed");
  });
});

describe("pause", () => {
  it("ends after its time, or when the signal fires", async () => {
    await pause(1, new AbortController().signal);
    await assert.rejects(pause(60_000, AbortSignal.timeout(1)), { name: "AbortError" });
  });
});

describe("checkDefinition", () => {
  const answers = {
    "sagemaker.createPipeline": () => ({}),
    "sagemaker.deletePipeline": () => {
      throw awsError("ResourceNotFound", "does not exist");
    },
  };

  it("creates the pipeline with the definition of the starter, and deletes it", async () => {
    const commands: (readonly [string, string, NodeJS.ProcessEnv | undefined])[] = [];
    const program: RunProgram = (command, args, where) => {
      commands.push([command, args.join(" "), where?.env]);
      return Promise.resolve('{ "Version": "2020-12-01" }');
    };
    const { calls, kit } = fakeKit(answers, { program });
    await checkDefinition(kit);
    const [, created, deleted] = calls;
    assert.equal(created?.[1].PipelineDefinition, '{"Version":"2020-12-01"}');
    assert.equal(created[1].RoleArn, "arn:aws:iam::123456789012:role/mlops-churn--dev--prove-use1");
    assert.equal(deleted?.[0], "sagemaker.deletePipeline");
    const [install, definition] = commands;
    assert.match(install?.[1] ?? "", /^-ec python3 -m venv \.tools\n/);
    assert.equal(definition?.[2]?.SAGEMAKER_PROJECT_NAME, "churn");
    assert.equal(definition[2].AWS_ACCESS_KEY_ID, "none");
  });

  it("deletes the pipeline also if SageMaker rejects the definition", async () => {
    const rejected = () => {
      throw awsError("ValidationException", "Std:Join");
    };
    const { calls, kit } = fakeKit(
      { ...answers, "sagemaker.createPipeline": rejected },
      { program: () => Promise.resolve("{}") },
    );
    await assert.rejects(checkDefinition(kit), /Std:Join/);
    assert.equal(calls.at(-1)?.[0], "sagemaker.deletePipeline");
  });
});

describe("checkImage", () => {
  const objects: Record<string, string> = {
    "sample/expected.csv": "label,probability\n1,0.75\n0,0.25\n",
    "sample/request.csv": "1,2\n3,4\n",
    "model.tar.gz": "archive",
  };
  const image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2";
  const answers = {
    "ecr.getAuthorizationToken": () => ({
      authorizationData: [{ authorizationToken: Buffer.from("AWS:token").toString("base64") }],
    }),
    "s3.getObject": ({ Key }: Readonly<Record<string, unknown>>) => ({
      Body: {
        transformToByteArray: () => Promise.resolve(Buffer.from(objects[String(Key)] ?? "")),
      },
    }),
    "sagemaker.describeModelPackage": () => ({
      CustomerMetadataProperties: { SampleLocation: "s3://bucket/sample" },
      InferenceSpecification: {
        Containers: [
          {
            Environment: { SAGEMAKER_PROGRAM: "inference.py" },
            Image: image,
            ModelDataUrl: "s3://bucket/model.tar.gz",
          },
        ],
      },
    }),
  };

  /** Docker whose container answers so, after a ping without an answer. */
  async function checked(answer: string) {
    const commands: (readonly [string, string | undefined])[] = [];
    let pings = 0;
    const program: RunProgram = (command, args, where) => {
      const line = [command, ...args.filter((it) => !it.includes("\n"))].join(" ");
      commands.push([line, where?.input]);
      if (args.at(-1) === "ping" && (pings += 1) === 1) return Promise.reject(new Error("refused"));
      if (args[0] === "rm") return Promise.reject(new Error("no such container"));
      return Promise.resolve(args.at(-1) === "invocations" ? answer : "");
    };
    const { kit } = fakeKit(answers, { program });
    const lines = await checkImage(kit, "arn").catch((error: unknown) => [String(error)]);
    return { commands, lines };
  }

  it("starts the image without a network, and compares its answers with the evaluation", async () => {
    const { commands, lines } = await checked("0.75\n0.25\n");
    assert.deepEqual(lines, [`docker run --network none ${image}: 2 answers match the evaluation`]);
    const all = commands.map(([line]) => line).join("\n");
    assert.match(
      all,
      /docker run --detach --network none .*-e SAGEMAKER_PROGRAM=inference\.py .* serve/,
    );
    const [, password] = commands.find(([line]) => line.startsWith("docker login")) ?? [];
    assert.equal(password, "token");
    assert.match(commands.at(-1)?.[0] ?? "", /^docker rm --force prove-/);
  });

  it("is not checked if the archive cannot be read", async () => {
    const denied = () => {
      throw awsError("AccessDenied", "kms:Decrypt is denied");
    };
    const { kit } = fakeKit({ ...answers, "s3.getObject": denied });
    await assert.rejects(checkImage(kit, "arn"), /^Error: not checked: kms:Decrypt is denied$/);
  });

  it("fails if an answer differs", async () => {
    for (const answer of ["0.75\n0.35\n", "0.75\n"])
      assert.match((await checked(answer)).lines[0] ?? "", /expected the answers of expected\.csv/);
  });
});
