import { type Resource, notYet } from "./resource";

/** How one type of resource says which other resource it belongs to. */
export interface Attachment {
  readonly types: readonly string[];
  /** The property that names the owner. */
  readonly by: string;
  /** The owner's properties whose value it may be. */
  readonly names: readonly string[];
}

/** What is attached to a resource, and whether something may be that cannot be told yet. */
export interface Attached {
  readonly found: Resource[];
  readonly perhaps: boolean;
}

/** The resources that are attached to `owner`: known values are compared, others are followed to where they come from. */
export function attachedTo(
  owner: Resource,
  resources: readonly Resource[],
  { by, names, types }: Attachment,
): Attached {
  const candidates = resources.filter(({ type }) => types.includes(type));
  const values = names.map((name) => owner.props[name]);
  const nameless = values.every((value) => typeof value !== "string");
  const owners = new Set(resources.filter(({ type }) => type === owner.type).map(({ urn }) => urn));

  const belongs = ({ props, sources }: Resource): boolean => {
    if (props[by] !== notYet && !nameless) return values.includes(props[by]);
    return sources[by]?.includes(owner.urn) ?? false;
  };
  const isUntold = ({ props, sources }: Resource): boolean =>
    (props[by] === notYet || nameless) && !(sources[by]?.some((urn) => owners.has(urn)) ?? false);

  return {
    found: candidates.filter(belongs),
    perhaps: candidates.some(isUntold),
  };
}
