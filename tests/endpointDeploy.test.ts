import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";

import type { Calls } from "../endpoint/calls";
import { deployStage, ROLLED_BACK } from "../endpoint/deployStage";
import type { Environment } from "../endpoint/environment";
import { underLock } from "../endpoint/lock";
import type { ModelVersion } from "../endpoint/modelVersions";
import type { Running } from "../endpoint/running";
import type { Settings } from "../endpoint/settings";
import type { Engine, Tools } from "../endpoint/tools";

const prefix = "arn:aws:sagemaker:us-east-1:123456789012:model-package/mlops-churn--dev--models/";
const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 12, minute));
const keyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const outputs = {
  artifactBucketName: "artifacts",
  artifactKeyArn: keyArn,
  contractVersion: 1,
  modelPackageGroupName: "mlops-churn--dev--models",
};
const staging: Environment = {
  accountId: "123456789012",
  backendUrl: "s3://state/staging?region=us-east-1",
  endpointName: "mlops-churn--dev--staging",
  executionId: "run-2",
  modelPackageArn: `${prefix}2`,
  outputsUri: "s3://state/staging/model-build-outputs.json",
  partition: "aws",
  pipelineName: "deploy",
  prodEndpointName: "mlops-churn--dev--prod",
  prodRoleArn: "arn:aws:iam::123456789012:role/serve-prod",
  projectId: "dev",
  projectName: "churn",
  region: "us-east-1",
  roleArn: "arn:aws:iam::123456789012:role/serve-staging",
  secretsProvider: "awskms:///a",
  stage: "staging",
};
const prod: Environment = { ...staging, endpointName: "mlops-churn--dev--prod", stage: "prod" };
const files: Record<string, string> = {
  "staging-config.json": JSON.stringify({ instanceType: "ml.m5.large", instanceCount: 1 }),
  "prod-config.json": JSON.stringify({ instanceType: "ml.m5.large", instanceCount: 2 }),
};
const version = (number: number, approval = "Approved"): ModelVersion => ({
  arn: `${prefix}${String(number)}`,
  version: number,
  approval,
  status: "Completed",
  archives: [],
  registered: at(0),
  lastModified: at(0),
  metrics: {},
});

const standingEndpoint = {
  urn: "urn::endpoint",
  type: "aws:sagemaker/endpoint:Endpoint",
  inputs: { name: "mlops-churn--dev--staging" },
};

/** An endpoint, its stack and its pipeline, all in memory. */
class World {
  readonly said: string[] = [];
  readonly kept: Record<string, string> = {};
  readonly ups: Settings[] = [];
  readonly done: string[] = [];
  readonly objects: Record<string, string> = { [staging.outputsUri]: JSON.stringify(outputs) };
  state: object = { resources: [standingEndpoint] };
  statuses: Record<string, string> = {};
  versions = [version(1), version(2)];
  made: string[] = [];
  /** What started the run. */
  trigger = "CreatePipeline";
  /** What each look at the endpoint finds, the last for good; after an up, what that one put there. */
  looks: (Running | undefined)[] = [undefined];
  /** What the update does with the endpoint: by default, it runs what it was told. */
  update: (settings: Settings) => void = (settings) => {
    this.runs(settings.deployments[0].name);
  };

  runs(configName: string, rest: Partial<Running> = {}): void {
    this.looks = [this.look(configName, rest)];
  }

  look(configName: string, rest: Partial<Running> = {}): Running {
    return {
      endpointName: "mlops-churn--dev--staging",
      status: "InService",
      isServing: true,
      configName,
      lastModified: at(1),
      ...rest,
    };
  }

  tools(environment: Environment = staging, handover = "{}"): Tools {
    return {
      calls: this.calls(environment),
      environment,
      file: (name) => files[name] ?? "",
      handover: () => handover,
      keep: (name, text) => {
        this.kept[name] = text;
      },
      openEngine: () => Promise.resolve(this.engine()),
      say: (line) => this.said.push(line),
      wait: () => Promise.resolve(),
    };
  }

