"""Steps of a SageMaker pipeline definition: their arguments are requests of SageMaker's API."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.model import Shape, StructureShape

from .calls import Call, aws_model
from .rules import Rules
from .values import from_json

# Operation of each step type, and the member that the pipeline sets itself.
OPERATIONS = {
    "AutoML": ("CreateAutoMLJobV2", "AutoMLJobName"),
    "ClarifyCheck": ("CreateProcessingJob", "ProcessingJobName"),
    "Model": ("CreateModel", "ModelName"),
    "Processing": ("CreateProcessingJob", "ProcessingJobName"),
    "QualityCheck": ("CreateProcessingJob", "ProcessingJobName"),
    "RegisterModel": ("CreateModelPackage", "ModelPackageName"),
    "Training": ("CreateTrainingJob", "TrainingJobName"),
    "Transform": ("CreateTransformJob", "TransformJobName"),
    "Tuning": ("CreateHyperParameterTuningJob", "HyperParameterTuningJobName"),
}
# The value is known only when the pipeline runs.
VARIABLES = ("Get", "Std:Join", "Std:JsonGet")
SCALARS = ("boolean", "double", "float", "integer", "long", "string")


class StepRules(Rules):
    """Rules of a request that the pipeline completes."""

    def __init__(self, own_name: str) -> None:
        super().__init__()
        self.own_name = own_name

    def check(self, shape: Shape, value: Any, path: str = "", is_secret: bool = False) -> None:
        if shape.type_name in SCALARS and isinstance(value, dict) and len(value) == 1:
            if next(iter(value)) in VARIABLES:
                self.count += 1
                return
        # A definition may hold numbers where the API has text.
        if shape.type_name == "string" and isinstance(value, (int, float)):
            value = json.dumps(value)
        super().check(shape, value, path, is_secret)

    def required(self, shape: StructureShape) -> list[str]:
        return [name for name in super().required(shape) if name != self.own_name]


def check_steps(call: Call) -> Iterator[tuple[str, Rules]]:
    """Step name with operation, and the rules as they were checked."""
    if call.operation.name not in ("CreatePipeline", "UpdatePipeline"):
        return
    try:
        definition = json.loads(call.members["PipelineDefinition"])
        steps = list(every_step(definition["Steps"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        # Not a definition: the emulator answers the error of SageMaker.
        return
    for step in steps:
        if step.get("Type") not in OPERATIONS:
            continue
        operation, own_name = OPERATIONS[step["Type"]]
        shape = aws_model(call.service).operation_model(operation).input_shape
        rules = StepRules(own_name)
        rules.check(shape, from_json(shape, step.get("Arguments", {})))
        yield f"step {step.get('Name')}, {operation}", rules


def every_step(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The steps with those in the branches of conditions."""
    for step in steps:
        yield step
        if step.get("Type") == "Condition":
            branches = step["Arguments"]
            yield from every_step(branches.get("IfSteps", []) + branches.get("ElseSteps", []))
