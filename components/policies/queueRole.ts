import type { StringInput } from "../validation/fields";
import type { Names } from "../names/names";
import { publishStatements } from "./buildRoles";
import { pipelineExecutionsStatement } from "./decisionStatements";
import { artifactStatements } from "./artifactStatements";
import type { DeployAccess } from "./deployRoles";
import { lifeCycleStatement } from "./lifeCycleStatements";
import { buildNetworkStatements } from "./network";
import { scheduleStatements, stagingEndpointStatement } from "./scheduleStatements";
import {
  allowStatement,
  type Document,
  policyDocument,
  pullImageStatements,
  writeLogStatement,
} from "./statements";

/**
 * IAM policy of the CodeBuild role of stage `Queue`: read the source and the state of the pipeline,
 * publish one notification, record a rejection, renew the schedule of staging. It can deploy nothing.
 */
export function queueRolePolicy(
  names: Names,
  keyArn: StringInput,
  { imageRepositoryArn, network }: DeployAccess,
): Document {
  const { artifactArns, queue } = names.deploy;
  return policyDocument([
    writeLogStatement(queue.logGroupArn),
    ...artifactStatements(names, keyArn, { hasOutput: false, objectArns: artifactArns.source }),
    pipelineExecutionsStatement(names, [
      "codepipeline:GetPipelineState",
      "codepipeline:ListPipelineExecutions",
    ]),
    // The notification says whether the waiting version is approved or rejected.
    allowStatement("ModelVersionsRead", names.modelPackageArns, ["sagemaker:DescribeModelPackage"]),
    lifeCycleStatement(names, ["Archived", "Production", "Staging"]),
    ...publishStatements(names, keyArn),
    ...scheduleStatements(names, { creates: false }),
    stagingEndpointStatement(names),
    ...(imageRepositoryArn === undefined ? [] : pullImageStatements([imageRepositoryArn])),
    ...buildNetworkStatements(names, network),
  ]);
}
