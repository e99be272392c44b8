import { setTimeout as sleep } from "node:timers/promises";

import type { SageMaker } from "@aws-sdk/client-sagemaker";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, finish, Unfinished } from "../handler";
import type { Handler } from "../handler";
import { tagList, tagsInput } from "../tags";
import { sameValue } from "../values";
import { deploymentInputs, deploymentOf, deploymentProperties } from "./endpointDeployment";
import { readTags, updateTags } from "./sagemakerTags";

const ASK_EVERY_MS = 200;
const AT_MOST_MS = 3_600_000;
const underWay = /^(Creating|Updating|SystemUpdating|RollingBack)$/;

const endpointInputs = z.strictObject({
  name: z.string(),
  endpointConfigName: z.string(),
  deploymentConfig: deploymentInputs.optional(),
  tags: tagsInput,
});

/** SageMaker endpoints: a change has ended when its status has settled, for good or bad. */
export function sagemakerEndpointHandlers(options: ClientOptions): readonly Handler[] {
  const sagemaker = lazy(
    async () => new (await import("@aws-sdk/client-sagemaker")).SageMaker(options),
  );

  return [
    defineHandler({
      type: "aws:sagemaker/endpoint:Endpoint",
      inputs: endpointInputs,
      replaceOn: ["name"],
      // An update that an alarm rolls back ends well for SageMaker, and the old configuration serves.
      revocable: ["endpointConfigName"],

      async create({ deploymentConfig, endpointConfigName, name, tags }) {
        const api = await sagemaker();
        await api.createEndpoint({
          EndpointName: name,
          EndpointConfigName: endpointConfigName,
          DeploymentConfig: deploymentConfig && deploymentOf(deploymentConfig),
          Tags: tagList(tags),
        });
        return finish(name, () => settled(api, name));
      },

      async read(id) {
        const api = await sagemaker();
        const found = await described(api, id);
        if (found === undefined) return undefined;
        const deployment = found.LastDeploymentConfig;
        return {
          name: found.EndpointName,
          endpointConfigName: found.EndpointConfigName,
          deploymentConfig: deployment && deploymentProperties(deployment),
          tagsAll: await readTags(api, found.EndpointArn),
          arn: found.EndpointArn,
        };
      },

      async update(id, { deploymentConfig, endpointConfigName, tags }, olds) {
        const api = await sagemaker();
        await updateTags(api, olds, tags);
        const same =
          endpointConfigName === olds.endpointConfigName &&
          sameValue(deploymentConfig, olds.deploymentConfig);
        if (same) return;
        await api.updateEndpoint({
          EndpointName: id,
          EndpointConfigName: endpointConfigName,
          DeploymentConfig: deploymentConfig && deploymentOf(deploymentConfig),
        });
        await settled(api, id).catch((error: unknown) => {
          throw new Unfinished(id, error);
        });
      },

      async delete(id) {
        const api = await sagemaker();
        await api.deleteEndpoint({ EndpointName: id });
        while ((await described(api, id)) !== undefined) await sleep(ASK_EVERY_MS);
      },
    }),
  ];
}

function described(api: SageMaker, EndpointName: string) {
  return unlessGone(
    api.describeEndpoint({ EndpointName }),
    /^ValidationException: Could not find endpoint/,
  );
}

/** Waits for the end of what is under way; throws unless the endpoint then is in service. */
async function settled(api: SageMaker, name: string): Promise<void> {
  const deadline = Date.now() + AT_MOST_MS;
  for (;;) {
    const { EndpointStatus = "gone", FailureReason } = (await described(api, name)) ?? {};
    if (EndpointStatus === "InService") return;
    if (!underWay.test(EndpointStatus)) {
      throw new Error(`endpoint ${name} is ${EndpointStatus}: ${FailureReason ?? "no reason"}`);
    }
    if (Date.now() > deadline) throw new Error(`endpoint ${name} is still ${EndpointStatus}`);
    await sleep(ASK_EVERY_MS);
  }
}
