import type { IAM } from "@aws-sdk/client-iam";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagList, tagMap, tagsInput } from "../tags";

/** IAM roles and their inline policies. */
export function iamHandlers(options: ClientOptions): readonly Handler[] {
  const iam = lazy(async () => new (await import("@aws-sdk/client-iam")).IAM(options));
  return [roleHandler(iam), rolePolicyHandler(iam)];
}

function roleHandler(iam: () => Promise<IAM>): Handler {
  return defineHandler({
    type: "aws:iam/role:Role",
    inputs: z.strictObject({
      name: z.string(),
      description: z.string().optional(),
      assumeRolePolicy: z.string(),
      permissionsBoundary: z.string().optional(),
      maxSessionDuration: z.number().default(3600),
      tags: tagsInput,
    }),
    replaceOn: ["name"],
    policies: ["assumeRolePolicy"],

    async create(inputs) {
      await (
        await iam()
      ).createRole({
        RoleName: inputs.name,
        Description: inputs.description,
        AssumeRolePolicyDocument: inputs.assumeRolePolicy,
        PermissionsBoundary: inputs.permissionsBoundary,
        MaxSessionDuration: inputs.maxSessionDuration,
        Tags: tagList(inputs.tags),
      });
      return inputs.name;
    },

    async read(id) {
      const api = await iam();
      const found = await unlessGone(api.getRole({ RoleName: id }), /^NoSuchEntity/);
      const role = found?.Role;
      if (role === undefined) return undefined;
      const { Tags } = await api.listRoleTags({ RoleName: id });
      return {
        name: role.RoleName,
        description: role.Description === "" ? undefined : role.Description,
        assumeRolePolicy: decodeURIComponent(role.AssumeRolePolicyDocument ?? ""),
        permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        maxSessionDuration: role.MaxSessionDuration,
        tagsAll: tagMap(Tags),
        arn: role.Arn,
        path: role.Path,
        uniqueId: role.RoleId,
        createDate: role.CreateDate?.toISOString(),
      };
    },

    async update(id, news, olds) {
      const api = await iam();
      await api.updateRole({
        RoleName: id,
        Description: news.description ?? "",
        MaxSessionDuration: news.maxSessionDuration,
      });
      await api.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: news.assumeRolePolicy });
      if (news.permissionsBoundary !== undefined) {
        const PermissionsBoundary = news.permissionsBoundary;
        await api.putRolePermissionsBoundary({ RoleName: id, PermissionsBoundary });
      } else if (olds.permissionsBoundary !== undefined) {
        await api.deleteRolePermissionsBoundary({ RoleName: id });
      }
      const { removed, set } = tagChanges(olds, news.tags);
      if (removed.length > 0) await api.untagRole({ RoleName: id, TagKeys: removed });
      await api.tagRole({ RoleName: id, Tags: tagList(set) });
    },

    async delete(id) {
      await (await iam()).deleteRole({ RoleName: id });
    },
  });
}

function rolePolicyHandler(iam: () => Promise<IAM>): Handler {
  async function put(inputs: { role: string; name: string; policy: string }): Promise<string> {
    await (
      await iam()
    ).putRolePolicy({
      RoleName: inputs.role,
      PolicyName: inputs.name,
      PolicyDocument: inputs.policy,
    });
    return `${inputs.role}:${inputs.name}`;
  }

  return defineHandler({
    type: "aws:iam/rolePolicy:RolePolicy",
    inputs: z.strictObject({ name: z.string(), role: z.string(), policy: z.string() }),
    replaceOn: ["name", "role"],
    policies: ["policy"],
    create: put,

    async read(id) {
      const found = await unlessGone(
        (await iam()).getRolePolicy(rolePolicyOf(id)),
        /^NoSuchEntity/,
      );
      if (found === undefined) return undefined;
      return {
        name: found.PolicyName,
        role: found.RoleName,
        policy: decodeURIComponent(found.PolicyDocument ?? ""),
      };
    },

    async update(_id, news) {
      await put(news);
    },

    async delete(id) {
      await unlessGone((await iam()).deleteRolePolicy(rolePolicyOf(id)), /^NoSuchEntity/);
    },
  });
}

// Neither name can hold a colon.
function rolePolicyOf(id: string): { RoleName: string; PolicyName: string } {
  const [RoleName = "", PolicyName = ""] = id.split(":");
  return { RoleName, PolicyName };
}
