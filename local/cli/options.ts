import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

import { type Overrides, parseOverride } from "../cloud/override";
import { cachePath } from "../toolchain/cache";
import { type ScenarioName, isScenarioName, scenarioNames } from "../scenarios/runScenario";
import { type OtherResources, readResources } from "../scenarios/otherResources";
import { type SourceName, isSourceName, sourceNames } from "../scenarios/existingSource";

/** What the command line asks for. */
export interface Options {
  /** Folder of the code to push in place of the starter. */
  readonly code?: string | undefined;
  readonly end: boolean;
  /** File of the denials that the user expects of that code. */
  readonly expectedDenials?: string | undefined;
  /** Whether the end-to-end run includes failures and the deployment. */
  readonly full: boolean;
  readonly help: boolean;
  readonly keep: boolean;
  /** Whether builds and jobs run in a private network that another team has. */
  readonly network: boolean;
  readonly preview: boolean;
  readonly resources?: OtherResources | undefined;
  /** Scenario to run instead of the steps of this command. */
  readonly scenario?: ScenarioName | undefined;
  readonly settings: Overrides;
  readonly source?: SourceName | undefined;
  readonly stack: string;
}

const options = {
  code: { type: "string" },
  end: { type: "boolean", default: false },
  "expected-denials": { type: "string" },
  full: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  keep: { type: "boolean", default: false },
  network: { type: "string" },
  preview: { type: "boolean", default: false },
  resources: { type: "string" },
  scenario: { type: "string" },
  set: { type: "string", multiple: true },
  source: { type: "string" },
  stack: { type: "string", default: "dev" },
} as const;

/** Reads the command line; throws a one-line error for anything that it does not know. */
export function parseOptions(args: string[]): Options {
  const { tokens, values } = parseArgs({ args, options, tokens: true });
  // The name becomes part of a file name and of a command line.
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(values.stack)) {
    throw new Error(`--stack must be a stack name, for example "dev"; got "${values.stack}"`);
  }
  const { source } = values;
  if (source !== undefined && !isSourceName(source)) {
    throw new Error(`--source must be one of ${sourceNames.join(", ")}, got "${source}"`);
  }
  const { scenario } = values;
  if (scenario !== undefined && !isScenarioName(scenario)) {
    throw new Error(`--scenario must be one of ${scenarioNames.join(", ")}, got "${scenario}"`);
  }
  const accepted = [
    "help",
    "scenario",
    ...(scenario === "e2e" ? ["code", "expected-denials", "full"] : []),
  ];
  const others = tokens.flatMap((token) =>
    token.kind === "option" && !accepted.includes(token.name) ? [token.rawName] : [],
  );
  if (scenario !== undefined && others.length > 0) {
    throw new Error(`--scenario ${scenario} does not accept ${others.join(", ")}`);
  }
  if (values.full && scenario !== "e2e") throw new Error("--full needs --scenario e2e");
  const modes = (["end", "keep", "preview"] as const).filter((mode) => values[mode]);
  if (modes.length > 1) throw new Error(`use only one of --${modes.join(", --")}`);
  if (values.code !== undefined && !existsSync(values.code)) {
    throw new Error(`--code must be an existing folder, got "${values.code}"`);
  }
  const expectedDenials = values["expected-denials"];
  if (expectedDenials !== undefined && values.code === undefined) {
    throw new Error("--expected-denials needs --code");
  }
  if (expectedDenials !== undefined && !existsSync(expectedDenials)) {
    throw new Error(`--expected-denials must be an existing file, got "${expectedDenials}"`);
  }
  const { network, resources } = values;
  if (network !== undefined && network !== "existing") {
    throw new Error(
      `--network must be existing, got "${network}": the local cloud cannot create a network (awsx plugin)`,
    );
  }
  return {
    ...values,
    expectedDenials,
    network: network !== undefined,
    resources: resources === undefined ? undefined : readResources(resources),
    scenario,
    settings: Object.fromEntries((values.set ?? []).map(parseOverride)),
    source,
  };
}

