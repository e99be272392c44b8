import { type Attachment, findAttached } from "./attachment";
import type { Resource } from "./resource";
import type { Finding } from "./rule";

/** Setting that a resource must have: as an attached resource, or inline. */
export interface RequiredSetting {
  readonly attachment: Attachment;
  /** Whether an attached resource has the setting. */
  readonly isSatisfiedBy: (attached: Resource) => boolean;
  /** Whether the owner has the setting inline. */
  readonly isSatisfiedInline?: (owner: Resource) => boolean;
  /** Problem and fix. */
  readonly message: string;
}

/**
 * One finding for each owner without the setting. The finding is `unchecked` if an attached
 * resource with an unknown owner may have the setting.
 */
export function findMissing(
  owners: readonly Resource[],
  resources: readonly Resource[],
  { isSatisfiedInline = () => false, attachment, isSatisfiedBy, message }: RequiredSetting,
): Finding[] {
  return owners.flatMap((owner): Finding[] => {
    const { found, hasUnknownOwner } = findAttached(owner, resources, attachment);
    if (isSatisfiedInline(owner) || found.some(isSatisfiedBy)) return [];
    return [{ urn: owner.urn, message, unchecked: hasUnknownOwner }];
  });
}
