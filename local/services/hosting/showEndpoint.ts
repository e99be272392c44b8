import type { EndpointStatus, VariantStatus } from "@aws-sdk/client-sagemaker";

import type { Stage } from "../../iam/contract";
import { tell } from "../sagemaker/emulatorPlay";

/** How far an endpoint is; what is left out stays as it was. */
interface EndpointPlay {
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
export function showEndpoint(stage: Stage, play: EndpointPlay): Promise<void> {
  return tell(stage, "PlayEndpoint", play);
}
