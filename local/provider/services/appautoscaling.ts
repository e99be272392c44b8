import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import { z } from "zod";

import { lazy, unlessGone } from "../clients";
import type { ClientOptions } from "../clients";
import { defineHandler, text } from "../handler";
import type { Handler } from "../handler";
import { tagChanges, tagsInput } from "../tags";
import type { Properties } from "../values";

const scaled = {
  resourceId: z.string(),
  // Of the services that can be scaled, this project's endpoints alone.
  scalableDimension: z.literal("sagemaker:variant:DesiredInstanceCount"),
  serviceNamespace: z.literal("sagemaker"),
};

const targetInputs = z.strictObject({
  ...scaled,
  minCapacity: z.number().int().min(0),
  maxCapacity: z.number().int().min(0),
  tags: tagsInput,
});

const policyInputs = z.strictObject({
  ...scaled,
  name: z.string(),
  policyType: z.literal("TargetTrackingScaling"),
  targetTrackingScalingPolicyConfiguration: z.strictObject({
    targetValue: z.number(),
    disableScaleIn: z.boolean().default(false),
    scaleInCooldown: z.number().optional(),
    scaleOutCooldown: z.number().optional(),
    predefinedMetricSpecification: z.strictObject({
      predefinedMetricType: z.enum([
        "SageMakerVariantInvocationsPerInstance",
        "SageMakerVariantConcurrentRequestsPerModelHighResolution",
      ]),
    }),
  }),
});

type Scaling = () => Promise<ApplicationAutoScaling>;

/** What Application Auto Scaling scales, and by which policies. */
export function appautoscalingHandlers(options: ClientOptions): readonly Handler[] {
  const scaling = lazy(
    async () =>
      new (await import("@aws-sdk/client-application-auto-scaling")).ApplicationAutoScaling(
        options,
      ),
  );
  return [targetHandler(scaling), policyHandler(scaling)];
}

function targetHandler(scaling: Scaling): Handler {
  return defineHandler({
    type: "aws:appautoscaling/target:Target",
    inputs: targetInputs,
    replaceOn: ["resourceId", "scalableDimension", "serviceNamespace"],

    async create(inputs) {
      await (await scaling()).registerScalableTarget({ ...limits(inputs), Tags: inputs.tags });
      return inputs.resourceId;
    },

    async read(id) {
      const api = await scaling();
      const { ScalableTargets = [] } = await api.describeScalableTargets({
        ServiceNamespace: "sagemaker",
        ResourceIds: [id],
        ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
      });
      const [target] = ScalableTargets;
      if (target === undefined) return undefined;
      const ResourceARN = target.ScalableTargetARN;
      return {
        resourceId: target.ResourceId,
        scalableDimension: target.ScalableDimension,
        serviceNamespace: target.ServiceNamespace,
        minCapacity: target.MinCapacity,
        maxCapacity: target.MaxCapacity,
        tagsAll: (await api.listTagsForResource({ ResourceARN })).Tags ?? {},
        arn: ResourceARN,
        roleArn: target.RoleARN,
      };
    },

    async update(_id, news, olds) {
      const api = await scaling();
      await api.registerScalableTarget(limits(news));
      const ResourceARN = text(olds, "arn");
      const { removed, set } = tagChanges(olds, news.tags);
      if (removed.length > 0) await api.untagResource({ ResourceARN, TagKeys: removed });
      if (Object.keys(set).length > 0) await api.tagResource({ ResourceARN, Tags: set });
    },

    async delete(id) {
      // It goes by itself with what it scaled.
      await unlessGone(
        (await scaling()).deregisterScalableTarget({
          ServiceNamespace: "sagemaker",
          ResourceId: id,
          ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
        }),
        /^ObjectNotFoundException/,
      );
    },
  });
}

function policyHandler(scaling: Scaling): Handler {
  return defineHandler({
    type: "aws:appautoscaling/policy:Policy",
    inputs: policyInputs,
    replaceOn: ["name", "resourceId", "scalableDimension", "serviceNamespace", "policyType"],

    async create(inputs) {
      await put(scaling, inputs);
      return inputs.name;
    },

    async read(id, state) {
      const { ScalingPolicies = [] } = await (
        await scaling()
      ).describeScalingPolicies({
        ServiceNamespace: "sagemaker",
        ResourceId: text(state, "resourceId"),
        PolicyNames: [id],
      });
      const policy = ScalingPolicies.find(({ PolicyName }) => PolicyName === id);
      const tracking = policy?.TargetTrackingScalingPolicyConfiguration;
      return (
        policy && {
          name: policy.PolicyName,
          policyType: policy.PolicyType,
          resourceId: policy.ResourceId,
          scalableDimension: policy.ScalableDimension,
          serviceNamespace: policy.ServiceNamespace,
          targetTrackingScalingPolicyConfiguration: {
            targetValue: tracking?.TargetValue,
            disableScaleIn: tracking?.DisableScaleIn ?? false,
            scaleInCooldown: tracking?.ScaleInCooldown,
            scaleOutCooldown: tracking?.ScaleOutCooldown,
            predefinedMetricSpecification: {
              predefinedMetricType: tracking?.PredefinedMetricSpecification?.PredefinedMetricType,
            },
          },
          alarmArns: policy.Alarms?.map(({ AlarmARN }) => AlarmARN),
          arn: policy.PolicyARN,
        }
      );
    },

    async update(_id, news) {
      await put(scaling, news);
    },

    async delete(id, state) {
      const call = (await scaling()).deleteScalingPolicy({ PolicyName: id, ...placeOf(state) });
      await unlessGone(call, /^ObjectNotFoundException/);
    },
  });
}

function limits({ maxCapacity, minCapacity, ...target }: z.output<typeof targetInputs>) {
  return {
    ResourceId: target.resourceId,
    ScalableDimension: target.scalableDimension,
    ServiceNamespace: target.serviceNamespace,
    MinCapacity: minCapacity,
    MaxCapacity: maxCapacity,
  };
}

function placeOf(state: Properties) {
  const { resourceId, scalableDimension, serviceNamespace } = z.object(scaled).parse(state);
  return {
    ResourceId: resourceId,
    ScalableDimension: scalableDimension,
    ServiceNamespace: serviceNamespace,
  };
}

async function put(scaling: Scaling, inputs: z.output<typeof policyInputs>): Promise<void> {
  const tracking = inputs.targetTrackingScalingPolicyConfiguration;
  await (
    await scaling()
  ).putScalingPolicy({
    ...placeOf(inputs),
    PolicyName: inputs.name,
    PolicyType: inputs.policyType,
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: tracking.targetValue,
      DisableScaleIn: tracking.disableScaleIn,
      ScaleInCooldown: tracking.scaleInCooldown,
      ScaleOutCooldown: tracking.scaleOutCooldown,
      PredefinedMetricSpecification: {
        PredefinedMetricType: tracking.predefinedMetricSpecification.predefinedMetricType,
      },
    },
  });
}
