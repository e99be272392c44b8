import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { namesFor, regionCode } from "../components/names/names";
import { getAwsContext } from "../components/shared/awsContext";
import {
  boundaryPolicy,
  deploymentBoundaryPolicy,
  deployRolePolicies,
  type Permissions,
  previewRolePolicies,
} from "./policies";
import { loadSettings } from "./settings";
import { stateStore } from "./stateStore";
import { audience, issuer, deployTrustPolicy, previewTrustPolicy } from "./trust";

// The stacks need this state: Pulumi rejects a destroy.
const opts = { protect: true };

export = async () => {
  const settings = loadSettings();
  const { namePrefix, projectName, stacks } = settings;
  const context = await getAwsContext();
  const { accountId, partition } = context;
  const code = regionCode(context.region);
  const projectStem = `${namePrefix}-${projectName}`;
  const policyArn = (name: string) => `arn:${partition}:iam::${accountId}:policy/${name}`;
  const tags = { "sagemaker:project-name": projectName };

  const previewRoleName = `${projectStem}--github-preview-${code}`;
  const deployRoleName = (stack: string) => `${projectStem}--${stack}--github-deploy-${code}`;
  const roleNames = [previewRoleName, ...stacks.map(deployRoleName)];
  const userArns = [
    ...roleNames.map((name) => `arn:${partition}:iam::${accountId}:role/${name}`),
    ...settings.administratorArns,
  ];
  const { backendUrl, secretsProviderOf, ...state } = stateStore(
    { context, projectName, projectStem, tags, userArns },
    opts,
  );
  const github = new aws.iam.OpenIdConnectProvider(
    "github",
    { url: issuer, clientIdLists: [audience], tags },
    opts,
  );
  const createPolicy = (
    logicalName: string,
    args: { description: string; name: string; policy: aws.iam.PolicyDocument },
  ) => new aws.iam.Policy(logicalName, { ...args, tags }, opts);
  const createRole = (
    logicalName: string,
    name: string,
    trust: pulumi.Input<aws.iam.PolicyDocument>,
    permissions: Permissions,
    permissionsBoundary?: pulumi.Input<string>,
  ) => {
    const role = new aws.iam.Role(
      logicalName,
      {
        name,
        description: `GitHub workflows of ${projectName}: ${logicalName}`,
        assumeRolePolicy: trust,
        permissionsBoundary,
        tags,
      },
      opts,
    );
    const inline = { name: "permissions", role: role.name, policy: permissions.delivery };
    new aws.iam.RolePolicy(logicalName, inline, opts);
    const managed = { data: "buckets, keys, queue and topic", state: "the Pulumi state" };
    for (const kind of ["data", "state"] as const) {
      const policy = createPolicy(`${logicalName}-${kind}`, {
        description: `Access of ${name} to ${managed[kind]}`,
        name: `${name}-${kind}`,
        policy: permissions[kind],
      });
      new aws.iam.RolePolicyAttachment(
        `${logicalName}-${kind}`,
        { role: role.name, policyArn: policy.arn },
        opts,
      );
    }
    return role.arn;
  };
  const namesOf = (stack: string) =>
    namesFor({ namePrefix, projectId: stack, projectName }, context);

  const previewRoleArn = createRole(
    "preview",
    previewRoleName,
    github.arn.apply((arn) => previewTrustPolicy(settings, arn)),
    previewRolePolicies(stacks.map(namesOf), projectName, stacks, state),
  );
  const deployments = stacks.map((stack) => {
    const project = { projectName, stack };
    const stem = `${projectStem}--${stack}`;
    const boundaryName = `${stem}--boundary-${code}`;
    const boundary = createPolicy(`${stack}-boundary`, {
      description: `Permissions boundary of the roles of ${projectName} (${stack})`,
      name: boundaryName,
      policy: boundaryPolicy(namesOf(stack), project, settings),
    });
    const deploymentBoundary = createPolicy(`${stack}-deployment-boundary`, {
      description: `Permissions boundary of the role that deploys ${projectName} (${stack})`,
      name: `${stem}--deployment-boundary-${code}`,
      policy: deploymentBoundaryPolicy(namesOf(stack), policyArn(boundaryName)),
    });
    const deployRoleArn = createRole(
      `deploy-${stack}`,
      deployRoleName(stack),
      github.arn.apply((arn) => deployTrustPolicy(settings, arn, stack)),
      deployRolePolicies(namesOf(stack), project, state, policyArn(boundaryName)),
      deploymentBoundary.arn,
    );
    const secretsProvider = secretsProviderOf(stack);
    return [
      stack,
      { deployRoleArn, permissionsBoundaryArn: boundary.arn, secretsProvider },
    ] as const;
  });

  return {
    backendUrl,
    deployments: Object.fromEntries(deployments),
    previewRoleArn,
    // Of the bootstrap program itself.
    secretsProvider: secretsProviderOf(pulumi.getStack()),
  };
};
