import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import type { Link } from "./chain";

const urns = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const stateFile = z.object({
  checkpoint: z.object({
    latest: z.object({
      resources: z.array(
        z.object({
          urn: z.string(),
          custom: z.boolean().default(false),
          type: z.string(),
          dependencies: urns,
          propertyDependencies: z
            .record(z.string(), urns)
            .nullish()
            .transform((byProperty) => Object.values(byProperty ?? {}).flat()),
        }),
      ),
    }),
  }),
});

/** What waits for what, of the one stack whose engine keeps its files in `scratch`. */
export function linksIn(scratch: string): Link[] {
  const stacks = join(scratch, "state", ".pulumi", "stacks");
  const file = readdirSync(stacks, { recursive: true, encoding: "utf8" }).find((name) =>
    name.endsWith(".json"),
  );
  if (file === undefined) throw new Error(`no state in ${stacks}`);
  const { checkpoint } = stateFile.parse(JSON.parse(readFileSync(join(stacks, file), "utf8")));
  return checkpoint.latest.resources
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
    .map(({ urn, dependencies, propertyDependencies }) => ({
      name: nameOf(urn),
      waitsFor: [...dependencies, ...propertyDependencies].map(nameOf),
    }));
}

/** The type belongs to it: a role and its policy, say, may have the same name. */
function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name.join("::")}`;
}
