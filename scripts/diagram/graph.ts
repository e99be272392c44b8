import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";

import { onRegistration, awsContext, record } from "../../tests/support/mocks";
import { namesFor } from "../../components/names/names";
import program = require("../../index");

/** A resource as registered with the engine. */
export interface Resource {
  /**
   * Short type and name without the prefix `model-build-` or `model-`: `s3/Bucket artifacts`, or
   * `codecommit/Repository deploy-source` of a deployment.
   */
  readonly title: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** For each input, the titles of the resources whose outputs it uses. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
}

const identity = { projectId: "dev", projectName: "churn" };

/** Names and ARNs of the recorded program. */
export const names = namesFor(identity, awsContext);

/** Resources of the program with default settings and deployment enabled, sorted by title. */
export async function graph(): Promise<Resource[]> {
  const byTitle = new Map<string, Resource["dependencies"]>();
  const onRequest = (request: RegisterResourceRequest): void => {
    const title = titleOf(request.getType(), request.getName());
    // Components have no box.
    if (request.getCustom()) byTitle.set(title, dependenciesOf(request));
  };
  const { resources } = await record(
    () => {
      onRegistration(onRequest);
      return program();
    },
    {
      config: {
        "model-build-pipeline:deploy": '{"enabled":true}',
        "model-build-pipeline:projectName": identity.projectName,
      },
    },
  );
  return resources
    .flatMap(({ inputs, name, type }) => {
      const title = titleOf(type, name);
      const dependencies = byTitle.get(title);
      return dependencies === undefined ? [] : [{ dependencies, inputs, title }];
    })
    .sort((a, b) => a.title.localeCompare(b.title, "en"));
}

function dependenciesOf(request: RegisterResourceRequest): Map<string, string[]> {
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
