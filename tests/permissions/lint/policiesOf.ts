import type {
  ModelBuildPipelineArgs,
  SourceArgs,
} from "../../../components/modelBuild/modelBuildPipelineArgs";
import type { DeployBuildArgs } from "../../../components/modelDeploy/modelDeployPipelineArgs";
import { ModelDeployPipeline } from "../../../components/modelDeploy/modelDeployPipeline";
import { componentArgs } from "../../../config";
import { ModelBuildPipeline } from "../../../components/modelBuild/modelBuildPipeline";
import { resolveStackSettings } from "../../../components/validation/resolveSettings";
import { awsContext, record, type Recording } from "../../support/mocks";
import { type PolicyDocument, policyDocument, policyDocuments } from "./policyDocuments";

/** What a stack's config decides: about the model build, and whether and how its models are deployed. */
export interface StackArgs extends ModelBuildPipelineArgs {
  deploy?: {
    build?: DeployBuildArgs;
    enabled: boolean;
    source?: SourceArgs;
    staging?: { kind: "instances" | "serverless" };
  };
}

/** Every policy of a project, and the approver policy. */
export async function policiesOf(args: StackArgs, where = awsContext): Promise<PolicyDocument[]> {
  const { policy, recording } = await stackOf(args, where);
  return [
    ...policyDocuments(recording, where),
    policyDocument({ kind: "managed", name: "approver", policy }, where),
  ];
}

/** What a stack registers, as `index.ts` makes it, and the policy that it writes for people to attach. */
export async function stackOf(
  args: StackArgs,
  where = awsContext,
): Promise<{ policy: string; recording: Recording }> {
  let policy = "";
  const recording = await record(
    async () => {
      const { modelBuild, modelDeploy } = componentArgs(
        resolveStackSettings({ ...args }, "the test"),
      );
      const build = new ModelBuildPipeline("build", modelBuild);
      if (modelDeploy !== undefined)
        new ModelDeployPipeline("deployment", { ...modelDeploy, modelBuild: build });
      policy = await new Promise((resolve) => build.approverPolicy.apply(resolve));
    },
    { where },
  );
  return { policy, recording };
}
