"""Pipeline step that consists of the request of the SageMaker API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sagemaker.core.workflow.properties import Properties, PropertyFile
from sagemaker.mlops.workflow.steps import Step, StepTypeEnum


class RequestStep(Step):
    """Step that consists of the request of the SageMaker API, without the SDK's own classes.

    The SDK's trainer and model builder call IAM, which the build role does not allow, and wrap the
    scripts in shell drivers.
    """

    def __init__(
        self,
        name: str,
        step_type: StepTypeEnum,
        request: dict[str, Any],
        property_files: Sequence[PropertyFile] = (),
    ) -> None:
        """Stores the request unchanged."""
        super().__init__(name, step_type=step_type)
        self.property_files = property_files
        self._request = request
        self._properties = Properties(step_name=name, step=self, shape_name=_RESPONSES[step_type])

    @property
    def arguments(self) -> dict[str, Any]:
        """Request of the SageMaker API."""
        return self._request

    @property
    def properties(self) -> Properties:
        """Response fields of the finished job, for references in other steps."""
        return self._properties

    def to_request(self) -> dict[str, Any]:
        """Step in the form of the pipeline definition."""
        request = super().to_request()
        if self.property_files:
            request["PropertyFiles"] = [file.expr for file in self.property_files]
        return request


_RESPONSES = {
    StepTypeEnum.PROCESSING: "DescribeProcessingJobResponse",
    StepTypeEnum.TRAINING: "DescribeTrainingJobResponse",
    StepTypeEnum.REGISTER_MODEL: "DescribeModelPackageOutput",
}
