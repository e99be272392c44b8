import { z } from "zod";

import type { Properties } from "./values";

/** How one resource type maps onto AWS calls. The dispatch checks everything that it claims. */
export interface Handler {
  /** Type token, e.g. `aws:sqs/queue:Queue`. */
  readonly type: string;
  /** Every input that is mapped, with AWS's default for each that may be absent. */
  readonly inputs: z.ZodObject<z.core.$ZodShape>;
  /** Inputs whose change makes a new resource. */
  readonly replaceOn: readonly string[];
  /** Input that is the resource's name, which the provider gives if the program does not. */
  readonly autoNamed?: string | undefined;
  /** Inputs that only steer the provider, so AWS cannot give them back. */
  readonly unreadable: readonly string[];
  /** Inputs for which AWS chooses a value when they are absent. */
  readonly computed: readonly string[];
  /** Inputs that AWS accepts and may yet take back by itself: the state then tells what it has instead. */
  readonly revocable: readonly string[];
  /** Inputs that hold a policy, as JSON text or as an object. */
  readonly policies: readonly string[];
  /** Other inputs that hold JSON text. */
  readonly jsonText: readonly string[];
  /** False if the old and the new resource can exist at once. */
  readonly fixedName: boolean;
  /** Makes the resource and returns its id; `tags` are then all tags, defaults included. */
  readonly create: (inputs: Properties) => Promise<string>;
  /** What AWS has, in the shape of the inputs, plus computed outputs; undefined if gone. */
  readonly read: (id: string, state: Properties) => Promise<Properties | undefined>;
  /** Brings an existing resource to the new inputs. */
  readonly update: (id: string, news: Properties, olds: Properties) => Promise<void>;
  /** Removes the resource. */
  readonly delete: (id: string, state: Properties) => Promise<void>;
}

/** A handler as written in a service's file, its inputs typed by their schema. */
export interface HandlerSpec<S extends z.ZodObject> {
  readonly type: string;
  readonly inputs: S;
  readonly replaceOn: readonly InputOf<S>[];
  readonly autoNamed?: InputOf<S>;
  readonly unreadable?: readonly InputOf<S>[];
  readonly computed?: readonly InputOf<S>[];
  readonly revocable?: readonly InputOf<S>[];
  readonly policies?: readonly InputOf<S>[];
  readonly jsonText?: readonly InputOf<S>[];
  readonly fixedName?: boolean;
  readonly create: (inputs: z.output<S>) => Promise<string>;
  readonly read: (id: string, state: Properties) => Promise<Properties | undefined>;
  readonly update: (id: string, news: z.output<S>, olds: Properties) => Promise<void>;
  readonly delete: (id: string, state: Properties) => Promise<void>;
}

type InputOf<S extends z.ZodObject> = keyof z.output<S> & string;

/** Gives create and update their inputs parsed, with defaults filled in. */
export function defineHandler<S extends z.ZodObject>(spec: HandlerSpec<S>): Handler {
  return {
    autoNamed: spec.replaceOn.find((input) => input === "name"),
    unreadable: [],
    computed: [],
    revocable: [],
    policies: [],
    jsonText: [],
    fixedName: true,
    ...spec,
    create: (inputs) => spec.create(spec.inputs.parse(inputs)),
    update: (id, news, olds) => spec.update(id, spec.inputs.parse(news), olds),
  };
}

/** The resource exists under `id`, but a later step of its creation failed. */
export class Unfinished extends Error {
  constructor(
    readonly id: string,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Runs the steps after the call that made the resource, so that a failure keeps its id. */
export async function finish(id: string, steps: () => Promise<void>): Promise<string> {
  try {
    await steps();
  } catch (error) {
    throw new Unfinished(id, error);
  }
  return id;
}

/** A text property of the state; throws if it is missing. */
export function text(state: Properties, name: string): string {
  const value = state[name];
  if (typeof value !== "string") throw new Error(`the state has no text property "${name}"`);
  return value;
}
