"""Training pipeline: preprocess, train, evaluate, check the quality, register."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from sagemaker.core import image_uris
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.pipeline import Pipeline

from pipelines.settings import Settings
from pipelines.training.inputs import code_uri, data_uri, inputs
from pipelines.training.jobs import Jobs
from pipelines.training.quality_gate import quality_gate

# The endpoint serves the model in the image of the training: same library versions. AWS patches
# this one until July 2027: https://aws.github.io/deep-learning-containers/
IMAGE_VERSION = "1.9-0"
# Texts of Evaluate in the metadata of a model version: its figures, and those of the champion.
FIGURES = [
    *("Accuracy", "F1", "RocAuc", "ChampionVersion", "Comparison", "Flips"),
    *("ChampionAccuracy", "ChampionF1", "ChampionRocAuc"),
    *("AccuracyDifference", "F1Difference", "RocAucDifference"),
]
HYPERPARAMETERS = {"regularization": "1.0", "seed": "20"}


def get_pipeline(**kwargs: Any) -> Pipeline:
    """Training pipeline; the arguments are the fields of Settings."""
    settings = Settings(**kwargs)
    jobs = Jobs(settings, image_uri(settings), code_uri(settings))
    # No default: every model version must state its commit and its CodePipeline execution.
    commit = ParameterString("GitCommit")
    codepipeline_execution = ParameterString("CodePipelineExecutionId")
    data = ParameterString("DataLocation", default_value=data_uri(settings))
    champion_version = ParameterString("ChampionVersion", default_value="none")
    # Without a champion, a folder that Evaluate ignores: an input without objects fails the job.
    champion = ParameterString("ChampionLocation", default_value=jobs.code)

    preprocess = jobs.processing(
        "Preprocess",
        "preprocess.py",
        reads={"data": data},
        writes=["train", "test", "manifest"],
    )
    train = jobs.training(
        "Train", "train.py", {"train": jobs.output(preprocess, "train")}, HYPERPARAMETERS
    )
    texts = PropertyFile("EvaluationTexts", output_name="report", path="texts.json")
    evaluate = jobs.processing(
        "Evaluate",
        "evaluate.py",
        reads={
            "model": train.properties.ModelArtifacts.S3ModelArtifacts,
            "test": jobs.output(preprocess, "test"),
            "champion": champion,
            "manifest": jobs.output(preprocess, "manifest"),
        },
        writes=["report", "sample"],
        property_files=[texts],
        options={
            "commit": commit,
            "champion-version": champion_version,
            "data-location": data,
        },
    )

    def text(name: str) -> JsonGet:
        return JsonGet(step_name=evaluate.name, property_file=texts, json_path=name)

    register = jobs.registration(
        "Register",
        model=train.properties.ModelArtifacts.S3ModelArtifacts,
        report=Join("/", [jobs.output(evaluate, "report"), "evaluation.json"]),
        metadata={
            "GitCommit": commit,
            "CodePipelineExecutionId": codepipeline_execution,
            "DataLocation": data,
            "SampleLocation": jobs.output(evaluate, "sample"),
            **{name: text(name) for name in FIGURES},
        },
        card=text("ModelCard"),
    )
    check = quality_gate(text("Gate"), text("Sentence"), register)

    return Pipeline(
        name=settings.pipeline_name,
        parameters=[commit, codepipeline_execution, data, champion_version, champion],
        steps=[preprocess, train, evaluate, check],
        # With the SDK's default, SageMaker creates an experiment for every pipeline.
        pipeline_experiment_config=None,
        sagemaker_session=_session(settings.region, settings.default_bucket),
    )


def get_inputs(**kwargs: Any) -> dict[str, bytes]:
    """Files to upload before the pipeline starts: content by S3 URI."""
    return inputs(Settings(**kwargs))


@cache
def _session(region: str, default_bucket: str) -> PipelineSession:
    return PipelineSession(
        boto_session=boto3.Session(region_name=region),
        default_bucket=default_bucket,
        # Explicit, so that the SDK reads no defaults file and sends no telemetry to AWS.
        sagemaker_config={
            "SchemaVersion": "1.0",
            "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
        },
    )


def image_uri(settings: Settings) -> str:
    """AWS's scikit-learn image in the region, from the table in the SDK."""
    return image_uris.retrieve(
        "sklearn",
        settings.region,
        version=IMAGE_VERSION,
        py_version="py3",
        instance_type=settings.training_instance_type,
    )
