import * as pulumi from "@pulumi/pulumi";
import { ModelBuildPipeline } from "model-build-pipeline";
import { outputsOf } from "model-build-pipeline/outputs";

export = () => {
  const config = new pulumi.Config();
  const pipeline = new ModelBuildPipeline("model-build", {
    projectName: config.require("projectName"),
    posture: config.require("posture"),
    notifications: { emails: config.getObject<string[]>("emails") ?? [] },
    training: {
      // AWS's own images, which the starter trains with, in us-east-1; each region has another account number.
      imageRepositoryArns: [
        "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-scikit-learn",
        "arn:aws:ecr:us-east-1:683313688378:repository/sagemaker-xgboost",
      ],
    },
  });
  // What other projects may read with modelBuildOutputs.
  return Promise.resolve(outputsOf(pipeline));
};
