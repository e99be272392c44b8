import { z } from "zod";

import { judge } from "./judge";
import type { Props } from "./resource";
import { resourceRules, stackRules } from "./rules";
import type { StateResource } from "./state";

/** What the rules say of a stack that stands. */
export interface Verdict {
  readonly problems: readonly { rule: string; urn: string; message: string }[];
  /** What could not be judged, since it is encrypted in the state. */
  readonly unseen: readonly string[];
  /** How many rules judged. */
  readonly rules: number;
}

// As the engine takes it: "disabled", or an object that may say so, or that holds the rule's settings.
const configShape = z.record(
  z.string(),
  z.preprocess(
    (value) => (typeof value === "string" ? { enforcementLevel: value } : value),
    z.record(z.string(), z.unknown()),
  ),
);

/**
 * Judges every resource, and the stack as a whole, with the config of the pack, by rule.
 * @throws ZodError if that is no config
 */
export function reviewState(resources: readonly StateResource[], packConfig: unknown): Verdict {
  const config = configShape.parse(packConfig);
  const configOf = (rule: string): Props => config[rule] ?? config.all ?? {};
  const isOn = ({ name }: { name: string }): boolean =>
    configOf(name).enforcementLevel !== "disabled";
  const [forOne, forAll] = [resourceRules.filter(isOn), stackRules.filter(isOn)];

  const judged = forOne.flatMap((rule) =>
    resources.map((one) => {
      const { problems, unseen } = judge(rule, { ...one, props: one.inputs }, configOf(rule.name));
      return { rule: rule.name, urn: one.urn, problems, unseen };
    }),
  );
  const findings = forAll.flatMap((rule) =>
    rule
      .findings(resources, configOf(rule.name))
      .map((it) => ({ urn: "the stack", ...it, rule: rule.name })),
  );

  return {
    problems: [
      ...judged.flatMap(({ problems, rule, urn }) =>
        problems.map((message) => ({ rule, urn, message })),
      ),
      ...findings
        .filter(({ unseen }) => unseen !== true)
        .map(({ message, rule, urn }) => ({ rule, urn, message })),
    ],
    unseen: [
      ...judged.flatMap(({ rule, unseen, urn }) =>
        unseen.map((one) => `${one} of ${urn}, by ${rule}`),
      ),
      ...findings
        .filter(({ unseen }) => unseen === true)
        .map(({ rule, urn }) => `${urn}, by ${rule}`),
    ],
    rules: forOne.length + forAll.length,
  };
}
