import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { titleOf } from "../policy/resource";
import { type Verdict, reviewState } from "../policy/reviewState";
import { standingIn } from "../policy/rules/data";
import { type StateResource, resourcesIn } from "../policy/state";
import { messageOf } from "./command";

const HELP = `npm run policy -- STATE [options]

Judges a stack by the policy pack's rules, from a state file that pulumi stack export wrote. It needs no login, no Pulumi
CLI and no AWS account, and it is anybody's stack.

Options
  --config FILE  the pack's config, as pulumi preview --policy-pack-config takes it: by rule; "disabled" switches a rule off
  --standing     judge nothing; print a config by which the pack refuses to delete or replace what holds data in STATE:
                   npm run -s policy -- before.json --standing > standing.json
                   pulumi preview --policy-pack policy --policy-pack-config standing.json
  -h, --help     show this

Exit codes: 0 nothing is refused; 1 something is; 2 the command line or a file was wrong`;

process.exitCode = main(process.argv.slice(2));

function main(args: string[]): number {
  try {
    const { positionals, values } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
        standing: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      return 0;
    }
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) {
      const got = positionals.join(" ") || "none";
      throw new Error(`one state file must be named, e.g. state.json, got ${got}`);
    }
    const resources = stateIn(file);
    if (values.standing) {
      console.log(JSON.stringify({ "data-is-kept": standingIn(resources) }, undefined, 2));
      return 0;
    }
    return tell(
      reviewState(resources, values.config === undefined ? {} : json(values.config)),
      resources,
    );
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: npm run policy -- --help`);
    return 2;
  }
}

function tell({ problems, rules, unseen }: Verdict, resources: readonly StateResource[]): number {
  for (const { message, rule, urn } of problems) {
    console.log(`${rule}: ${titleOf(urn)}\n  ${message}`);
  }
  for (const line of unseen) console.log(`not judged: ${line}`);
  const count = (many: number, what: string) => `${many.toString()} ${what}`;
  const refused = count(problems.length, problems.length === 1 ? "violation" : "violations");
  console.log(`${count(resources.length, "resources")}, ${count(rules, "rules")}: ${refused}`);
  return problems.length === 0 ? 0 : 1;
}

function stateIn(file: string): StateResource[] {
  const state = json(file);
  try {
    return resourcesIn(state);
  } catch {
    throw new Error(`${file} must be what "pulumi stack export --file ${file}" writes`);
  }
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file} must be a JSON file: ${messageOf(error)}`, { cause: error });
  }
}
