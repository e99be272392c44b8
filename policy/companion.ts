import { type Attachment, attachedTo } from "./attached";
import type { Resource } from "./resource";
import type { Finding } from "./rule";

/** What a resource must have beside it. */
export interface Demand {
  readonly attachment: Attachment;
  /** Whether what is attached does it. */
  readonly holds: (companion: Resource) => boolean;
  /** Whether the resource does it by itself. */
  readonly alone?: (owner: Resource) => boolean;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** A finding for each owner that lacks its companion; a companion that may be somebody else's is no reason for an alarm. */
export function lacking(
  owners: readonly Resource[],
  resources: readonly Resource[],
  { alone = () => false, attachment, holds, message }: Demand,
): Finding[] {
  return owners.flatMap((owner): Finding[] => {
    const { found, perhaps } = attachedTo(owner, resources, attachment);
    if (alone(owner) || found.some(holds)) return [];
    return [{ urn: owner.urn, message, unseen: perhaps }];
  });
}