/** The text of --help. */
export function helpText(): string {
  return `npm run local [-- options]

Runs this program on a local cloud: the real Pulumi engine and an emulated AWS API on this machine.
It reads no AWS account, no AWS profile and no Pulumi login, and changes only this machine.

Steps; the run stops at the first one that fails
  - npm run doctor; pulumi preview; pulumi up; read every resource back from the AWS API
    (a repository that the program creates gets its first commit)
  - end-to-end run: a push starts the deployed CodePipeline, its build and the training run on this
    machine, and a model version is registered; a policy simulator authorizes every AWS call
  - pulumi up and pulumi up --refresh: no changes
  - drift: manual changes (bucket policy deleted, rule disabled, role policy extended) are detected
    and repaired by pulumi up --refresh
  - a stack without protection: npm run clear, then pulumi destroy deletes every resource
  - a stack with protection (prod): preview with a new projectName and pulumi destroy fail. After
    pulumi state unprotect, destroy retains the data; it is imported again, and pulumi up manages
    it. The run prints the same commands for AWS.

Options
  --stack NAME   use Pulumi.NAME.yaml (default: dev)
  --source KIND  replace the source of the stack config by an example:
                 codecommit  a repository that the program creates
                 existing    a repository of another team, which must not change
                 connection  GitHub, GitLab or Bitbucket
  --network existing
                 run builds and jobs in a VPC of another team, which must not change; deploy
                 and test builds reach only the AWS API
  --code DIR     push the files of this folder instead of the starter, for example your repository
  --resources FILE
                 create buckets, parameters and secrets of other owners first, from a YAML file:
                 buckets: {churn-data: {train.csv: "1,2"}}
                 parameters: {/churn/url: "https://example.com"}
                 secrets: {churn/token: {key: invented}}
  --expected-denials FILE
                 with --code: calls that IAM may deny, a YAML list of action, resource (optional)
                 and reason
  --set KEY=VAL  override a setting of the stack config, for example
                 --set artifacts.requireKey=false (repeatable). Lists and maps as JSON; a key
                 with dots as 'tags["my.key"]=1'
  --keep         stop after the read-back and keep the local cloud running; prints how to inspect
                 it, how to use its stack and how to stop it
  --end          stop every kept local cloud of this working tree
  --scenario NAME
                 run another scenario instead of the steps above:
                 e2e       the end-to-end run alone, on the local cloud of --keep. Accepts --code,
                           --expected-denials and --full: a push event delivered twice, a failed build and training;
                           and once, the deployment scenarios: model versions 1 and
                           2, a worse model, canaries, staging's expiry, rollback and retry by command
                 examples  deploy bootstrap with the policy pack, then run the commands of
                           the GitHub workflows with its state bucket and a simulated GitHub API
                 consumer  deploy bootstrap, the dev stack and examples/consumer, a
                           separate project that reads the outputs of the dev stack
                 moving-over  push each repository of the table in docs/how-to/moving-over.md, and
                           compare the results with the page
                 other     deploy and destroy a program of another project
                 package   pack the component package; a new project outside this repository
                           installs it, and is deployed and destroyed
                 template  the same with a project that pulumi new creates from the template
                 pullRequest
                           deploy a stack with build.comparePullRequests; a pull request, a push to
                           its branch, and one comment
                 prove     npm run prove on the local cloud, which takes the place of AWS
                 trial     a pull request's model on SageMaker: its figures, nothing registered,
                           and jobs over the limits are rejected
                 policy    a program with a violation of every rule of the policy pack
  --preview      only run a cold pulumi preview; print its duration and peak memory
  -h, --help     show this

Runs can run in parallel. A run deletes what killed runs have left behind. Files of runs are in
.local/ of the working tree.

Requirements
  Node.js and the npm packages of this project, and Python 3.10 or newer (on Debian: python3-venv).
  Prepared on the first run, then cached:
  - a Pulumi CLI, if PATH has none that is new enough: downloaded, or built with Go (minutes)
  - Python virtual environments: one of the emulator, one each instead of the images of build and
    training

Each build installs its packages from the index that pip and uv are configured for
(PIP_INDEX_URL, UV_DEFAULT_INDEX); downloads are cached.

Cache
  ${cachePath(process.env)}
  (set MODEL_BUILD_PIPELINE_CACHE or XDG_CACHE_HOME to move it; safe to delete)

Exit codes
  0  every step passed
  1  a step failed
  2  invalid command line
  130  stopped by Ctrl-C; no process is left running`;
}
