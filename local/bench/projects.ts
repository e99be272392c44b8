import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ModelBuildPipeline, ModelDeployPipeline } from "../../components";
import { print } from "../../lib/progress";

// Arguments: number of projects, and "components" or "bare".
const [count = "1", kind] = process.argv.slice(2);

// The mock engine has no resource hooks: no first commit.
const source = { codecommit: { seed: false } };

/** Resource as a component registered it. */
interface Registered {
  readonly inputs: Record<string, unknown>;
  readonly name: string;
  readonly type: string;
}

void main();

/** Prints the number of resources, and the CPU seconds that registering them takes. */
async function main(): Promise<void> {
  // Loads the modules and lists the resources of one project.
  const one = (await registered(projects(1))).filter(({ type }) => type.startsWith("aws:"));
  const program = kind === "bare" ? bare(one, Number(count)) : projects(Number(count));
  const started = process.cpuUsage();
  const all = await registered(program);
  const { system, user } = process.cpuUsage(started);
  const seconds = (system + user) / 1e6;
  const resources = all.filter(({ type }) => type.startsWith("aws:")).length;
  print(JSON.stringify({ resources, seconds }));
}

/** Projects with build and deployment. */
function projects(number: number) {
  return () => {
    for (let index = 1; index <= number; index += 1) {
      const projectName = `churn${String(index)}`;
      const args = { projectName, source };
      const modelBuild = new ModelBuildPipeline(projectName, { ...args, deployment: true });
      new ModelDeployPipeline(`${projectName}-deploy`, { ...args, modelBuild });
    }
  };
}

/** The same resources with plain inputs: without components and without dependencies. */
function bare(resources: readonly Registered[], number: number) {
  return () => {
    for (let index = 1; index <= number; index += 1)
      for (const { inputs, name, type } of resources)
        Reflect.construct(classOf(type), [`${name}-${String(index)}`, inputs]);
  };
}

/** Class of `@pulumi/aws`: `aws.s3.Bucket` for `aws:s3/bucket:Bucket`. */
function classOf(type: string) {
  const [, module = "", name = ""] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
  const found: unknown = Reflect.get(Reflect.get(aws, module), name);
  if (typeof found !== "function") throw new Error(`no class in @pulumi/aws for ${type}`);
  return found;
}

async function registered(program: () => void): Promise<Registered[]> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks({
    call: () => ({
      accountId: "123456789012",
      dnsSuffix: "amazonaws.com",
      partition: "aws",
      region: "us-east-1",
    }),
    newResource: ({ inputs, name, type }: Registered) => {
      resources.push({ inputs, name, type });
      const arn = `arn:aws:mock:us-east-1:123456789012:${name}`;
      return { id: name, state: { arn, keyId: name, url: name, ...inputs } };
    },
  });
  program();
  await pulumi.runtime.disconnect();
  return resources;
}
