import { z } from "zod";

import { settingsFrom, type StackSettings } from "../../config";
import { type Finding, fix, note, ok, reasonOf } from "./finding";

/** Asks the Pulumi CLI about the one stack: what it prints. */
export type Ask = (...args: string[]) => Promise<string>;

/** A stack as its config and state have it. */
export interface Stack {
  readonly profile?: string | undefined;
  readonly region: string;
  readonly settings: StackSettings;
  /** Names and ids of everything that the stack has made. */
  readonly standing: ReadonlySet<string>;
}

const configShape = z.record(
  z.string(),
  z.object({ value: z.string().default(""), secret: z.boolean().default(false) }),
);

const stateShape = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ id: z.string().default(""), custom: z.boolean().default(false) }))
      .nullish(),
  }),
});

/** The stack, if config and state can be read and hold no mistake, and what was found on the way. */
export async function examineStack(
  ask: Ask,
  stack: string,
): Promise<{ findings: Finding[]; stack?: Stack }> {
  let config: z.output<typeof configShape>;
  let standing: Set<string>;
  try {
    config = configShape.parse(JSON.parse(await ask("config", "--json")));
    standing = idsIn(JSON.parse(await ask("stack", "export")));
  } catch (error) {
    const remedy = `${reasonOf(error)}\nmake it, for example "pulumi stack select --create ${stack}", or name another by --stack`;
    return { findings: [fix(`the stack ${stack} cannot be read`, remedy)] };
  }
  const made = standing.size === 0 ? "nothing is made yet" : "it is up";
  const read = ok(`stack ${stack}: ${made}`);
  const values = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  let settings: StackSettings;
  try {
    const isSecret = (key: string): boolean => config[key]?.secret === true;
    settings = settingsFrom({ isSecret, project: "model-build-pipeline", stack, values });
  } catch (error) {
    return { findings: [read, fix("the config must change", reasonOf(error))] };
  }
  const region = values["aws:region"];
  const findings = [read, ok("config"), ...regionFindings(region, settings)];
  if (region === undefined) return { findings };
  return { findings, stack: { profile: values["aws:profile"], region, settings, standing } };
}

/** The region, and whether training images are there. */
export function regionFindings(
  region: string | undefined,
  { training }: Pick<StackSettings, "training">,
): Finding[] {
  if (region === undefined)
    return [fix("no region", 'set it, for example "pulumi config set aws:region us-east-1"')];
  const arns = training.imageRepositoryArns.filter((arn) => typeof arn === "string");
  const away = arns.filter((arn) => arn.split(":")[3] !== region);
  const images = away.map((arn) =>
    fix(
      `${arn} is not in ${region}`,
      "set in training.imageRepositoryArns the registry of the stack's region",
    ),
  );
  if (arns.length > 0) return [ok(`region ${region}`), ...images];
  const remedy =
    "training can use no image of ECR until training.imageRepositoryArns names its repository";
  return [ok(`region ${region}`), note("no training images", remedy)];
}

function idsIn(exported: unknown): Set<string> {
  const { resources } = stateShape.parse(exported).deployment;
  return new Set(
    (resources ?? []).filter(({ custom, id }) => custom && id !== "").map(({ id }) => id),
  );
}