  private calls({ endpointName }: Environment): Calls {
    return {
      deleteEndpoint: (name) => {
        this.done.push(`deleted ${name}`);
        return Promise.resolve();
      },
      exists: (_, name) => Promise.resolve(this.made.includes(name)),
      modelVersion: (arn) => Promise.resolve(this.versions.find((one) => one.arn === arn)),
      read: (uri) => Promise.resolve(this.objects[uri]),
      running: (name) => {
        if (name !== endpointName) return Promise.resolve(undefined);
        return Promise.resolve(this.looks.length > 1 ? this.looks.shift() : this.looks[0]);
      },
      runsAhead: () => Promise.resolve([]),
      runStatus: (id) => {
        const found = this.statuses[id];
        return found === undefined
          ? Promise.reject(new Error("no such run"))
          : Promise.resolve(found);
      },
      stopThisRun: (reason) => {
        this.done.push(`stopped: ${reason}`);
        return Promise.resolve();
      },
      trigger: () => Promise.resolve(this.trigger),
      write: (uri, text) => {
        this.objects[uri] = text;
        return Promise.resolve();
      },
      written: () => Promise.resolve(at(0)),
    };
  }

  private engine(): Engine {
    return {
      isLocked: () => false,
      remove: (urns) => {
        this.done.push(`removed ${urns.join(", ")}`);
        return Promise.resolve();
      },
      restore: (state) => {
        this.done.push(`restored ${JSON.stringify(state)}`);
        return Promise.resolve();
      },
      state: () => Promise.resolve(this.state),
      unlock: () => Promise.resolve(),
      up: (settings) => {
        this.ups.push(settings);
        this.done.push("up");
        // What is refused comes back as the engine's error.
        return Promise.resolve().then(() => {
          this.update(settings);
        });
      },
    };
  }
}

