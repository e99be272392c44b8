"""Preprocess, train, evaluate, check the quality, register: the pipeline that a push starts."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from sagemaker.core import image_uris
from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.pipeline import Pipeline

from pipelines.settings import Settings
from pipelines.training.inputs import code_uri, data_uri, inputs
from pipelines.training.jobs import Jobs

# The model is trained and served in the same image, so that it loads where it runs.
IMAGE_VERSION = "1.4-2-py312"
HYPERPARAMETERS = {"regularization": "1.0", "seed": "20"}
# A model below this never reaches the registry.
MINIMUM_ROC_AUC = 0.95


def get_pipeline(**kwargs: Any) -> Pipeline:
    """Gives the pipeline for these settings; the keys are the fields of Settings."""
    settings = Settings(**kwargs)
    jobs = Jobs(settings, image_uri(settings), code_uri(settings))
    # Without a default: no model version may leave out where it came from.
    commit = ParameterString("GitCommit")
    codepipeline_execution = ParameterString("CodePipelineExecutionId")
    data = ParameterString("DataLocation", default_value=data_uri(settings))

    preprocess = jobs.processing(
        "Preprocess", "preprocess.py", reads={"data": data}, writes=["train", "test"]
    )
    train = jobs.training(
        "Train", "train.py", {"train": jobs.output(preprocess, "train")}, HYPERPARAMETERS
    )
    report = PropertyFile("EvaluationReport", output_name="report", path="evaluation.json")
    evaluate = jobs.processing(
        "Evaluate",
        "evaluate.py",
        reads={
            "model": train.properties.ModelArtifacts.S3ModelArtifacts,
            "test": jobs.output(preprocess, "test"),
        },
        writes=["report", "sample"],
        property_files=[report],
    )
    figures = {
        name: JsonGet(
            step_name=evaluate.name,
            property_file=report,
            json_path=f"binary_classification_metrics.{metric}.value",
        )
        for name, metric in (("Accuracy", "accuracy"), ("F1", "f1"), ("RocAuc", "auc"))
    }
    register = jobs.registration(
        "Register",
        model=train.properties.ModelArtifacts.S3ModelArtifacts,
        report=Join("/", [jobs.output(evaluate, "report"), "evaluation.json"]),
        metadata={
            "GitCommit": commit,
            "CodePipelineExecutionId": codepipeline_execution,
            "DataLocation": data,
            "SampleLocation": jobs.output(evaluate, "sample"),
            **{name: figure.to_string() for name, figure in figures.items()},
        },
    )
    reject = FailStep(
        "Reject",
        error_message=Join(
            "",
            [
                "The model is not registered: its ROC AUC on the test set is ",
                figures["RocAuc"],
                f", at least {MINIMUM_ROC_AUC} is required. Commit: ",
                commit,
            ],
        ),
    )
    check = ConditionStep(
        "CheckQuality",
        conditions=[ConditionGreaterThanOrEqualTo(figures["RocAuc"], MINIMUM_ROC_AUC)],
        if_steps=[register],
        else_steps=[reject],
    )

    return Pipeline(
        name=settings.pipeline_name,
        parameters=[commit, codepipeline_execution, data],
        steps=[preprocess, train, evaluate, check],
        # By default the SDK has SageMaker create an experiment for every pipeline.
        pipeline_experiment_config=None,
        sagemaker_session=_session(settings.region, settings.default_bucket),
    )


def get_inputs(**kwargs: Any) -> dict[str, bytes]:
    """Gives what must stand in S3 before the pipeline starts: content by S3 URI."""
    return inputs(Settings(**kwargs))


@cache
def _session(region: str, default_bucket: str) -> PipelineSession:
    return PipelineSession(
        boto_session=boto3.Session(region_name=region),
        default_bucket=default_bucket,
        # Given, so that the SDK reads no file of defaults and reports nothing to its makers.
        sagemaker_config={
            "SchemaVersion": "1.0",
            "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
        },
    )


def image_uri(settings: Settings) -> str:
    """AWS's scikit-learn image for the region, from the SDK's own table."""
    return image_uris.retrieve(
        "sklearn",
        settings.region,
        version=IMAGE_VERSION,
        py_version="py3",
        instance_type=settings.training_instance_type,
    )
