import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { namesFor } from "../../components/names";
import { whereabouts } from "../../components/place";
import {
  boundary,
  deploymentBoundary,
  deployStack,
  type Permissions,
  previewStacks,
} from "./policies";
import { loadSettings } from "./settings";
import { stateStore } from "./stateStore";
import { audience, issuer, trustDeployments, trustPreviews } from "./trust";

// Whoever loses the state loses the stacks: nothing here goes by a destroy.
const opts = { protect: true };

export = async () => {
  const settings = loadSettings();
  const { projectName, stacks } = settings;
  const place = await whereabouts();
  const policyArn = (name: string) =>
    `arn:${place.partition}:iam::${place.accountId}:policy/${name}`;
  const tags = { "sagemaker:project-name": projectName };

  const { backendUrl, secretsProvider, ...state } = stateStore({ place, projectName, tags }, opts);
  const github = new aws.iam.OpenIdConnectProvider(
    "github",
    { url: issuer, clientIdLists: [audience], tags },
    opts,
  );
  const policyOf = (name: string, description: string, policy: aws.iam.PolicyDocument) =>
    new aws.iam.Policy(name, { name: `${projectName}-${name}`, description, policy, tags }, opts);
  const role = (
    name: string,
    trust: pulumi.Input<aws.iam.PolicyDocument>,
    permissions: Permissions,
    permissionsBoundary?: pulumi.Input<string>,
  ) => {
    const made = new aws.iam.Role(
      name,
      {
        name: `${projectName}-${name}`,
        description: `GitHub's workflows: ${name}`,
        assumeRolePolicy: trust,
        permissionsBoundary,
        tags,
      },
      opts,
    );
    const inline = { name: "permissions", role: made.name, policy: permissions.delivery };
    new aws.iam.RolePolicy(name, inline, opts);
    const description = `What ${name} may do with what holds data and tells of it`;
    const { arn } = policyOf(`${name}-data`, description, permissions.data);
    new aws.iam.RolePolicyAttachment(name, { role: made.name, policyArn: arn }, opts);
    return made.arn;
  };
  const namesOf = (stack: string) => namesFor({ projectId: stack, projectName }, place);

  const previewRoleArn = role(
    "preview",
    github.arn.apply((arn) => trustPreviews(settings, arn)),
    previewStacks(stacks.map(namesOf), projectName, stacks, state),
  );
  const deployments = stacks.map((stack) => {
    const words = { projectName, stack };
    const name = `${stack}-boundary`;
    const bounds = policyOf(
      name,
      `What no role of ${projectName} (${stack}) can go beyond`,
      boundary(namesOf(stack), words, settings),
    );
    const boundaryArn = policyArn(`${projectName}-${name}`);
    const around = policyOf(
      `${stack}-deployment-boundary`,
      `What no deployment of ${projectName} (${stack}) can go beyond`,
      deploymentBoundary(namesOf(stack), boundaryArn),
    );
    const deployRoleArn = role(
      `deploy-${stack}`,
      github.arn.apply((arn) => trustDeployments(settings, arn, stack)),
      deployStack(namesOf(stack), words, state, boundaryArn),
      around.arn,
    );
    return [stack, { deployRoleArn, permissionsBoundaryArn: bounds.arn }] as const;
  });

  return {
    backendUrl,
    deployments: Object.fromEntries(deployments),
    previewRoleArn,
    secretsProvider,
  };
};
