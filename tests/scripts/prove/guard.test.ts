import { strict as assert } from "node:assert";

import { createGuard, deleteGuard, deleteLeftGuard } from "../../../scripts/prove/guard";
import { guardedBy } from "../../../scripts/prove/target";
import {
  type Answers,
  awsError,
  fakeClients,
  fakeKit,
  guardAnswers,
  target,
} from "../../support/proveAccount";

const guarded = guardedBy(target);
const endpoint = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/mlops-churn--dev";

describe("guard of npm run prove", () => {
  it("schedules the deletion of both endpoints under a role that may only do that", async () => {
    const { calls, kit } = fakeKit(guardAnswers());
    await createGuard(kit, guarded, ["aws.sagemaker"]);
    const inputs = (name: string) => calls.filter(([it]) => it === name).map(([, it]) => it);
    const [policy] = inputs("iam.putRolePolicy");
    assert.deepEqual(JSON.parse(String(policy?.PolicyDocument)), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sagemaker:DeleteEndpoint",
          Resource: [`${endpoint}--staging`, `${endpoint}--prod`],
        },
      ],
    });
    const schedules = inputs("scheduler.createSchedule");
    assert.deepEqual(
      schedules.map(({ ActionAfterCompletion, Name, ScheduleExpression }) => [
        ActionAfterCompletion,
        Name,
        ScheduleExpression,
      ]),
      ["staging", "prod"].map((stage) => [
        "DELETE",
        `mlops-churn--dev--${stage}`,
        "at(2026-11-29T14:30:00)",
      ]),
    );
    assert.deepEqual(
      inputs("eventbridge.putRule")[0]?.EventPattern,
      '{"source":["aws.sagemaker"]}',
    );
  });

  it("waits until Scheduler can assume the new role, and replaces schedules of a killed run", async () => {
    let tries = 0;
    const { calls, kit } = fakeKit({
      ...guardAnswers(),
      "scheduler.createSchedule": () => {
        tries += 1;
        if (tries === 1) throw awsError("ValidationException", "must allow ... to assume the role");
        return {};
      },
      "scheduler.createScheduleGroup": () => {
        throw awsError("ConflictException");
      },
      "scheduler.deleteSchedule": () => ({}),
    });
    await createGuard(kit, guarded, []);
    assert.equal(tries, 3);
    assert.equal(calls.filter(([it]) => it === "scheduler.deleteSchedule").length, 2);
  });

  it("fails if a schedule or its group is rejected", async () => {
    for (const operation of ["createSchedule", "createScheduleGroup"]) {
      const rejected = () => {
        throw awsError("AccessDeniedException", "denied");
      };
      const { kit } = fakeKit({ ...guardAnswers(), [`scheduler.${operation}`]: rejected });
      await assert.rejects(createGuard(kit, guarded, []), /denied/);
    }
  });

  it("is found and deleted, the schedules last; only once", async () => {
    const Arn = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/mlops-churn--dev--prove";
    const { clients } = fakeClients({
      ...guardAnswers(),
      "scheduler.getScheduleGroup": () => ({ Arn }),
    });
    const { eventbridge, iam, scheduler, sqs } = clients;
    const further = () => Promise.resolve({ eventbridge, iam, sqs });
    assert.deepEqual(await deleteLeftGuard({ scheduler }, guarded, further), [
      "rule mlops-churn--dev--prove",
      "queue mlops-churn--dev--prove",
      "role mlops-churn--dev--prove-use1",
      "schedule group mlops-churn--dev--prove",
    ]);
    const missing = () => {
      throw awsError("NotFoundException");
    };
    const answers: Answers = {};
    for (const name of Object.keys(guardAnswers())) answers[name] = missing;
    const nothing = fakeClients({
      ...answers,
      "scheduler.getScheduleGroup": missing,
    }).clients;
    const unneeded = () => Promise.reject(new Error("needs no further clients"));
    assert.deepEqual(await deleteLeftGuard(nothing, guarded, unneeded), []);
    assert.deepEqual(await deleteGuard(nothing, guarded), []);
  });
});
