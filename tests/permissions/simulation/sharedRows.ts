import type { RequiredAction } from "../../../local/iam/contract";
import { key, projectTopic } from "../../support/policySet";
import { otherKey, sagemaker } from "./account";
import { each, type OfStatement, use } from "./row";

const versions = `${sagemaker}:model-package/mlops-churn--dev--models`;
const encryption = ["kms:Decrypt", "kms:GenerateDataKey"];
const throughSns = { "kms:ViaService": "sns.us-east-1.amazonaws.com" };

/** Row of a role that describes the model versions of the project. */
export function describeVersionsRow(Sid: string): OfStatement {
  return [
    Sid,
    "describes model versions",
    [use("sagemaker:DescribeModelPackage", `${versions}/7`)],
    "versions of another group, approving versions",
    [
      use("sagemaker:DescribeModelPackage", `${versions.replace("dev", "prod")}/7`),
      use("sagemaker:UpdateModelPackage", `${versions}/7`, {
        "sagemaker:ModelApprovalStatus": "Approved",
      }),
    ],
  ];
}

/** Row of a role that records these life-cycle stages in the registry. */
export function lifeCycleRow(...stages: readonly string[]): OfStatement {
  const update = (context: RequiredAction["context"], of = versions) =>
    use("sagemaker:UpdateModelPackage", `${of}/7`, context);
  const stage = "sagemaker:ModelLifeCycle:Stage";
  const archived = { [stage]: "Archived" };
  return [
    "LifeCycleStage",
    `sets the life-cycle stages ${stages.join(" and ")}`,
    stages.map((one) => update({ [stage]: one })),
    "an approval, a rejection, other fields, other stages, versions of another group",
    [
      ...["Approved", "Rejected", "PendingManualApproval"].map((status) =>
        update({ ...archived, "sagemaker:ModelApprovalStatus": status }),
      ),
      update({ "sagemaker:ModelApprovalStatus": "Approved" }),
      update({ ...archived, "sagemaker:CustomerMetadataPropertiesToRemove": ["GitCommit"] }),
      update({}),
      update({ [stage]: "Development" }),
      update(archived, versions.replace("dev", "prod")),
    ],
  ];
}

/** Rows of a role that publishes to the notification topic. */
export const publishRows: readonly OfStatement[] = [
  [
    "PublishNotifications",
    "publishes to the SNS topic",
    [use("sns:Publish", projectTopic)],
    "another topic, subscribing",
    [
      use("sns:Publish", projectTopic.replace("churn--dev", "churn--prod")),
      use("sns:Subscribe", projectTopic),
    ],
  ],
  [
    "NotificationKey",
    "uses the KMS key through Amazon SNS",
    each(encryption, key, throughSns),
    "another KMS key",
    each(encryption, otherKey, throughSns),
  ],
];
