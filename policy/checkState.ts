import { z } from "zod";

import { evaluateRule } from "./evaluateRule";
import type { Props } from "./resource";
import { withControls } from "./rule";
import { resourceRules, stackRules } from "./rules";
import type { StateResource } from "./state";

/** Result of all rules for a deployed stack. */
export interface StateReport {
  readonly problems: readonly { rule: string; urn: string; message: string }[];
  /** Values that are encrypted in the state, each with its resource and rule. */
  readonly unchecked: readonly string[];
  /** Number of rules that were checked. */
  readonly rules: number;
}

// The format of `--policy-pack-config`: "disabled", or an object with enforcementLevel or settings.
const configShape = z.record(
  z.string(),
  z.preprocess(
    (value) => (typeof value === "string" ? { enforcementLevel: value } : value),
    z.record(z.string(), z.unknown()),
  ),
);

/**
 * Checks every resource and the whole stack.
 * @param packConfig config of the pack, by rule name
 * @throws ZodError if `packConfig` is invalid
 */
export function checkState(resources: readonly StateResource[], packConfig: unknown): StateReport {
  const config = configShape.parse(packConfig);
  const configOf = (rule: string): Props => config[rule] ?? config.all ?? {};
  const isEnabled = ({ name }: { name: string }): boolean =>
    configOf(name).enforcementLevel !== "disabled";
  const enabledResourceRules = resourceRules.filter(isEnabled);
  const enabledStackRules = stackRules.filter(isEnabled);

  const results = enabledResourceRules.flatMap((rule) =>
    resources.map((resource) => {
      const { problems, unchecked } = evaluateRule(
        rule,
        { ...resource, props: resource.inputs },
        configOf(rule.name),
      );
      const messages = problems.map((problem) => withControls(problem, rule));
      return { rule: rule.name, urn: resource.urn, messages, unchecked };
    }),
  );
  const findings = enabledStackRules.flatMap((rule) =>
    rule.findings(resources, configOf(rule.name)).map((finding) => ({
      urn: "the stack",
      ...finding,
      message: withControls(finding.message, rule),
      rule: rule.name,
    })),
  );

  return {
    problems: [
      ...results.flatMap(({ messages, rule, urn }) =>
        messages.map((message) => ({ rule, urn, message })),
      ),
      ...findings
        .filter(({ unchecked }) => unchecked !== true)
        .map(({ message, rule, urn }) => ({ rule, urn, message })),
    ],
    unchecked: [
      ...results.flatMap(({ rule, unchecked, urn }) =>
        unchecked.map((input) => `${input} of ${urn}, by ${rule}`),
      ),
      ...findings
        .filter(({ unchecked }) => unchecked === true)
        .map(({ rule, urn }) => `${urn}, by ${rule}`),
    ],
    rules: enabledResourceRules.length + enabledStackRules.length,
  };
}
