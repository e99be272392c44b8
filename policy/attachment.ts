import { type Resource, unknownValue } from "./resource";

/** Reference from one type of resource to its owner, e.g. from a bucket policy to its bucket. */
export interface Attachment {
  readonly types: readonly string[];
  /** Property with the reference to the owner. */
  readonly reference: string;
  /** Properties of the owner that the reference may contain. */
  readonly ownerProperties: readonly string[];
}

/** Resources that are attached to an owner. */
export interface Attached {
  readonly found: Resource[];
  /** Whether the owner of another candidate is unknown. */
  readonly hasUnknownOwner: boolean;
}

/**
 * Finds the resources that are attached to `owner`. A known reference is compared with the owner's
 * properties; an unknown reference is resolved by its property dependencies.
 */
export function findAttached(
  owner: Resource,
  resources: readonly Resource[],
  { ownerProperties, reference, types }: Attachment,
): Attached {
  const candidates = resources.filter(({ type }) => types.includes(type));
  const values = ownerProperties.map((property) => owner.props[property]);
  const isOwnerUnknown = values.every((value) => typeof value !== "string");
  const owners = new Set(resources.filter(({ type }) => type === owner.type).map(({ urn }) => urn));
  const isUnknown = ({ props }: Resource): boolean =>
    props[reference] === unknownValue || isOwnerUnknown;

  const isAttached = (candidate: Resource): boolean => {
    if (!isUnknown(candidate)) return values.includes(candidate.props[reference]);
    return candidate.sources[reference]?.includes(owner.urn) ?? false;
  };
  const dependsOnOwner = ({ sources }: Resource): boolean =>
    sources[reference]?.some((urn) => owners.has(urn)) ?? false;

  return {
    found: candidates.filter(isAttached),
    hasUnknownOwner: candidates.some((one) => isUnknown(one) && !dependsOnOwner(one)),
  };
}
