import * as pulumi from "@pulumi/pulumi";
import { modelBuildOutputs } from "model-build-pipeline/outputs";

import { retrainOnData } from "./retrainOnData";

export = async () => {
  const config = new pulumi.Config();
  const stack = new pulumi.StackReference(config.require("modelBuildStack"));
  const model = await modelBuildOutputs(stack);

  const ruleName = retrainOnData("new-data", {
    dataBucketName: config.require("dataBucketName"),
    dataKey: config.require("dataKey"),
    name: `${model.modelPackageGroupName}-new-data`,
    pipelineArn: model.modelBuildPipelineArn,
  });
  return { pipelineConsoleUrl: model.pipelineConsoleUrl, ruleName };
};
