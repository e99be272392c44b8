"""moto 5.2.5 lacks, of AWS CodeBuild:

- UpdateProject
- CreateProject: source and artifacts of type CODEPIPELINE need no location, and only go together
- CreateProject: encryptionKey, concurrentBuildLimit, and AWS's defaults of timeouts and environment
- StartBuild: source version, variables and artifact location of the project, with the overrides
- BatchGetBuilds: a stopped build stays STOPPED; reading a build adds no phases
"""

import time
from typing import Any

from moto.codebuild import responses
from moto.codebuild.exceptions import InvalidInputException, ResourceNotFoundException
from moto.codebuild.models import CodeBuildBackend
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult

moto_source_check = responses._validate_required_params_source
moto_artifacts_check = responses._validate_required_params_artifacts
moto_create_project = CodeBuildResponse.create_project
moto_start_build = CodeBuildResponse.start_build
moto_batch_get_builds = CodeBuildBackend.batch_get_builds

# A field that CodeBuild changes when UpdateProject names it.
FIELDS = (
    "description",
    "source",
    "sourceVersion",
    "artifacts",
    "cache",
    "environment",
    "serviceRole",
    "timeoutInMinutes",
    "queuedTimeoutInMinutes",
    "encryptionKey",
    "tags",
    "vpcConfig",
    "logsConfig",
    "concurrentBuildLimit",
)


def close() -> None:
    responses._validate_required_params_source = check_source
    responses._validate_required_params_artifacts = check_artifacts
    CodeBuildResponse.create_project = create_project
    CodeBuildResponse.update_project = update_project
    CodeBuildResponse.start_build = start_build
    CodeBuildBackend.batch_get_builds = batch_get_builds


def check_source(source: dict[str, Any]) -> None:
    # AWS ignores the location of a CODEPIPELINE source; moto asks for one.
    if source.get("type") != "CODEPIPELINE":
        moto_source_check(source)


def check_artifacts(artifacts: dict[str, Any]) -> None:
    # AWS ignores the location of CODEPIPELINE artifacts; moto asks for one.
    if artifacts.get("type") != "CODEPIPELINE":
        moto_artifacts_check(artifacts)


def check_pair(source: dict[str, Any], artifacts: dict[str, Any]) -> None:
    # AWS lets CODEPIPELINE only feed CODEPIPELINE; moto never compares the two.
    if (source["type"] == "CODEPIPELINE") != (artifacts["type"] == "CODEPIPELINE"):
        raise InvalidInputException(
            "Invalid project: both source and artifacts must be of type CODEPIPELINE, or neither"
        )


def create_project(self: CodeBuildResponse) -> ActionResult:
    # AWS stores every field and applies these defaults; moto drops the key and the build limit and
    # answers 0 for absent timeouts.
    check_pair(self._get_param("source"), self._get_param("artifacts"))
    moto_create_project(self)
    project = self.codebuild_backend.codebuild_projects[self._get_param("name")]
    project.project_metadata.update({"timeoutInMinutes": 60, "queuedTimeoutInMinutes": 480})
    return store(self, project)


def update_project(self: CodeBuildResponse) -> ActionResult:
    # AWS keeps omitted fields; moto has no UpdateProject.
    name = self._get_param("name")
    project = self.codebuild_backend.codebuild_projects.get(name)
    if project is None:
        raise ResourceNotFoundException(f"Project cannot be found: {name}")
    known = project.project_metadata
    source = self._get_param("source", known["source"])
    artifacts = self._get_param("artifacts", known["artifacts"])
    check_source(source)
    check_artifacts(artifacts)
    check_pair(source, artifacts)
    role = self._get_param("serviceRole", known["serviceRole"])
    responses._validate_required_params_service_role(self.current_account, self.region, role)
    responses._validate_required_params_environment(
        self._get_param("environment", known["environment"])
    )
    known["lastModifiedDate"] = int(time.time())
    project.service_role = role
    return store(self, project)


def start_build(self: CodeBuildResponse) -> ActionResult:
    # AWS answers the settings of the project with the overrides; moto answers samples.
    build: dict[str, Any] = dict(moto_start_build(self).result)["build"]
    project = self.codebuild_backend.codebuild_projects[self._get_param("projectName")]
    known = project.project_metadata
    source_version = self._get_param("sourceVersion") or known.get("sourceVersion")
    build["sourceVersion"] = source_version
    overrides = self._get_param("environmentVariablesOverride") or []
    names = {one["name"] for one in overrides}
    kept = [one for one in known["environment"]["environmentVariables"] if one["name"] not in names]
    build["environment"] = {**known["environment"], "environmentVariables": [*kept, *overrides]}
    build["artifacts"] = {"location": location(known["artifacts"], build["id"])}
    return ActionResult({"build": build})


def location(artifacts: dict[str, Any], build_id: str) -> str:
    """ARN of the files of a build, in a folder of its own if the project says so."""
    if artifacts["type"] != "S3":
        return ""
    folder = build_id.rpartition(":")[2] if artifacts.get("namespaceType") == "BUILD_ID" else None
    parts = [artifacts["location"], artifacts.get("path"), folder, artifacts.get("name")]
    return "arn:aws:s3:::" + "/".join(part.strip("/") for part in parts if part)


def batch_get_builds(self: CodeBuildBackend, ids: list[str]) -> list[dict[str, Any]]:
    # AWS keeps the status of a stopped build, and adds no phases; in moto, reading ends a build.
    builds = [one for history in self.build_metadata_history.values() for one in history]
    known = {one["id"]: (one["buildStatus"], list(one["phases"])) for one in builds}
    found = moto_batch_get_builds(self, ids)
    for build in found:
        status, phases = known[build["id"]]
        if status != "IN_PROGRESS":
            build["buildStatus"], build["phases"] = status, phases
    return found


def store(response: CodeBuildResponse, project: Any) -> ActionResult:
    given = {field: response._get_param(field) for field in FIELDS}
    project.project_metadata.update({k: v for k, v in given.items() if v is not None})
    # A limit of -1 removes the limit.
    if project.project_metadata.get("concurrentBuildLimit") == -1:
        del project.project_metadata["concurrentBuildLimit"]
    project.tags = project.project_metadata.get("tags")
    environment = project.project_metadata["environment"]
    environment.setdefault("imagePullCredentialsType", "CODEBUILD")
    environment.setdefault("privilegedMode", False)
    for variable in environment.setdefault("environmentVariables", []):
        variable.setdefault("type", "PLAINTEXT")
    return ActionResult({"project": project.project_metadata})
