import { z } from "zod";

import type { RequiredAction } from "../contract";
import type { Call } from "../call";
import { creation, creationOf, limitsOf, passedRole, tagContext } from "./creation";
import {
  arn,
  arnFor,
  each,
  type Ground,
  itself,
  named,
  nowhere,
  type Table,
  text,
} from "./placing";
import { read } from "./storage";

const inSageMaker = (operations: readonly string[], placing: Table[string]): Table =>
  each("sagemaker", operations, placing);

/** SageMaker: pipelines, the jobs of their steps, the model registry, experiments. */
export const training: Table = {
  ...inSageMaker(["CreatePipeline", "UpdatePipeline"], upsertPipeline),
  ...inSageMaker(
    [
      "DeletePipeline",
      "DescribePipeline",
      "ListPipelineExecutions",
      "ListPipelineVersions",
      "StartPipelineExecution",
    ],
    named("pipeline/", "PipelineName"),
  ),
  ...inSageMaker(
    [
      "DescribePipelineDefinitionForExecution",
      "DescribePipelineExecution",
      "ListPipelineExecutionSteps",
      "ListPipelineParametersForExecution",
      "RetryPipelineExecution",
      "StopPipelineExecution",
    ],
    (call) => [itself(call, text(call, "PipelineExecutionArn"))],
  ),
  ...inSageMaker(["AddTags", "DeleteTags", "ListTags"], (call) => [
    itself(call, text(call, "ResourceArn"), tagContext(call)),
  ]),
  ...inSageMaker(["DescribeImage"], named("image/", "ImageName")),
  ...inSageMaker(["DescribeImageVersion"], (call, ground) => {
    const { Alias, Version = Alias ?? "*" } = call.parameters;
    return [
      itself(call, `${arnFor(call, ground, "image-version/", "ImageName")}/${String(Version)}`),
    ];
  }),
  ...inSageMaker(["DescribeProject"], named("project/", "ProjectName")),
  ...jobs("Processing"),
  ...jobs("Training"),
  ...jobs("Transform"),
  ...inSageMaker(
    ["CreateModelPackageGroup"],
    creation("model-package-group/", "ModelPackageGroupName"),
  ),
  ...inSageMaker(
    ["DescribeModelPackageGroup"],
    named("model-package-group/", "ModelPackageGroupName"),
  ),
  ...inSageMaker(["CreateModelPackage"], (call, ground) =>
    creationOf(call, ground, registered(call, ground)),
  ),
  ...inSageMaker(["DescribeModelPackage"], named("model-package/", "ModelPackageName")),
  // Listing asks about the versions of the group, not about the group.
  ...inSageMaker(["ListModelPackages"], (call, ground) => [
    itself(call, versionsOf(call, ground) ?? arn(ground, "sagemaker", "model-package/*")),
  ]),
  ...inSageMaker(["UpdateModelPackage"], (call, ground) => [
    itself(call, arnFor(call, ground, "model-package/", "ModelPackageArn"), limitsOf(call)),
  ]),
  ...inSageMaker(["CreateExperiment"], creation("experiment/", "ExperimentName")),
  ...inSageMaker(["DescribeExperiment"], named("experiment/", "ExperimentName")),
  ...inSageMaker(["CreateTrial"], async (call, ground) => [
    ...named("experiment/", "ExperimentName")(call, ground),
    ...(await creation("experiment-trial/", "TrialName")(call, ground)),
  ]),
  ...inSageMaker(["DescribeTrial"], named("experiment-trial/", "TrialName")),
  ...inSageMaker(
    ["CreateTrialComponent"],
    creation("experiment-trial-component/", "TrialComponentName"),
  ),
  ...inSageMaker(
    ["BatchPutMetrics", "DescribeTrialComponent", "UpdateTrialComponent"],
    named("experiment-trial-component/", "TrialComponentName"),
  ),
  ...inSageMaker(["AssociateTrialComponent"], (call, ground) => [
    ...named("experiment-trial/", "TrialName")(call, ground),
    ...named("experiment-trial-component/", "TrialComponentName")(call, ground),
  ]),
  ...inSageMaker(
    [
      "ListEndpointConfigs",
      "ListEndpoints",
      "ListModelPackageGroups",
      "ListModels",
      "ListPipelines",
      "ListProcessingJobs",
      "ListTrainingJobs",
      "ListTransformJobs",
      "Search",
    ],
    nowhere,
  ),
};

function jobs(kind: string): Table {
  const rest = `${kind.toLowerCase()}-job/`;
  const name = `${kind}JobName`;
  return {
    ...inSageMaker([`Create${kind}Job`], creation(rest, name)),
    ...inSageMaker([`Describe${kind}Job`, `Stop${kind}Job`], named(rest, name)),
  };
}

const location = z.object({
  Bucket: z.string(),
  ObjectKey: z.string(),
  VersionId: z.string().optional(),
});

/** A definition that is too long for the call is read from where the call says, with the caller's rights. */
async function upsertPipeline(call: Call, ground: Ground): Promise<RequiredAction[]> {
  const resource = arnFor(call, ground, "pipeline/", "PipelineName");
  const stored = location.safeParse(call.parameters.PipelineDefinitionS3Location).data;
  const made =
    call.operation === "CreatePipeline"
      ? await creationOf(call, ground, resource)
      : [itself(call, resource), ...passedRole(call)];
  if (stored === undefined) return made;
  const { Bucket, ObjectKey, VersionId } = stored;
  return [
    ...made,
    ...(await read({ bucket: Bucket, key: ObjectKey, versionId: VersionId }, ground)),
  ];
}

/** What a registration makes: the group's next version, whose number only AWS knows, or a package without versions. */
function registered(call: Call, ground: Ground): string {
  return versionsOf(call, ground) ?? arnFor(call, ground, "model-package/", "ModelPackageName");
}

/** Each version of the group that the call names. */
function versionsOf(call: Call, ground: Ground): string | undefined {
  if (call.parameters.ModelPackageGroupName === undefined) return undefined;
  const group = arnFor(call, ground, "model-package-group/", "ModelPackageGroupName");
  return `${group.replace(":model-package-group/", ":model-package/")}/*`;
}
