import type { PipelineExecutionStepMetadata } from "@aws-sdk/client-sagemaker";

import type { Report } from "../../../lib/progress";
import type { Clients } from "../../iam/clients";
import type { AwsContext } from "../../iam/contract";
import type { Execution } from "./execution";
import type { Json } from "./json";

/** Environment in which the steps of one execution are simulated. */
export interface Site {
  readonly context: AwsContext;
  /** Clients under the pipeline's role, for what Pipelines itself calls. */
  readonly pipelineClients: Clients;
  readonly execution: Execution;
  /** Stands for the Python of every image. */
  readonly python: string;
  /** Stands for the Python of every image that serves a model. */
  readonly servingPython: string;
  /** Fires when the run ends or the execution is stopped. */
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** What a step leaves behind. */
export interface Outcome {
  readonly metadata: PipelineExecutionStepMetadata;
  /** What later steps can ask for under `Steps.<name>`. */
  readonly described?: Json;
  readonly propertyFiles?: Readonly<Record<string, Json>>;
  /** Set if and only if the step failed. */
  readonly failureReason?: string;
}
