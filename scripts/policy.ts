import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { titleOf } from "../policy/resource";
import { type StateReport, checkState } from "../policy/checkState";
import { noDataDeletion, noDataDeletionConfig } from "../policy/rules/dataProtection";
import { type StateResource, resourcesIn } from "../policy/state";
import { messageOf } from "../lib/errors";

const HELP = `npm run policy -- STATE [options]

Checks a stack against the rules of the policy pack, from a state file of pulumi stack export. Needs
no login, no Pulumi CLI and no AWS account, and works with any stack.

Options
  --config FILE  config of the pack, as for pulumi preview --policy-pack-config: by rule;
                   "disabled" switches a rule off
  --standing     check no rule; print a config with which the pack rejects the deletion or
                   replacement of every resource in STATE that holds data:
                   npm run -s policy -- before.json --standing > standing.json
                   pulumi preview --policy-pack policy --policy-pack-config standing.json
  -h, --help     show this help

Exit codes: 0 no violation; 1 violations; 2 invalid command line or file`;

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
      console.log(
        JSON.stringify({ [noDataDeletion.name]: noDataDeletionConfig(resources) }, undefined, 2),
      );
      return 0;
    }
    return report(
      checkState(resources, values.config === undefined ? {} : json(values.config)),
      resources,
    );
  } catch (error) {
    console.error(`${messageOf(error)}\nTry: npm run policy -- --help`);
    return 2;
  }
}

function report(
  { problems, rules, unchecked }: StateReport,
  resources: readonly StateResource[],
): number {
  for (const { message, rule, urn } of problems) {
    console.log(`${rule}: ${titleOf(urn)}\n  ${message}`);
  }
  for (const line of unchecked) console.log(`not checked: ${line}`);
  const count = (many: number, what: string) => `${many.toString()} ${what}`;
  const violations = count(problems.length, problems.length === 1 ? "violation" : "violations");
  console.log(`${count(resources.length, "resources")}, ${count(rules, "rules")}: ${violations}`);
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
