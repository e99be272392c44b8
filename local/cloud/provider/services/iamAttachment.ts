import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";

/** Managed policies that roles have. */
export function iamAttachmentHandlers(options: ClientOptions): readonly Handler[] {
  const iam = lazy(async () => new (await import("@aws-sdk/client-iam")).IAM(options));
  return [
    defineHandler({
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      inputs: z.strictObject({ policyArn: z.string(), role: z.string() }),
      replaceOn: ["policyArn", "role"],

      async create({ policyArn, role }) {
        await (await iam()).attachRolePolicy({ PolicyArn: policyArn, RoleName: role });
        return `${role}/${policyArn}`;
      },

      async read(id) {
        const [role = "", ...rest] = id.split("/");
        const policyArn = rest.join("/");
        const api = await iam();
        const found = await unlessGone(
          api.listAttachedRolePolicies({ RoleName: role }),
          /^NoSuchEntity/,
        );
        const isThere = found?.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === policyArn);
        return isThere === true ? { policyArn, role } : undefined;
      },

      async update() {
        // Every change makes another one.
      },

      async delete(_id, state) {
        await (
          await iam()
        ).detachRolePolicy({ PolicyArn: text(state, "policyArn"), RoleName: text(state, "role") });
      },
    }),
  ];
}
