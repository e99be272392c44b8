"""Deployment pipeline, as far as the driver needs it."""

from __future__ import annotations

from typing import Any


def declaration(name: str, bucket: str, role: str) -> dict[str, Any]:
    """Pipeline with a source and one build, and the variable of the model version."""
    source = {"category": "Source", "owner": "AWS", "provider": "CodeCommit", "version": "1"}
    build = {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}
    return {
        "name": name,
        "roleArn": role,
        "pipelineType": "V2",
        "executionMode": "QUEUED",
        "artifactStore": {"type": "S3", "location": bucket},
        "variables": [{"name": "MODEL_PACKAGE_ARN", "defaultValue": "none"}],
        "stages": [
            _stage("Source", source, {"RepositoryName": name, "BranchName": "main"}, [], ["Code"]),
            _with_approval(
                _stage("DeployStaging", build, {"ProjectName": name}, ["Code"], ["Deployment"])
            ),
        ],
    }


def _with_approval(stage: dict[str, Any]) -> dict[str, Any]:
    kind = {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}
    approval = {"name": "ApproveDeployment", "actionTypeId": kind, "runOrder": 2}
    return {**stage, "actions": [*stage["actions"], approval]}


def _stage(
    name: str, kind: dict[str, str], settings: dict[str, str], reads: list[str], writes: list[str]
) -> dict[str, Any]:
    action = {
        "name": name,
        "actionTypeId": kind,
        "configuration": settings,
        "inputArtifacts": [{"name": artifact} for artifact in reads],
        "outputArtifacts": [{"name": artifact} for artifact in writes],
        "runOrder": 1,
    }
    return {"name": name, "actions": [action]}
