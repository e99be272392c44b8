import { z } from "zod";

/** Why an event could not be delivered, in the words of a dead letter. */
export interface Failure {
  /** One of AWS's codes, for example `NO_PERMISSIONS`. */
  readonly code: string;
  readonly message: string;
  /** Whether EventBridge would try again. */
  readonly mayPass: boolean;
}

const errorShape = z.looseObject({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  $metadata: z.looseObject({ httpStatusCode: z.number().optional() }).optional(),
});

/**
 * What EventBridge would call this error of a target.
 * @throws the error itself if it is none of a target
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function failureOf(error: unknown): Failure {
  const { data } = errorShape.safeParse(error);
  if (data === undefined) throw error;
  const status = data.$metadata?.httpStatusCode;
  const message = `${data.name}: ${data.message}`;
  if (/^E(CONN|PIPE|TIMEDOUT)|^TimeoutError$/.test(data.code ?? data.name))
    return { code: "CONNECTION_FAILURE", message, mayPass: true };
  // An error that no service answered is one of this program.
  if (status === undefined) throw error;
  if (status === 403 || /AccessDenied|AuthorizationError|NotAuthorized/.test(data.name))
    return { code: "NO_PERMISSIONS", message, mayPass: false };
  if (status === 404 || /NotFound|NonExistent|DoesNotExist/.test(data.name))
    return { code: "NO_RESOURCE", message, mayPass: false };
  if (status === 429 || /Throttl|TooManyRequests/.test(data.name))
    return { code: "THROTTLING", message, mayPass: true };
  return { code: "ERROR_FROM_TARGET", message, mayPass: status >= 500 };
}
