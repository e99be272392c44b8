"""API members that the driver sends: boto3 of the build image must have them."""

from __future__ import annotations

_SCHEDULE = (
    "ActionAfterCompletion FlexibleTimeWindow GroupName Name ScheduleExpression "
    "ScheduleExpressionTimezone State Target.DeadLetterConfig.Arn "
    "Target.RetryPolicy.MaximumRetryAttempts"
)

# Operations by client, with their top-level members and the newest nested ones. Tests compare it
# with the calls of whole deployments.
MEMBERS = {
    "cloudwatch": {
        "DescribeAlarms": "AlarmNames",
        "GetMetricData": "MetricDataQueries.MetricStat.Metric.Dimensions StartTime EndTime ScanBy",
        "PutMetricData": "Namespace MetricData.MetricName MetricData.Value",
    },
    "codepipeline": {
        "GetPipelineExecution": "pipelineName pipelineExecutionId",
        "GetPipelineState": "name",
        "ListPipelineExecutions": "pipelineName nextToken",
        "StopPipelineExecution": "pipelineName pipelineExecutionId abandon reason",
    },
    "ecr": {"BatchGetImage": "registryId repositoryName imageIds"},
    "runtime": {"InvokeEndpoint": "EndpointName ContentType Accept Body InferenceId"},
    "s3": {
        "GetObject": "Bucket Key VersionId",
        "HeadObject": "Bucket Key ChecksumMode",
        "ListObjectVersions": "Bucket Prefix",
        "PutObject": "Bucket Key Body ChecksumSHA256 IfNoneMatch",
    },
    "sagemaker": {
        "AddTags": "ResourceArn Tags",
        "CreateEndpoint": "EndpointName EndpointConfigName Tags",
        "CreateEndpointConfig": "EndpointConfigName KmsKeyId DataCaptureConfig Tags "
        "ProductionVariants.ServerlessConfig",
        "CreateModel": "ModelName ExecutionRoleArn EnableNetworkIsolation PrimaryContainer "
        "VpcConfig Tags",
        "DeleteEndpoint": "EndpointName",
        "DeleteEndpointConfig": "EndpointConfigName",
        "DeleteModel": "ModelName",
        "DescribeEndpoint": "EndpointName",
        "DescribeEndpointConfig": "EndpointConfigName",
        "DescribeModel": "ModelName",
        "DescribeModelPackage": "ModelPackageName",
        "DescribeTrainingJob": "TrainingJobName",
        "ListEndpointConfigs": "NameContains NextToken",
        "ListModels": "NameContains NextToken",
        "ListTags": "ResourceArn NextToken",
        "UpdateEndpoint": "EndpointName EndpointConfigName "
        "DeploymentConfig.AutoRollbackConfiguration.Alarms "
        "DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.LinearStepSize",
        "UpdateModelPackage": "ModelPackageArn ModelLifeCycle.Stage ModelLifeCycle.StageStatus "
        "ModelLifeCycle.StageDescription",
    },
    "scaling": {
        "DeregisterScalableTarget": "ServiceNamespace ResourceId ScalableDimension",
        "DescribeScalableTargets": "ServiceNamespace ResourceIds ScalableDimension",
        "PutScalingPolicy": "PolicyName PolicyType ServiceNamespace ResourceId ScalableDimension "
        "TargetTrackingScalingPolicyConfiguration",
        "RegisterScalableTarget": "ServiceNamespace ResourceId ScalableDimension MinCapacity "
        "MaxCapacity",
    },
    "scheduler": {
        "CreateSchedule": _SCHEDULE,
        "DeleteSchedule": "GroupName Name",
        "GetSchedule": "GroupName Name",
        "UpdateSchedule": _SCHEDULE,
    },
    "sns": {"Publish": "TopicArn Message"},
}
