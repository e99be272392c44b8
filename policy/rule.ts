import type { PolicyConfigSchema } from "@pulumi/policy";

import type { Props, Resource } from "./resource";

interface Sentence {
  /** In kebab case; people switch a rule off by this name. */
  readonly name: string;
  /** One sentence of the standard. */
  readonly description: string;
  readonly configSchema?: PolicyConfigSchema;
}

/** Judges one resource by its inputs, before anything is made of it. */
export interface ResourceRule extends Sentence {
  readonly types: readonly string[];
  /** The inputs without which nothing can be said. */
  readonly reads: readonly string[];
  /** What is wrong and what to do, for each thing that is wrong. */
  readonly problems: (resource: Resource, config: Props) => string[];
}

/** What a stack rule has to say of a resource, or of the stack as a whole. */
export interface Finding {
  readonly urn?: string;
  readonly message: string;
  /** Set if nothing is wrong as far as can be seen, but not everything can be seen yet. */
  readonly unseen?: boolean;
}

/** Judges all resources of a stack together, by their outputs. */
export interface StackRule extends Sentence {
  readonly findings: (resources: readonly Resource[], config: Props) => Finding[];
}
