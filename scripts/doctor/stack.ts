import { z } from "zod";

import type { Access } from "../../components/seeding/credentials";
import { accessIn } from "../access";
import { settingsFrom, type StackSettings } from "../../config";
import { type Finding, fix, note, ok, reasonOf } from "./finding";

/** Runs a Pulumi CLI command for the stack and returns its output. */
export type Ask = (...args: string[]) => Promise<string>;

/** Settings and resources of a stack, from its config and state. */
export interface Stack {
  readonly access: Access;
  readonly region: string;
  readonly settings: StackSettings;
  /** Ids of the stack's resources; for most types the id is the name. */
  readonly resourceIds: ReadonlySet<string>;
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

/** Reads and checks a stack's config and state; no stack if they cannot be read or are invalid. */
export async function examineStack(
  ask: Ask,
  stack: string,
): Promise<{ findings: Finding[]; stack?: Stack }> {
  let config: z.output<typeof configShape>;
  let resourceIds: Set<string>;
  try {
    config = configShape.parse(JSON.parse(await ask("config", "--json")));
    resourceIds = idsIn(JSON.parse(await ask("stack", "export")));
  } catch (error) {
    const remedy =
      `${reasonOf(error)}\ncreate it, for example "pulumi stack select --create ${stack}", ` +
      "or name another stack with --stack";
    return { findings: [fix(`stack ${stack} cannot be read`, remedy)] };
  }
  const status = resourceIds.size === 0 ? "not deployed yet" : "deployed";
  const read = ok(`stack ${stack}: ${status}`);
  const values = Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
  let settings: StackSettings;
  try {
    const isSecret = (key: string): boolean => config[key]?.secret === true;
    settings = settingsFrom({ isSecret, project: "model-build-pipeline", stack, values });
  } catch (error) {
    return { findings: [read, fix("the config is invalid", reasonOf(error))] };
  }
  const region = values["aws:region"];
  const findings = [
    read,
    ok("config"),
    ...prefixFindings(settings),
    ...regionFindings(region, settings),
  ];
  if (region === undefined) return { findings };
  return { findings, stack: { access: accessIn(config), region, resourceIds, settings } };
}

/**
 * Note about the name prefix `sagemaker`: AWS-managed policies grant access to `sagemaker-*`.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonSageMakerFullAccess.html
 */
function prefixFindings({ namePrefix }: Pick<StackSettings, "namePrefix">): Finding[] {
  if (namePrefix !== "sagemaker") return [];
  const remedy =
    "AWS-managed policies such as AmazonSageMakerFullAccess let everyone who has them " +
    "start builds, push code, read and write artifacts and start pipelines of this project\n" +
    "next: set another namePrefix for a new stack, or detach these policies";
  return [note("namePrefix is sagemaker", remedy)];
}

/** Whether a region is set, and whether it has the training images. */
export function regionFindings(
  region: string | undefined,
  { training }: Pick<StackSettings, "training">,
): Finding[] {
  if (region === undefined)
    return [
      fix("aws:region is not set", 'set it, for example "pulumi config set aws:region us-east-1"'),
    ];
  const arns = training.imageRepositoryArns.filter((arn) => typeof arn === "string");
  const outside = arns.filter((arn) => arn.split(":")[3] !== region);
  const images = outside.map((arn) =>
    fix(
      `${arn} is not in ${region}`,
      "set training.imageRepositoryArns to ECR repositories of the stack's region",
    ),
  );
  if (arns.length > 0) return [ok(`region ${region}`), ...images];
  const remedy =
    "training cannot pull an image from ECR until the setting has the ARN of its repository";
  return [ok(`region ${region}`), note("training.imageRepositoryArns is empty", remedy)];
}

function idsIn(exported: unknown): Set<string> {
  const { resources } = stateShape.parse(exported).deployment;
  return new Set(
    (resources ?? []).filter(({ custom, id }) => custom && id !== "").map(({ id }) => id),
  );
}
