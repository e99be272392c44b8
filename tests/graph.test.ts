import { strict as assert } from "node:assert";

import { ModelBuildPipeline } from "../components/modelBuildPipeline";
import { ModelDeployPipeline } from "../components/modelDeployPipeline";
import { type Link, longestChain } from "../local/bench/chain";
import { onRegistration, record } from "./support/mocks";

const pipeline = "aws:codepipeline/pipeline:Pipeline model-build-pipeline";
const repository = "aws:codecommit/repository:Repository model-build-source";
const target = "aws:cloudwatch/eventTarget:EventTarget model-build-on-push";

describe("the order of creation", () => {
  it("lets no resource wait for more than four others in a row", async () => {
    const links: Link[] = [];
    await record(() => {
      listen(links);
      new ModelBuildPipeline("model-build", { projectName: "churn" });
    });
    const chain = longestChain(links);

    assert.ok(chain.length > 1, "nothing waits: the test hears no dependencies");
    assert.ok(chain.length <= 5, chain.join(" -> "));
  });

  it("with a deployment, lets none wait for more than ten: its pipeline comes after the whole model build", async () => {
    const links = await ofDeployment();
    const chain = longestChain(links);
    assert.ok(chain.length > 5 && chain.length <= 11, chain.join(" -> "));
  });

  it("gives the rule of decisions a target only once there is a pipeline, and a pipeline once there is a repository", async () => {
    const links = await ofDeployment();
    const waitsFor = (name: string) => links.find((it) => it.name === name)?.waitsFor ?? [];
    const delivery = "aws:codepipeline/pipeline:Pipeline model-deploy-pipeline";
    const started = waitsFor("aws:cloudwatch/eventTarget:EventTarget model-deploy-on-approval");
    assert.ok(started.includes(delivery), String(started));
    const found = waitsFor(delivery);
    for (const needed of [
      "aws:codecommit/repository:Repository model-deploy-source",
      "aws:codebuild/project:Project model-deploy-deploy-prod",
      "aws:s3/bucketPolicy:BucketPolicy model-build-artifacts",
      "aws:sqs/queuePolicy:QueuePolicy model-build-undelivered",
    ])
      assert.ok(found.includes(needed), `${needed} of ${String(found)}`);
  });

  it("gives the rule a target only once there is a pipeline, so that the first commit starts one run", async () => {
    const links: Link[] = [];
    await record(() => {
      listen(links);
      new ModelBuildPipeline("model-build", { projectName: "churn" });
    });
    const waitsFor = (name: string) => links.find((it) => it.name === name)?.waitsFor ?? [];

    // The hook that makes the commit runs before the creation of the pipeline, and so after that of the repository.
    assert.ok(waitsFor(target).includes(pipeline), String(waitsFor(target)));
    assert.ok(waitsFor(pipeline).includes(repository), String(waitsFor(pipeline)));
  });
});

describe("the longest chain", () => {
  it("is found across branches, and once for resources that share what they wait for", () => {
    assert.deepEqual(
      longestChain([
        { name: "key", waitsFor: [] },
        { name: "bucket", waitsFor: ["key"] },
        { name: "role", waitsFor: [] },
        { name: "policy", waitsFor: ["role", "bucket"] },
        { name: "alias", waitsFor: ["key"] },
      ]),
      ["key", "bucket", "policy"],
    );
  });

  it("leaves out what is no resource of its own, such as the component", () => {
    assert.deepEqual(longestChain([{ name: "key", waitsFor: ["component"] }]), ["key"]);
  });

  it("of nothing is empty", () => {
    assert.deepEqual(longestChain([]), []);
  });
});

/** What each resource of both components waits for. */
async function ofDeployment(): Promise<Link[]> {
  const links: Link[] = [];
  await record(() => {
    listen(links);
    const project = { projectName: "churn", projectId: "dev" };
    const modelBuild = new ModelBuildPipeline("model-build", { ...project, deployment: true });
    new ModelDeployPipeline("model-deploy", { ...project, modelBuild });
  });
  return links;
}

/** Notes what each registration waits for, as the engine is told it: named by `dependsOn` or seen in an input. */
function listen(links: Link[]): void {
  onRegistration((request) => {
    const name = `${request.getType()} ${request.getName()}`;
    if (request.getCustom())
      links.push({ name, waitsFor: request.getDependenciesList().map(nameOf) });
  });
}

function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name.join("::")}`;
}
