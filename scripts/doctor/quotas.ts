import { type AwsContext, consoleHost } from "../../components/names/names";
import type { Calls } from "./calls";
import { type Finding, fix, note, ok, reasonOf } from "./finding";
import type { Stack } from "./stack";

/** SageMaker quota: instances of one type that the starter uses at once. */
interface Quota {
  /** Code in Service Quotas, the same in all accounts and regions; unknown for other types. */
  readonly code?: string;
  readonly name: string;
  readonly needed: number;
  /** Whether the repository that uses it begins with the starter. */
  readonly isStarter: boolean;
}

/** Quotas of the starter's jobs: build.environment can replace the instance type. */
export const jobQuotas = [
  {
    code: "L-0CE343FE",
    type: "ml.t3.medium",
    usage: "processing job usage",
    variable: "PROCESSING_INSTANCE_TYPE",
  },
  {
    code: "L-611FA074",
    type: "ml.m5.large",
    usage: "training job usage",
    variable: "TRAINING_INSTANCE_TYPE",
  },
] as const;

/** Quota of the starter's endpoints: production has its instances twice while traffic shifts. */
export const endpointQuota = {
  ...{ code: "L-614B09FD", name: "ml.m5.large for endpoint usage" },
  ...{ staging: 1, prod: 4 },
} as const;

/** Whether the SageMaker quotas suffice for the starter; new accounts have 0 of most types. */
export function examineQuotas(
  calls: Pick<Calls, "quota">,
  { resourceIds, settings }: Pick<Stack, "resourceIds" | "settings">,
  context: AwsContext,
): Promise<Finding[]> {
  const quotas = [...quotasOfJobs(settings), ...quotasOfEndpoints(settings)];
  const page = `https://${consoleHost(context)}/servicequotas/home/services/sagemaker/quotas`;
  // The code of a deployed stack may use other instance types by now.
  const isNew = resourceIds.size === 0;
  return Promise.all(quotas.map((quota) => quotaFinding(calls, quota, page, isNew)));
}

function quotasOfJobs({ build, source }: Stack["settings"]): Quota[] {
  const isStarter = source.codecommit !== undefined;
  return jobQuotas.map(({ code, type, usage, variable }) => {
    const used = build.environment[variable] ?? type;
    const quota = { name: `${used} for ${usage}`, needed: 1, isStarter };
    return used === type ? { ...quota, code } : quota;
  });
}

function quotasOfEndpoints({ deploy }: Stack["settings"]): Quota[] {
  if (!deploy.enabled) return [];
  const { code, name, prod, staging } = endpointQuota;
  const needed = deploy.staging.kind === "serverless" ? prod : staging + prod;
  return [{ code, name, needed, isStarter: deploy.source.codecommit !== undefined }];
}

async function quotaFinding(
  calls: Pick<Calls, "quota">,
  { code, isStarter, name, needed }: Quota,
  page: string,
  isNew: boolean,
): Promise<Finding> {
  const title = `quota ${name}`;
  if (code === undefined)
    return note(`${title} was not checked`, `request at least ${String(needed)}: ${page}`);
  const request = `request at least ${String(needed)} for the starter: ${page}/${code}`;
  try {
    const value = await calls.quota(code);
    if (value === undefined) throw new Error("AWS returned no value");
    if (value >= needed) return ok(`${title}: ${String(value)} (starter: ${String(needed)})`);
    const report = isNew && isStarter ? fix : note;
    return report(`${title} is ${String(value)}`, `${request}\nAWS can take days to grant it`);
  } catch (error) {
    return note(`${title} could not be checked`, `${reasonOf(error)}\n${request}`);
  }
}
