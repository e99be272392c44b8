import { randomUUID } from "node:crypto";

import type { DataCaptureConfig } from "@aws-sdk/client-sagemaker";

import type { Clients } from "../../iam/clients";
import { eventTime } from "../eventbridge/serviceEvent";
import { placeOf } from "../sagemaker/s3Objects";
import type { Answer, Invocation } from "./invocationProxy";

/** An invocation and its answer. */
interface Exchange {
  readonly input: Invocation;
  readonly output: Answer;
}

/** Keeps some of what an endpoint is asked and answers. */
export interface Capture {
  readonly take: (exchange: Exchange) => void;
  /** Writes captured records that are not yet written. */
  readonly flush: () => Promise<void>;
}

/** Captures as an endpoint's configuration says, under its role; the first exchange is always among the sample. */
export function openCapture(
  config: DataCaptureConfig | undefined,
  { endpoint, variant }: { readonly endpoint: string; readonly variant: string },
  clients: Clients,
): Capture {
  const { DestinationS3Uri = "", EnableCapture = true, KmsKeyId } = config ?? {};
  const share = (config?.InitialSamplingPercentage ?? 0) / 100;
  const modes = (config?.CaptureOptions ?? []).map(({ CaptureMode }) => CaptureMode);
  const wants = (mode: "Input" | "Output"): boolean =>
    modes.includes(mode) || modes.includes("InputAndOutput");
  const records: string[] = [];
  let seen = 0;
  return {
    take: (exchange) => {
      if (!EnableCapture || share <= 0) return;
      // Every fifth for 20 %, and the same ones each time.
      const isTaken = Math.ceil((seen + 1) * share) > Math.ceil(seen * share);
      seen += 1;
      if (isTaken) records.push(recordOf(exchange, wants));
    },
    flush: async () => {
      if (records.length === 0) return;
      const lines = records.splice(0);
      const { bucket, key } = placeOf(DestinationS3Uri);
      const hour = new Date().toISOString().slice(0, 13).replace(/[-T]/g, "/");
      const now = new Date().toISOString().slice(14, 23).replace(/[:.]/g, "-");
      const place = [
        key.replace(/\/$/, ""),
        endpoint,
        variant,
        hour,
        `${now}-${randomUUID()}.jsonl`,
      ];
      await (
        await clients.s3()
      ).putObject({
        Bucket: bucket,
        Key: place.filter((part) => part !== "").join("/"),
        Body: lines.map((line) => `${line}\n`).join(""),
        ...(KmsKeyId === undefined
          ? {}
          : { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KmsKeyId }),
      });
    },
  };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html */
function recordOf(
  { input, output }: Exchange,
  wants: (mode: "Input" | "Output") => boolean,
): string {
  const captured = ({ body, contentType }: Invocation | Answer, mode: "INPUT" | "OUTPUT") => ({
    observedContentType: contentType,
    mode,
    data: body,
    encoding: contentType.includes("csv") ? "CSV" : "JSON",
  });
  return JSON.stringify({
    captureData: {
      ...(wants("Input") ? { endpointInput: captured(input, "INPUT") } : {}),
      ...(wants("Output") ? { endpointOutput: captured(output, "OUTPUT") } : {}),
    },
    eventMetadata: {
      eventId: randomUUID(),
      ...(input.inferenceId === undefined ? {} : { inferenceId: input.inferenceId }),
      inferenceTime: eventTime(input.at),
    },
    eventVersion: "0",
  });
}
