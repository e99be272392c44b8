import type { EndpointStatus, VariantStatus } from "@aws-sdk/client-sagemaker";

import type { AwsContext } from "../../iam/contract";
import { callEmulator } from "../sagemaker/emulatorState";

/** State of an endpoint; fields left out stay unchanged. */
interface EndpointState {
  readonly EndpointName: string;
  readonly EndpointStatus?: EndpointStatus;
  /** What serves from now on. */
  readonly EndpointConfigName?: string;
  readonly FailureReason?: string;
  /** What answers invocations; empty for nothing. */
  readonly StandIn?: string;
  /** Status of the variant of the pending deployment. */
  readonly VariantStatus?: VariantStatus;
}

/** Tells the emulator how far an endpoint is, and what answers in its place. */
export function showEndpoint(context: AwsContext, state: EndpointState): Promise<void> {
  return callEmulator(context, "PlayEndpoint", state);
}
