import * as aws from "@pulumi/aws";

import { everythingOn } from "./compliant";

/** One of each kind of thing that holds data, unprotected; two of them bear a name that makes them what they are. */
export function data(name: string): void {
  everythingOn("models", {});
  new aws.kms.Key("models", { enableKeyRotation: true });
  new aws.sagemaker.ModelPackageGroup("models", { modelPackageGroupName: name });
  new aws.codecommit.Repository("models", { repositoryName: name });
}
