/*
 * The words that the players of an end-to-end run share. A player stands for one AWS service: it makes the calls that the
 * service would make, under the role or in the name that the service would use, and the gateway judges each of them.
 */

/** Where the end-to-end run takes place. */
export interface AwsContext {
  readonly accountId: string;
  readonly partition: string;
  readonly region: string;
  /** The emulator itself, for what the account's owner sees and does; nothing is judged there. */
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

/** Under these, every call is judged. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** What IAM is asked: may this be done to exactly this resource? */
export interface RequiredAction {
  /** For example `s3:PutObject`. */
  readonly action: string;
  /** A concrete ARN; `*` only for actions that know no resource. */
  readonly resource: string;
  /** Condition keys and their values beyond those that the gateway adds itself. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** The judge's answer to one use. */
export interface Decision extends RequiredAction {
  /** Name of the role, or the service that acts in its own name. */
  readonly principal: string;
  /** The call that needed it, for example `s3:PutObject` for a use of `kms:GenerateDataKey`. */
  readonly call: string;
  readonly allowed: boolean;
}

/** Stands before the emulator, and lets through only what the deployed policies allow. */
export interface AuthorizingProxy {
  /** Where judged calls go: a loopback address. */
  readonly endpoint: string;
  /** Judges the role's trust policy, and gives credentials for the role; throws if the caller is not trusted. */
  readonly assume: (roleArn: string, by: Caller) => Promise<Credentials>;
  /** Credentials of a service that acts in its own name, judged by resource policies alone. */
  readonly actAs: (caller: Caller) => Credentials;
  /** Judges a use for which the emulator has no call (an image pull, say); throws if it is denied. */
  readonly require: (credentials: Credentials, required: RequiredAction) => Promise<void>;
  /** Everything judged so far, in order. */
  readonly decisions: readonly Decision[];
  /** Reads the deployed policies again, after an update of the stack. */
  readonly reread: () => Promise<void>;
  readonly stop: () => Promise<void>;
}
