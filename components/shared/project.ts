import * as pulumi from "@pulumi/pulumi";

import { type Names, namesFor, stemOf } from "../names/names";
import { problem, validationError } from "../validation/errors";
import { ruleText } from "../validation/fields";
import { assertOwnership, type OwnedSettings } from "../validation/ownership";
import { getAwsContext } from "./awsContext";
import { retainedOpts } from "./deletionProtection";

interface ProjectArgs {
  /** Class of the component. */
  kind: string;
  /** Use of the resources, in their descriptions, for example `Model build`. */
  purpose: string;
  settings: OwnedSettings & { posture: string };
  /** Source of the settings, for the validation error. */
  where: string;
}

/** Names, labels and resource options of all resources of a component. */
export interface Project {
  childOpts: { parent: pulumi.Resource };
  labels: { description: string; tags: Record<string, string> };
  names: pulumi.Output<Names>;
  /** For resources with a physical name: AWS rejects a second one, so delete, then replace. */
  namedOpts: { deleteBeforeReplace: boolean; parent: pulumi.Resource };
  /** For data, and for the policy and key that it needs: `prod` retains them. */
  retainedOpts: { parent: pulumi.Resource; retainOnDelete: boolean };
  /** Project name and ID in texts, for example `churn (dev)`. */
  title: string;
}

/**
 * Names, labels and resource options of a component.
 * @throws RunError if the program has a component of this type and project already
 */
export function projectOf(
  component: pulumi.ComponentResource,
  { kind, purpose, settings, where }: ProjectArgs,
): Project {
  const { projectId, projectName } = settings;
  if (isRegistered(component, `${kind} ${stemOf(settings)}`)) {
    const rule = ruleText(`must differ from those of another ${kind} in the program`, {
      projectId: "dev2",
    });
    const names = { projectName, projectId };
    throw validationError(where, [problem("projectName and projectId", rule, names)]);
  }
  const childOpts = { parent: component };
  // Every resource depends on its name: a foreign ARN is rejected before any resource registers.
  const names = pulumi.output(getAwsContext(childOpts)).apply((context) => {
    assertOwnership(settings, context, where);
    return namesFor(settings, context);
  });
  const title = `${projectName} (${projectId})`;
  return {
    childOpts,
    labels: {
      description: `${purpose} of ${title}`,
      tags: { "sagemaker:project-id": projectId, "sagemaker:project-name": projectName },
    },
    names,
    namedOpts: { ...childOpts, deleteBeforeReplace: true },
    retainedOpts: retainedOpts(settings, childOpts),
    title,
  };
}

/** Components of each run of the program; every run has its own monitor. */
const components = new WeakMap<object, { name: string; provider: unknown }[]>();

/**
 * Registers a component. Whether the program has another one with the same physical names: with the
 * same AWS provider, AWS would reject them.
 */
function isRegistered(component: pulumi.ComponentResource, name: string): boolean {
  const run = pulumi.runtime.getMonitor();
  if (run === undefined) return false;
  const provider = component.getProvider("aws:s3/bucket:Bucket");
  const others = components.get(run) ?? [];
  components.set(run, [...others, { name, provider }]);
  return others.some((other) => other.name === name && other.provider === provider);
}
