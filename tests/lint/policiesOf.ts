import type { ModelBuildPipelineArgs } from "../../components/args";
import { ModelBuildPipeline } from "../../components/modelBuildPipeline";
import { place, record } from "../support/mocks";
import { type PolicyDocument, policyDocument, policyDocuments } from "./policyDocuments";

/** Every policy that a project makes, and the one that it writes for people to attach. */
export async function policiesOf(
  args: ModelBuildPipelineArgs,
  where = place,
): Promise<PolicyDocument[]> {
  let policy = "";
  const recording = await record(
    async () => {
      const { approverPolicy } = new ModelBuildPipeline("build", args);
      policy = await new Promise((resolve) => approverPolicy.apply(resolve));
    },
    { where },
  );
  return [
    ...policyDocuments(recording, where),
    policyDocument({ kind: "managed", name: "approver", policy }, where),
  ];
}
