"""Steps that register a model only with the minimum quality, and fail otherwise."""

from __future__ import annotations

from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import JsonGet
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.steps import Step

# A model below this minimum is not registered.
MINIMUM_ROC_AUC = 0.95


def quality_gate(roc_auc: JsonGet, rejection: JsonGet, register: Step) -> ConditionStep:
    """Runs `register` if the ROC AUC on the test set reaches the minimum, and fails otherwise."""
    return ConditionStep(
        "CheckQuality",
        conditions=[ConditionGreaterThanOrEqualTo(roc_auc, MINIMUM_ROC_AUC)],
        if_steps=[register],
        else_steps=[FailStep("Reject", error_message=rejection)],
    )
