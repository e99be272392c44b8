import { z } from "zod";

import type { PolicyDocument } from "../lint/policyDocuments";

const shape = z.looseObject({ Statement: z.array(z.looseObject({ Sid: z.string() })) });

type Statement = z.output<typeof shape>["Statement"][number];

/** The policies without this statement, named as `build-role Logs`. */
export function without(policies: readonly PolicyDocument[], statement: string) {
  return changed(policies, statement, () => []);
}

/** The policies with this statement allowing everyone whom the policy is for everything. */
export function widened(policies: readonly PolicyDocument[], statement: string) {
  return changed(policies, statement, ({ Principal, Resource, Sid }) => [
    {
      Sid,
      Effect: "Allow",
      Action: "*",
      ...(Principal === undefined ? {} : { Principal: "*" }),
      ...(Resource === undefined ? {} : { Resource: "*" }),
    },
  ]);
}

function changed(
  policies: readonly PolicyDocument[],
  statement: string,
  change: (statement: Statement) => Statement[],
): PolicyDocument[] {
  return policies.map((policy) => {
    if (!statement.startsWith(`${policy.name} `)) return policy;
    const { Statement, ...rest } = shape.parse(policy.document);
    const changedStatements = Statement.flatMap((one) =>
      `${policy.name} ${one.Sid}` === statement ? change(one) : [one],
    );
    return { ...policy, document: { ...rest, Statement: changedStatements } };
  });
}
