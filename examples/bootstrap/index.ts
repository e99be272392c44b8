import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { namesFor } from "../../components/names";
import { whereabouts } from "../../components/place";
import { boundary, deployStack, previewStacks } from "./policies";
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
  const role = (
    name: string,
    trust: pulumi.Input<aws.iam.PolicyDocument>,
    policy: aws.iam.PolicyDocument,
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
    new aws.iam.RolePolicy(name, { name: "permissions", role: made.name, policy }, opts);
    return made.arn;
  };
  const namesOf = (stack: string) => namesFor({ projectId: stack, projectName }, place);

  const previewRoleArn = role(
    "preview",
    github.arn.apply((arn) => trustPreviews(settings, arn)),
    previewStacks(stacks.map(namesOf), projectName, stacks, state),
  );
  const deployments = stacks.map((stack) => {
    const name = `${projectName}-${stack}-boundary`;
    const boundaryArn = policyArn(name);
    const words = { projectName, stack };
    const policy = boundary(
      namesOf(stack),
      words,
      { dataBuckets: settings.dataBuckets, state },
      { boundaryArn },
    );
    const bounds = new aws.iam.Policy(
      `${stack}-boundary`,
      {
        name,
        description: `What no role of ${projectName} (${stack}) can go beyond`,
        policy,
        tags,
      },
      opts,
    );
    const deployRoleArn = role(
      `deploy-${stack}`,
      github.arn.apply((arn) => trustDeployments(settings, arn, stack)),
      deployStack(namesOf(stack), words, state, boundaryArn),
      bounds.arn,
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
