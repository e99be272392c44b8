import { z } from "zod";
import type { Engine } from "../../cloud/engine";
import { print } from "../../../lib/progress";
import { ownerClients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import { type Delivery, deliver } from "../../services/eventbridge/deliver";
import { serviceEvent } from "../../services/eventbridge/serviceEvent";
import { startAuthorizingProxy } from "../../iam/authorizingProxy";
import { reportDecisions } from "../../report/decisions";
import { mustBeAllowed } from "../../report/denials";
import { clientOptions } from "../../cloud/provider/clients";
import type { Cloud } from "../../cloud/provider/cloud";
import { type Row, inventory } from "../../cloud/provider/inventory";

const outputs = z.object({ modelBuildPipelineArn: z.string(), modelBuildPipelineName: z.string() });

/** Passes only if the object that says "complete" starts the pipeline, under the deployed role, and data before it does not. */
export async function mustStartTheBuild(producer: Engine): Promise<void> {
  const { modelBuildPipelineArn, modelBuildPipelineName } = outputs.parse(await producer.outputs());
  const [, partition = "", , region = "", accountId = ""] = modelBuildPipelineArn.split(":");
  const where = { accountId, ownerEndpoint: producer.cloud.endpoint, partition, region };
  const proxy = await startAuthorizingProxy(where);
  const context: AwsContext = {
    ...where,
    proxy,
    scratch: producer.folder,
    signal: producer.signal,
  };
  try {
    await mustDeliver(context, "2026-11/rows.csv", []);
    const [delivery] = await mustDeliver(context, "2026-11/_SUCCESS", [modelBuildPipelineArn]);
    const pipelineExecutionId = delivery?.detail;
    const codepipeline = await ownerClients(context).codepipeline();
    const { pipelineExecution } = await codepipeline.getPipelineExecution({
      pipelineName: modelBuildPipelineName,
      pipelineExecutionId,
    });
    print(`    execution ${String(pipelineExecutionId)} is ${String(pipelineExecution?.status)}`);
    reportDecisions(proxy.decisions);
    mustBeAllowed(proxy.decisions);
  } finally {
    await proxy.stop();
  }
}

async function mustDeliver(
  context: AwsContext,
  key: string,
  targets: readonly string[],
): Promise<readonly Delivery[]> {
  const deliveries = await deliver(objectCreated(context, key), context);
  const arrived = deliveries.filter(({ outcome }) => outcome === "delivered");
  if (arrived.map(({ target }) => target).join() !== targets.join())
    throw new Error(`${key}: ${JSON.stringify(deliveries)}`);
  print(`    ${key}: ${arrived.map(({ rule }) => `rule ${rule}`).join() || "no rule matches"}`);
  return deliveries;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
function objectCreated(context: AwsContext, key: string) {
  return serviceEvent(context, {
    source: "aws.s3",
    detailType: "Object Created",
    resources: [`arn:${context.partition}:s3:::${dataBucketName}`],
    detail: {
      version: "0",
      bucket: { name: dataBucketName },
      object: { key, size: 1, etag: "b1946ac92492d2347c6235b4d2611184", sequencer: "0066A1" },
      "request-id": "N4N7GDK58NMKJ12R",
      requester: context.accountId,
      "source-ip-address": "192.0.2.1",
      reason: "PutObject",
    },
  });
}

/** The bucket of which the example's stack file speaks. */
const dataBucketName = "churn-data";

/** Makes the team's bucket, which sends its events to EventBridge; returns all that is in the account then. */
export async function makeDataBucket({ endpoint, region }: Cloud): Promise<Row[]> {
  const { S3 } = await import("@aws-sdk/client-s3");
  const s3 = new S3({ ...clientOptions(endpoint, region), forcePathStyle: true });
  await s3.createBucket({ Bucket: dataBucketName });
  await s3.putBucketNotificationConfiguration({
    Bucket: dataBucketName,
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
  return inventory(endpoint, region);
}
