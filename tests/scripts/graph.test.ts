import { strict as assert } from "node:assert";

import { ModelBuildPipeline } from "../../components/modelBuild/modelBuildPipeline";
import { ModelDeployPipeline } from "../../components/modelDeploy/modelDeployPipeline";
import { type Link, longestChain } from "../../local/bench/chain";
import { onRegistration, record } from "../support/mocks";

const pipeline = "aws:codepipeline/pipeline:Pipeline model-build-pipeline";
const repository = "aws:codecommit/repository:Repository model-build-source";
const target = "aws:cloudwatch/eventTarget:EventTarget model-build-push-rule";

describe("the order of creation", () => {
  it("has chains of at most five resources for the model build", async () => {
    const links: Link[] = [];
    await record(() => {
      recordLinks(links);
      new ModelBuildPipeline("model-build", { projectName: "churn" });
    });
    const chain = longestChain(links);

    assert.ok(chain.length > 1, "no resource waits for another: the test sees no dependencies");
    assert.ok(chain.length <= 5, chain.join(" -> "));
  });

  it("has chains of at most eleven resources with deployment", async () => {
    const links = await linksOfDeployment();
    const chain = longestChain(links);
    // The pipeline of the deployment comes after the whole model build.
    assert.ok(chain.length > 5 && chain.length <= 11, chain.join(" -> "));
  });

  it("creates repository, pipeline and target of the approval rule in this order", async () => {
    const links = await linksOfDeployment();
    const waitsFor = (name: string) => links.find((it) => it.name === name)?.waitsFor ?? [];
    const deployPipeline = "aws:codepipeline/pipeline:Pipeline model-deploy-pipeline";
    const started = waitsFor("aws:cloudwatch/eventTarget:EventTarget model-deploy-approval-rule");
    assert.ok(started.includes(deployPipeline), String(started));
    const found = waitsFor(deployPipeline);
    for (const needed of [
      "aws:codecommit/repository:Repository model-deploy-source",
      "aws:codebuild/project:Project model-deploy-deploy-prod",
      "aws:s3/bucketPolicy:BucketPolicy model-build-artifacts",
      "aws:sqs/queuePolicy:QueuePolicy model-build-undelivered-events",
    ])
      assert.ok(found.includes(needed), `${needed} of ${String(found)}`);
  });

  it("creates the target of the push rule last, so that the first commit starts one run", async () => {
    const links: Link[] = [];
    await record(() => {
      recordLinks(links);
      new ModelBuildPipeline("model-build", { projectName: "churn" });
    });
    const waitsFor = (name: string) => links.find((it) => it.name === name)?.waitsFor ?? [];

    // A hook creates the first commit after the repository and before the pipeline.
    assert.ok(waitsFor(target).includes(pipeline), String(waitsFor(target)));
    assert.ok(waitsFor(pipeline).includes(repository), String(waitsFor(pipeline)));
  });

  it("creates each resource that uses a role after the policy of the role", async () => {
    const links = await linksOfDeployment();
    const roles = links.filter(({ name }) => name.startsWith("aws:iam/role:")).map(shortName);
    const users = roles.flatMap((role) =>
      links
        .filter(({ waitsFor }) => waitsFor.includes(`aws:iam/role:Role ${role}`))
        .map((user) => ({ role, user })),
    );
    for (const { role, user } of users) {
      const policy = `aws:iam/rolePolicy:RolePolicy ${role}`;
      if (user.name !== policy) assert.ok(user.waitsFor.includes(policy), `${user.name} ${role}`);
    }
    // Each role is used by its own policy, and by at least one other resource.
    const used = new Set(users.filter(({ user }) => !isRolePolicy(user)).map(({ role }) => role));
    assert.deepEqual([...used].sort(), roles.sort());
  });

  it("creates each pipeline after the model package group and the policies of all roles of its builds", async () => {
    const links = await linksOfDeployment();
    const build = allBefore(links, pipeline);
    for (const needed of [
      "aws:iam/rolePolicy:RolePolicy model-build-execution-role",
      "aws:iam/rolePolicy:RolePolicy model-build-build-role",
      "aws:sagemaker/modelPackageGroup:ModelPackageGroup model-build-models",
    ])
      assert.ok(build.has(needed), needed);
    const deployment = allBefore(links, pipeline.replace("model-build", "model-deploy"));
    for (const build of [
      "deploy-prod",
      "deploy-queue",
      "deploy-staging",
      "expire-staging",
      "serve-prod",
      "serve-staging",
      "test-staging",
    ]) {
      const needed = `aws:iam/rolePolicy:RolePolicy model-deploy-${build}-role`;
      assert.ok(deployment.has(needed), needed);
    }
    const group = "aws:scheduler/scheduleGroup:ScheduleGroup model-deploy-staging-schedules";
    assert.ok(deployment.has(group), group);
  });

  it("creates each event target after the policy of the DLQ, and of the topic", async () => {
    const links = await linksOfDeployment();
    const targets = links.filter(({ name }) => name.startsWith("aws:cloudwatch/eventTarget:"));
    assert.equal(targets.length, 12);
    for (const target of targets) {
      const needed = [
        "aws:sqs/queuePolicy:QueuePolicy model-build-undelivered-events",
        ...(/-(push|approval|staging-failed)-rule$/.test(target.name)
          ? []
          : ["aws:sns/topicPolicy:TopicPolicy model-build-notifications"]),
      ];
      for (const one of needed) assert.ok(target.waitsFor.includes(one), `${target.name} ${one}`);
    }
  });
});

describe("the longest chain", () => {
  it("is found across branches, also for resources with a common dependency", () => {
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

  it("leaves out names that are not a custom resource, for example a component", () => {
    assert.deepEqual(longestChain([{ name: "key", waitsFor: ["component"] }]), ["key"]);
  });

  it("is empty without resources", () => {
    assert.deepEqual(longestChain([]), []);
  });
});

/** Dependencies of each resource of both components. */
async function linksOfDeployment(): Promise<Link[]> {
  const links: Link[] = [];
  await record(() => {
    recordLinks(links);
    const project = { projectName: "churn", projectId: "dev" };
    const modelBuild = new ModelBuildPipeline("model-build", { ...project, deployment: true });
    new ModelDeployPipeline("model-deploy", { ...project, modelBuild });
  });
  return links;
}

/** Records the dependencies of each registration: from `dependsOn` and from its inputs. */
function recordLinks(links: Link[]): void {
  onRegistration((request) => {
    const name = `${request.getType()} ${request.getName()}`;
    if (request.getCustom())
      links.push({ name, waitsFor: request.getDependenciesList().map(nameOf) });
  });
}

/** Names of all resources that the engine creates before this one. */
function allBefore(links: readonly Link[], name: string, found = new Set<string>()): Set<string> {
  for (const needed of links.find((it) => it.name === name)?.waitsFor ?? []) {
    if (!found.has(needed)) allBefore(links, needed, found.add(needed));
  }
  return found;
}

function isRolePolicy({ name }: Link): boolean {
  return name.startsWith("aws:iam/rolePolicy:");
}

function shortName({ name }: Link): string {
  return name.split(" ")[1] ?? "";
}

function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name.join("::")}`;
}
