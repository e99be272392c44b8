import * as aws from "@pulumi/aws";

import { createBucket } from "./compliant";

/**
 * One unprotected resource of each type with data. A new `name` replaces two of them: the model
 * package group and the repository.
 */
export function createDataResources(name: string): void {
  createBucket("models", {});
  new aws.kms.Key("models", { enableKeyRotation: true });
  new aws.sagemaker.ModelPackageGroup("models", { modelPackageGroupName: name });
  new aws.codecommit.Repository("models", { repositoryName: name });
}
