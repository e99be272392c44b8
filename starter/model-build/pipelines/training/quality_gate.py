"""Steps that register a model only if it passes the gate, and fail otherwise."""

from __future__ import annotations

from sagemaker.core.workflow.conditions import ConditionEquals
from sagemaker.core.workflow.functions import JsonGet
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.steps import Step


def quality_gate(decision: JsonGet, sentence: JsonGet, register: Step) -> ConditionStep:
    """Runs `register` if Evaluate decided so, and fails with its sentence otherwise."""
    return ConditionStep(
        "CheckQuality",
        conditions=[ConditionEquals(decision, "passed")],
        if_steps=[register],
        else_steps=[FailStep("Reject", error_message=sentence)],
    )
