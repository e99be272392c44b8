/*
 * Types shared by the simulated AWS services. Each makes the calls that the AWS service would make, under the same role
 * or in its own name, and the authorizing proxy authorizes each call.
 */

/** AWS account, region and endpoints of a run. */
export interface AwsContext {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  /** The emulator itself, for calls of the account's owner, without authorization. */
  readonly ownerEndpoint: string;
  readonly proxy: AuthorizingProxy;
  /** A folder of this run; gone when the run ends. */
  readonly scratch: string;
  /** Fires when the run is to stop. */
  readonly signal: AbortSignal;
}

/** Who asks for a role, or acts in its own name: an AWS service, for one resource. */
export interface Caller {
  /** For example `codebuild.amazonaws.com`. */
  readonly service: string;
  /** ARN of the build project, pipeline, rule ... for which it acts. */
  readonly sourceArn: string;
}

/** Who asks for a role as another role. */
export interface RoleSession {
  readonly roleArn: string;
  readonly sessionArn: string;
}

/** Credentials of a role or service: every call under them is authorized. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** IAM action on one resource, and its condition keys. */
export interface RequiredAction {
  /** For example `s3:PutObject`. */
  readonly action: string;
  /** A concrete ARN; `*` only for actions that know no resource. */
  readonly resource: string;
  /** Condition keys and their values beyond those that the proxy adds itself. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Decision on one required action. */
export interface Decision extends RequiredAction {
  /** Name of the role, or the service that acts in its own name. */
  readonly principal: string;
  /** The call that needed it, for example `s3:PutObject` for `kms:GenerateDataKey`. */
  readonly call: string;
  readonly allowed: boolean;
  /** Set if a policy of the role allows the action, and another policy denies it. */
  readonly isGranted?: boolean;
}

/** Proxy of the emulator: forwards only calls that the deployed policies allow. */
export interface AuthorizingProxy {
  /** Endpoint of authorized calls: a loopback address. */
  readonly endpoint: string;
  /** Authorizes the caller by the role's trust policy, and returns credentials; throws if it is not trusted. */
  readonly assume: (roleArn: string, by: Caller | RoleSession) => Promise<Credentials>;
  /** Credentials of a service that acts in its own name, authorized by resource policies only. */
  readonly actAs: (caller: Caller) => Credentials;
  /** Authorizes an action for which the emulator has no call (such as an image pull); throws if denied. */
  readonly require: (credentials: Credentials, required: RequiredAction) => Promise<void>;
  /** All decisions so far, in order. */
  readonly decisions: readonly Decision[];
  /** Reads the deployed policies again, after an update of the stack. */
  readonly reread: () => Promise<void>;
  readonly stop: () => Promise<void>;
}
