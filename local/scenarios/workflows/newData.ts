import { z } from "zod";

import type { Engine } from "../../cloud/engine";
import { say } from "../../../lib/progress";
import { owners } from "../../iam/clients";
import type { Stage } from "../../iam/contract";
import { type Delivery, deliver } from "../../services/eventbridge/deliver";
import { serviceEvent } from "../../services/eventbridge/serviceEvent";
import { startGateway } from "../../iam/authorizingProxy";
import { mustBeAllowed, reportVerdicts } from "../../report/decisions";
import { dataBucketName } from "./dataBucket";

const outputs = z.object({ modelBuildPipelineArn: z.string(), modelBuildPipelineName: z.string() });

/** Passes only if the object that says "complete" starts the pipeline, under the deployed role, and data before it does not. */
export async function mustStartTheBuild(producer: Engine): Promise<void> {
  const { modelBuildPipelineArn, modelBuildPipelineName } = outputs.parse(await producer.outputs());
  const [, partition = "", , region = "", accountId = ""] = modelBuildPipelineArn.split(":");
  const where = { accountId, ownerEndpoint: producer.cloud.endpoint, partition, region };
  const gateway = await startGateway(where);
  const stage: Stage = { ...where, gateway, scratch: producer.folder, signal: producer.signal };
  try {
    await mustDeliver(stage, "2026-11/rows.csv", []);
    const [delivery] = await mustDeliver(stage, "2026-11/_SUCCESS", [modelBuildPipelineArn]);
    const pipelineExecutionId = delivery?.detail;
    const codepipeline = await owners(stage).codepipeline();
    const { pipelineExecution } = await codepipeline.getPipelineExecution({
      pipelineName: modelBuildPipelineName,
      pipelineExecutionId,
    });
    say(`    execution ${String(pipelineExecutionId)} is ${String(pipelineExecution?.status)}`);
    reportVerdicts(gateway.verdicts);
    mustBeAllowed(gateway.verdicts);
  } finally {
    await gateway.stop();
  }
}

async function mustDeliver(
  stage: Stage,
  key: string,
  targets: readonly string[],
): Promise<readonly Delivery[]> {
  const deliveries = await deliver(objectCreated(stage, key), stage);
  const arrived = deliveries.filter(({ outcome }) => outcome === "delivered");
  if (arrived.map(({ target }) => target).join() !== targets.join())
    throw new Error(`${key}: ${JSON.stringify(deliveries)}`);
  say(`    ${key}: ${arrived.map(({ rule }) => `rule ${rule}`).join() || "no rule matches"}`);
  return deliveries;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function objectCreated(stage: Stage, key: string) {
  return serviceEvent(stage, {
    source: "aws.s3",
    detailType: "Object Created",
    resources: [`arn:${stage.partition}:s3:::${dataBucketName}`],
    detail: {
      version: "0",
      bucket: { name: dataBucketName },
      object: { key, size: 1, etag: "b1946ac92492d2347c6235b4d2611184", sequencer: "0066A1" },
      "request-id": "N4N7GDK58NMKJ12R",
      requester: stage.accountId,
      "source-ip-address": "192.0.2.1",
      reason: "PutObject",
    },
  });
}
