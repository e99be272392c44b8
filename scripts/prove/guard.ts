import { endpointName, stageNames } from "../../components/names/deployNames";
import { regionCode } from "../../components/names/names";
import { isThere } from "../doctor/calls";
import { type EndpointClients, ifFound } from "../endpoints/clients";
import type { GuardServices } from "./clients";
import { type Kit, until } from "./kit";
import { DELETION_MINUTES } from "./prices";

/** Project whose endpoints and events a run guards. */
export interface Guarded {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  readonly stem: string;
}

/** Clients of the guard. */
type Clients = GuardServices & Pick<EndpointClients, "scheduler">;

/** Names of the guard's resources; none of them is in the Pulumi state. */
export function guardNames({ accountId, partition, region, stem }: Guarded) {
  const arn = (service: string, rest: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  const name = `${stem}--prove`;
  const role = `${name}-${regionCode(region)}`;
  const endpoints = stageNames.map((stage) => endpointName(stem, stage));
  return {
    endpoints,
    endpointArns: endpoints.map((endpoint) => arn("sagemaker", `endpoint/${endpoint}`)),
    group: name,
    queue: name,
    queueArn: arn("sqs", name),
    role,
    roleArn: `arn:${partition}:iam::${accountId}:role/${role}`,
    rule: name,
    ruleArn: arn("events", `rule/${name}`),
  };
}

/**
 * One-time schedules that delete the endpoints if the run is killed, with their role; and a queue
 * that receives every event of these sources.
 */
export async function createGuard(
  kit: Kit,
  guarded: Guarded,
  sources: readonly string[],
): Promise<string[]> {
  const { clients, started } = kit;
  await createRole(clients, guarded);
  const deletion = new Date(started.getTime() + DELETION_MINUTES * 60_000);
  await createSchedules(kit, guarded, deletion);
  await createEventQueue(clients, guarded, sources);
  return [`schedules delete the endpoints on ${deletion.toISOString()}, if the run is killed`];
}

async function createRole({ iam }: Clients, guarded: Guarded): Promise<void> {
  const { endpointArns, role: RoleName } = guardNames(guarded);
  // Of a killed run.
  await isThere(deleteRole(iam, RoleName));
  const condition = { StringEquals: { "aws:SourceAccount": guarded.accountId } };
  await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: policy({
      Action: "sts:AssumeRole",
      Condition: condition,
      Principal: { Service: ["sagemaker.amazonaws.com", "scheduler.amazonaws.com"] },
    }),
    Description: "Deletes the endpoints of a killed npm run prove",
  });
  await iam.putRolePolicy({
    RoleName,
    PolicyDocument: policy({ Action: "sagemaker:DeleteEndpoint", Resource: endpointArns }),
    PolicyName: "delete-endpoints",
  });
}

/** Retries while the endpoint is changing: SageMaker rejects its deletion until then. */
async function createSchedules(kit: Kit, guarded: Guarded, time: Date): Promise<void> {
  const { endpoints, group, roleArn } = guardNames(guarded);
  const { scheduler } = kit.clients;
  // A killed run leaves the group, and AWS takes some time to delete it.
  await scheduler.createScheduleGroup({ Name: group }).catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== "ConflictException") throw error;
  });
  for (const EndpointName of endpoints) {
    await isThere(scheduler.deleteSchedule({ GroupName: group, Name: EndpointName }));
    // IAM shows a new role to other services after some seconds.
    await until(kit, "a schedule with the new role", 2, async () => {
      try {
        return await scheduler.createSchedule({
          ActionAfterCompletion: "DELETE",
          FlexibleTimeWindow: { Mode: "OFF" },
          GroupName: group,
          Name: EndpointName,
          ScheduleExpression: `at(${time.toISOString().slice(0, 19)})`,
          Target: {
            Arn: `arn:${guarded.partition}:scheduler:::aws-sdk:sagemaker:deleteEndpoint`,
            Input: JSON.stringify({ EndpointName }),
            RetryPolicy: { MaximumEventAgeInSeconds: 6 * 3600, MaximumRetryAttempts: 185 },
            RoleArn: roleArn,
          },
        });
      } catch (error) {
        if (error instanceof Error && error.message.includes("assume")) return undefined;
        throw error;
      }
    });
  }
}

async function createEventQueue(
  { eventbridge, sqs }: Clients,
  guarded: Guarded,
  sources: readonly string[],
): Promise<void> {
  const { queue, queueArn, rule, ruleArn } = guardNames(guarded);
  await sqs.createQueue({
    QueueName: queue,
    Attributes: {
      MessageRetentionPeriod: String(24 * 3600),
      Policy: policy({
        Action: "sqs:SendMessage",
        Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
        Principal: { Service: "events.amazonaws.com" },
        Resource: queueArn,
      }),
      SqsManagedSseEnabled: "true",
    },
  });
  await eventbridge.putRule({ EventPattern: JSON.stringify({ source: sources }), Name: rule });
  await eventbridge.putTargets({ Rule: rule, Targets: [{ Arn: queueArn, Id: "queue" }] });
}

/**
 * Deletes what a killed run has left of its guard, and returns the deleted resources.
 * @param open the other clients, which most stacks do not need
 */
export async function deleteLeftGuard(
  clients: Pick<Clients, "scheduler">,
  guarded: Guarded,
  open: () => Promise<GuardServices>,
): Promise<string[]> {
  const { group: Name } = guardNames(guarded);
  const found = await ifFound(clients.scheduler.getScheduleGroup({ Name }));
  if (found?.Arn === undefined) return [];
  return deleteGuard({ ...clients, ...(await open()) }, guarded);
}

/** Deletes the guard's resources, and returns the deleted ones. The schedules are last. */
export async function deleteGuard(
  { eventbridge, iam, scheduler, sqs }: Clients,
  guarded: Guarded,
): Promise<string[]> {
  const { group, queue, role, rule } = guardNames(guarded);
  const deletions: readonly (readonly [what: string, deletion: () => Promise<unknown>])[] = [
    [`rule ${rule}`, () => deleteRule(eventbridge, rule)],
    [`queue ${queue}`, () => deleteQueue(sqs, queue)],
    [`role ${role}`, () => deleteRole(iam, role)],
    [`schedule group ${group}`, () => scheduler.deleteScheduleGroup({ Name: group })],
  ];
  const deleted: string[] = [];
  for (const [what, deletion] of deletions) if (await isThere(deletion())) deleted.push(what);
  return deleted;
}

async function deleteRule(eventbridge: Clients["eventbridge"], Name: string): Promise<void> {
  await eventbridge.removeTargets({ Ids: ["queue"], Rule: Name });
  await eventbridge.deleteRule({ Name });
}

async function deleteQueue(sqs: Clients["sqs"], QueueName: string): Promise<void> {
  const { QueueUrl } = await sqs.getQueueUrl({ QueueName });
  await sqs.deleteQueue({ QueueUrl });
}

async function deleteRole(iam: Clients["iam"], RoleName: string): Promise<void> {
  await isThere(iam.deleteRolePolicy({ PolicyName: "delete-endpoints", RoleName }));
  await iam.deleteRole({ RoleName });
}

/** IAM policy document of one statement that allows. */
function policy(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}
