import * as pulumi from "@pulumi/pulumi";
import { ModelBuildPipeline } from "model-build-pipeline";
import { stackOutputs } from "model-build-pipeline/outputs";

export = () => {
  const config = new pulumi.Config();
  const namePrefix = config.get("namePrefix");
  const pipeline = new ModelBuildPipeline("model-build", {
    ...(namePrefix === undefined ? {} : { namePrefix }),
    projectName: config.require("projectName"),
    posture: config.require("posture"),
    notifications: { emails: config.getObject<string[]>("emails") ?? [] },
    training: {
      // AWS's training images for the starter, in us-east-1. The account differs by region.
      imageRepositoryArns: [
        "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-scikit-learn",
        "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost",
      ],
    },
  });
  // Other projects read these outputs with modelBuildOutputs.
  return Promise.resolve(stackOutputs(pipeline));
};