describe("a deploy build", () => {
  it("brings up staging with what was approved, hands it over and says so", async () => {
    const world = new World();
    assert.equal(await deployStage(world.tools()), 0);
    assert.equal(world.ups[0]?.deployments[0].modelVersion, 2);
    assert.deepEqual(JSON.parse(world.kept["deployment.json"] ?? ""), {
      modelPackageArn: `${prefix}2`,
      modelVersion: 2,
      metrics: {},
      reason: "approved",
    });
    assert.equal(
      world.kept["facts.env"],
      "export DEPLOYED='version 2 runs on mlops-churn--dev--staging'\nexport MODEL_VERSION='2'\n",
    );
    assert.deepEqual(world.said, ["mlops-churn--dev--staging: version 2, which was approved"]);
  });

  it("quotes facts.env for the shell", async () => {
    const world = new World();
    const endpointName = "it's $(echo 'run')";
    assert.equal(await deployStage(world.tools({ ...staging, endpointName })), 0);
    const script = `${world.kept["facts.env"] ?? ""}printf %s "$DEPLOYED"`;
    const read = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    assert.equal(read, `version 2 runs on ${endpointName}`);
  });

  it("brings up production with what staging handed over", async () => {
    const world = new World();
    const handover = {
      modelPackageArn: `${prefix}1`,
      modelVersion: 1,
      metrics: {},
      reason: "rejected",
      rejectedModelPackageArn: `${prefix}2`,
    };
    assert.equal(await deployStage(world.tools(prod, JSON.stringify(handover))), 0);
    assert.deepEqual(
      world.ups[0]?.deployments.map(({ modelVersion }) => modelVersion),
      [1],
    );
    assert.deepEqual(world.said, [
      `mlops-churn--dev--prod: version 1, to go back to, since ${prefix}2 was rejected`,
    ]);
  });

  describe("run again by CodePipeline, after a deployment that failed", () => {
    const first = {
      modelPackageArn: `${prefix}1`,
      modelVersion: 1,
      metrics: {},
      reason: "approved",
    };
    /** What a run does after one that brought version 1 up. */
    const again = async (trigger: string, between: (world: World) => void = () => undefined) => {
      const world = new World();
      const tools = world.tools(prod, JSON.stringify(first));
      await deployStage(tools);
      between(world);
      world.done.length = 0;
      world.trigger = trigger;
      assert.equal(await deployStage(tools), 0);
      return world.done;
    };

    it("stops its own run if its version ran all along: of the failure, people know", async () => {
      const stopped = "stopped: version 1 ran on mlops-churn--dev--prod all along";
      assert.deepEqual(await again("AutomatedRollback"), ["up", stopped]);
    });

    it("ends as any other if it had to bring its version back", async () => {
      const changed = (world: World) => {
        world.runs("mlops-churn--dev--prod-2-01234567");
      };
      assert.deepEqual(await again("AutomatedRollback", changed), ["up"]);
    });

    it("does not take any other run that changes nothing for that", async () => {
      assert.deepEqual(await again("CloudWatchEvent"), ["up"]);
    });
  });

  it("hands over that there was nothing to do, stops its own run, and touches nothing", async () => {
    const world = new World();
    assert.equal(await deployStage(world.tools({ ...staging, modelPackageArn: "none" })), 0);
    const nothing = "this run came with the pipeline itself, not with a model version";
    assert.deepEqual(JSON.parse(world.kept["deployment.json"] ?? ""), { nothingToDo: nothing });
    assert.match(world.kept["facts.env"] ?? "", /^export DEPLOYED='nothing: this run came/);
    assert.deepEqual(world.done, [`stopped: nothing to do: ${nothing}`]);
  });

  it("is told of a mistake in production's config in staging already", async () => {
    const world = new World();
    const tools = {
      ...world.tools(),
      file: (name: string) => (name.startsWith("prod") ? "{}" : (files[name] ?? "")),
    };
    await assert.rejects(deployStage(tools), /2 problems in prod-config\.json/);
  });

  it("needs the outputs of the build stack", async () => {
    const world = new World();
    Reflect.deleteProperty(world.objects, staging.outputsUri);
    await assert.rejects(deployStage(world.tools()), {
      message:
        "there is no s3://state/staging/model-build-outputs.json, which the stack of this pipeline writes: bring it up again",
    });
    world.objects[staging.outputsUri] = "{}";
    await assert.rejects(
      deployStage(world.tools()),
      /the document s3:\/\/state.* has no outputs yet/,
    );
  });

  it("says that a version was rolled back, by an exit code of its own", async () => {
    const world = new World();
    world.runs("by-hand");
    world.update = () => {
      world.runs("by-hand", { failureReason: "alarm mlops-churn--dev--staging-errors" });
    };
    assert.equal(await deployStage(world.tools()), ROLLED_BACK);
    const name = world.ups[0]?.deployments[0].name ?? "";
    assert.deepEqual(world.said.slice(1), [
      "by-hand on mlops-churn--dev--staging is not of this stack: it is left alone",
      `rolled back: ${name} did not hold on mlops-churn--dev--staging (alarm mlops-churn--dev--staging-errors); by-hand serves on, as before. ` +
        "See the alarms mlops-churn--dev--staging-errors and mlops-churn--dev--staging-latency",
    ]);
    assert.deepEqual(world.kept, {});
  });

  const failing: [string, (world: World) => void][] = [
    [
      "while the provider looked on",
      (world) => {
        world.looks = [world.look("by-hand", { status: "RollingBack" }), world.look("by-hand")];
        throw new Error("waiting for it to be in service");
      },
    ],
    [
      "as the provider tells",
      (world) => {
        world.runs("by-hand");
        throw new Error("unexpected state 'RollingBack', wanted target 'InService'");
      },
    ],
    [
      "as its own times tell",
      (world) => {
        world.runs("by-hand", { lastModified: at(2) });
        throw new Error("the update failed");
      },
    ],
  ];
  for (const [what, update] of failing)
    it(`says so too where the update failed because it was rolled back, ${what}`, async () => {
      const world = new World();
      world.runs("by-hand");
      world.update = () => {
        update(world);
      };
      assert.equal(await deployStage(world.tools()), ROLLED_BACK);
    });

  it("fails where AWS changed nothing", async () => {
    const world = new World();
    world.runs("by-hand");
    const cause = new Error("AccessDenied");
    world.update = () => {
      throw cause;
    };
    await assert.rejects(deployStage(world.tools()), (error: Error) => {
      assert.equal(
        error.message,
        "the update of mlops-churn--dev--staging failed; what was made stays, and the next run goes on from there",
      );
      assert.equal(error.cause, cause);
      return true;
    });
  });

  it("fails where the endpoint runs the version, but not all stands", async () => {
    const world = new World();
    world.update = (settings) => {
      world.runs(settings.deployments[0].name);
      throw new Error("no autoscaling");
    };
    await assert.rejects(
      deployStage(world.tools()),
      /the update of mlops-churn--dev--staging failed/,
    );
  });

  it("fails where nothing came of it", async () => {
    const world = new World();
    world.update = () => undefined;
    await assert.rejects(
      deployStage(world.tools()),
      /the update of mlops-churn--dev--staging failed/,
    );
  });

  it("says why a first endpoint failed, and makes it anew the next time", async () => {
    const world = new World();
    world.update = () => {
      world.runs("a", { status: "Failed", isServing: false, failureReason: "no ping" });
      throw new Error("unexpected state 'Failed'");
    };
    await assert.rejects(deployStage(world.tools()), {
      message: "endpoint mlops-churn--dev--staging failed: no ping. The next run makes it anew",
    });

    const failed = world.look("a", {
      status: "Failed",
      isServing: false,
      failureReason: "no ping",
    });
    world.looks = [failed, { ...failed, status: "Deleting" }, undefined];
    world.update = (settings) => {
      world.runs(settings.deployments[0].name);
    };
    world.said.length = 0;
    world.done.length = 0;
    assert.equal(await deployStage(world.tools()), 0);
    assert.deepEqual(world.done, ["deleted mlops-churn--dev--staging", "up"]);
    assert.deepEqual(world.said.slice(1), [
      "mlops-churn--dev--staging has failed (no ping): it is taken away, to be made anew",
      "waiting for mlops-churn--dev--staging, which is Deleting",
    ]);
  });

  it("waits for what a killed build left in progress, and does not touch what it does not know", async () => {
    const world = new World();
    world.looks = [world.look("a", { status: "Updating" }), world.look("a")];
    assert.equal(await deployStage(world.tools()), 0);
    assert.equal(world.said[1], "waiting for mlops-churn--dev--staging, which is Updating");

    world.runs("a", { status: "UpdateRollbackFailed" });
    await assert.rejects(deployStage(world.tools()), {
      message:
        "endpoint mlops-churn--dev--staging must be InService to be updated; it is UpdateRollbackFailed: AWS gives no reason",
    });
  });

  it("does not make an endpoint that is there, and that its state does not know", async () => {
    const world = new World();
    world.state = {};
    world.runs("by-hand");
    await assert.rejects(deployStage(world.tools()), {
      message:
        "endpoint mlops-churn--dev--staging is there, but the state of staging does not know it: nothing was changed. Import it: see " +
        "docs/runbooks/endpoint-not-in-state.md of model-build-pipeline",
    });
    assert.deepEqual(world.done, []);
  });

  it("makes good what a killed update left of the state, before it goes on", async () => {
    const world = new World();
    const pending = (type: string, name: string) => ({
      type: "creating",
      resource: { urn: `urn::${name}`, type: `aws:sagemaker/${type}`, inputs: { name } },
    });
    world.state = {
      pending_operations: [
        pending("model:Model", "a"),
        pending("endpointConfiguration:EndpointConfiguration", "b"),
      ],
    };
    world.made = ["a"];
    assert.equal(await deployStage(world.tools()), 0);
    const made = {
      inputs: { name: "a" },
      type: "aws:sagemaker/model:Model",
      urn: "urn::a",
      id: "a",
    };
    const [restored = "", ...rest] = world.done;
    assert.deepEqual(JSON.parse(restored.replace("restored ", "")), { resources: [made] });
    assert.deepEqual(rest, ["up"]);
    assert.deepEqual(world.said.slice(1), [
      "the last update was killed: what it had begun to make is looked for in AWS",
      "  model a was made",
    ]);
  });

  it("writes over no state that somebody else is at work on", async () => {
    const world = new World();
    const pending = { type: "updating", resource: standingEndpoint };
    world.state = { pending_operations: [pending] };
    const engine = await world.tools().openEngine();
    const tools: Tools = {
      ...world.tools(),
      openEngine: () =>
        Promise.resolve({
          ...engine,
          state: async () => {
            const before = await engine.state();
            world.state = { resources: [standingEndpoint] };
            return before;
          },
        }),
    };
    await assert.rejects(deployStage(tools), {
      message: "another build is at work on the state of staging: retry this stage when it is done",
    });
    assert.deepEqual(world.done, []);
  });

  describe("with autoscaling in place", () => {
    const scaling = {
      urn: "urn::scaling",
      type: "aws:appautoscaling/target:Target",
      inputs: {},
    };

    it("takes it away first, if the instances are to be of another type", async () => {
      const world = new World();
      world.state = { resources: [standingEndpoint, scaling] };
      world.runs("by-hand");
      assert.equal(await deployStage(world.tools()), 0);
      assert.deepEqual(world.done, ["removed urn::scaling", "up"]);
    });

    it("leaves it where the type stays, and where nothing is shifted", async () => {
      const world = new World();
      assert.equal(await deployStage(world.tools()), 0);
      const [first] = world.ups[0]?.deployments ?? [];
      assert.ok(first);
      const config = {
        urn: "urn::config",
        type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        inputs: {
          name: first.name,
          productionVariants: [{ initialInstanceCount: 1, instanceType: "ml.m5.large" }],
          tags: { ModelPackageArn: first.modelPackageArn, ModelVersion: "2" },
        },
      };
      const model = {
        urn: "urn::model",
        type: "aws:sagemaker/model:Model",
        inputs: { name: first.name, executionRoleArn: first.executionRoleArn },
      };
      world.state = { resources: [model, config, standingEndpoint, scaling] };
      for (const environment of [staging, { ...staging, modelPackageArn: `${prefix}1` }]) {
        world.runs(first.name);
        world.done.length = 0;
        assert.equal(await deployStage(world.tools(environment)), 0);
        assert.deepEqual(world.done, ["up"]);
      }
    });
  });
});

describe("the lock of a stage's state", () => {
  const note = "s3://state/staging/holder.json";
  const locked = new Error("locked");
  const byHand =
    "If it is at work, this stage can be retried when it is done; if it was killed, take its lock away first: " +
    "aws s3 rm --recursive s3://state/staging/.pulumi/locks/";

  async function under(world: World, failures: Error[], environment: Environment = staging) {
    const lock = {
      isLocked: (error: unknown) => error === locked,
      unlock: () => {
        world.done.push("unlocked");
        return Promise.resolve();
      },
    };
    const tools = world.tools(environment);
    return underLock(tools, lock, () => {
      const failure = failures.shift();
      if (failure !== undefined) return Promise.reject(failure);
      world.done.push("worked");
      return Promise.resolve("done");
    });
  }

  it("is noted beside the state with the run that it belongs to", async () => {
    const world = new World();
    assert.equal(await under(world, []), "done");
    assert.equal(world.objects[note], '{"executionId":"run-2"}');
  });

  it("is taken away if its run is over for certain", async () => {
    const world = new World();
    world.objects[note] = '{"executionId":"run-1"}';
    world.statuses = { "run-1": "Failed" };
    assert.equal(await under(world, [locked]), "done");
    assert.deepEqual(world.done, ["unlocked", "worked"]);
    assert.deepEqual(world.said, [
      "the state was locked by run run-1, which is over: the lock is taken away",
    ]);
    assert.equal(world.objects[note], '{"executionId":"run-2"}');
  });

  for (const [what, holder, statuses] of [
    ["goes on", "run-1", { "run-1": "InProgress" }],
    ["may have been abandoned", "run-1", { "run-1": "Stopped" }],
    ["nobody remembers", "run-1", {}],
    ["is this one", "run-2", { "run-2": "InProgress" }],
  ] as const)
    it(`is left to a run that ${what}, with the command to run`, async () => {
      const world = new World();
      world.objects[note] = JSON.stringify({ executionId: holder });
      world.statuses = statuses;
      const message = `the state of staging is locked by a build of the pipeline's run ${holder}. ${byHand}`;
      await assert.rejects(under(world, [locked]), { message });
      assert.deepEqual(world.done, []);
      assert.equal(world.objects[note], JSON.stringify({ executionId: holder }));
    });

  it("is left alone if nobody knows whose it is", async () => {
    for (const before of [undefined, "{}"]) {
      const world = new World();
      if (before !== undefined) world.objects[note] = before;
      const message = `the state of staging is locked by a build. ${byHand}`;
      await assert.rejects(under(world, [locked]), { message });
      assert.equal(world.objects[note], "{}");
    }
  });

  it("is noted nowhere where the state is in a folder", async () => {
    const world = new World();
    const folder = { ...staging, backendUrl: "file:///tmp/state" };
    assert.equal(await under(world, [], folder), "done");
    await assert.rejects(
      under(world, [locked], folder),
      /PULUMI_BACKEND_URL=.file:.* pulumi cancel/,
    );
    assert.deepEqual(Object.keys(world.objects), [staging.outputsUri]);
  });

  it("has nothing to do with other errors", async () => {
    const other = new Error("other");
    await assert.rejects(under(new World(), [other]), other);
  });
});
