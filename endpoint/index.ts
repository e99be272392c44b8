import { alarms } from "./parts/alarms";
import { endpoint } from "./parts/endpoint";
import { scaling } from "./parts/scaling";
import { servedModel } from "./parts/servedModel";
import { loadSettings } from "./settings";

// A function, as the Automation API needs it: deploy.ts runs it in its own process.
export = () => {
  const { autoscaling, deployments, endpointName, ...settings } = loadSettings();
  const tags = {
    "sagemaker:project-id": settings.projectId,
    "sagemaker:project-name": settings.projectName,
  };

  const [wanted, ...others] = deployments;
  const config = servedModel(wanted, tags, {});
  // What runs now stays until what is wanted runs: a rollback needs it.
  const old = others.map((deployment) => servedModel(deployment, tags, {}));
  const watch = alarms({ ...settings.thresholds, endpointName, tags }, {});
  const served = endpoint(
    "endpoint",
    {
      alarms: watch,
      canary: settings.canary,
      configName: config.name,
      endpointName,
      isRunning: settings.isRunning,
      tags,
    },
    // Taken down, the endpoint goes before any configuration that it may be running.
    { dependsOn: old },
  );
  // Only a variant that is in service can be registered.
  if (autoscaling !== undefined)
    scaling("scaling", { ...autoscaling, endpointName, tags }, { dependsOn: [served] });

  return Promise.resolve({
    endpointName: served.name,
    endpointConfigName: served.endpointConfigName,
    modelPackageArn: wanted.modelPackageArn,
    modelVersion: wanted.modelVersion,
    deployments: deployments.map(({ name }) => name),
  });
};
