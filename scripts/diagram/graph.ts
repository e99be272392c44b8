import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

import { onRegistration, place, record } from "../../tests/support/mocks";
import { namesFor } from "../../components/names";
import program = require("../../index");

/** A resource as the engine is told of it. */
export interface Resource {
  /** Short type and name, without what names begin with: `s3/Bucket artifacts`, of a deployment `s3/Bucket deploy-state`. */
  readonly title: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Of each input, the titles of the resources whose outputs it takes. */
  readonly takes: ReadonlyMap<string, readonly string[]>;
}

const words = { projectId: "dev", projectName: "churn" };

/** Every name and ARN that the recorded program gives. */
export const names = namesFor(words, place);

/** Every resource that the program registers with the default settings, and models deployed, sorted. */
export async function graph(): Promise<Resource[]> {
  const takes = new Map<string, Resource["takes"]>();
  const hear = (request: RegisterResourceRequest): void => {
    const title = titleOf(request.getType(), request.getName());
    // A component is a frame around its children.
    if (request.getCustom()) takes.set(title, dependencies(request));
  };
  const { resources } = await record(
    () => {
      onRegistration(hear);
      return program();
    },
    {
      config: {
        "model-build-pipeline:deploy": '{"enabled":true}',
        "model-build-pipeline:projectName": words.projectName,
      },
    },
  );
  return resources
    .flatMap(({ inputs, name, type }) => {
      const title = titleOf(type, name);
      const taken = takes.get(title);
      return taken === undefined ? [] : [{ inputs, takes: taken, title }];
    })
    .sort((a, b) => a.title.localeCompare(b.title, "en"));
}

function dependencies(request: RegisterResourceRequest): Map<string, string[]> {
  const found = new Map<string, string[]>();
  request.getPropertydependenciesMap().forEach((dependency, property) => {
    found.set(property, dependency.getUrnsList().map(titleOfUrn));
  });
  return found;
}

function titleOfUrn(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return titleOf(types.split("$").at(-1) ?? "", name.join("::"));
}

function titleOf(type: string, name: string): string {
  return `${type.replace(/^aws:(\w+)\/\w+:/, "$1/")} ${name.replace(/^model-(build-)?/, "")}`;
}
