"""deployment.json: what staging deployed, for the test and for production."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from deployment.api import DeploymentError
from deployment.archive import Archive
from deployment.image import repository_of
from deployment.registry import Container, ModelVersion, container_of

FILE = "deployment.json"


@dataclass(frozen=True)
class Served:
    """What the endpoints run: image by digest, copied archive, environment of the container."""

    image: str
    archive: Archive
    environment: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """Content of `container` in deployment.json."""
        archive = self.archive
        return {
            "image": self.image,
            "archive": {
                "bucket": archive.bucket,
                "key": archive.key,
                "versionId": archive.version_id,
                "sha256": archive.sha256,
            },
            "environment": self.environment,
        }


def read_handover(variables: Mapping[str, str]) -> dict[str, Any]:
    """Staging's deployment.json; raises DeploymentError if there is none."""
    folder = variables.get("CODEBUILD_SRC_DIR_Deployment", "")
    try:
        content = json.loads((Path(folder or os.devnull) / FILE).read_text(encoding="utf-8"))
        if isinstance(content["modelPackageArn"], str) and isinstance(content["container"], dict):
            return content
        problem = "no model version"
    except (KeyError, OSError, TypeError, ValueError) as error:
        problem = str(error)
    raise DeploymentError(
        f"staging's {FILE} must be in CODEBUILD_SRC_DIR_Deployment ({folder or 'not set'}), got "
        f"{problem}. Next: retry the staging stage"
    )


def tested(handover: Mapping[str, Any], version: ModelVersion, bucket: str, folder: str) -> Served:
    """What staging deployed; raises DeploymentError if it is not of the version."""
    found, container = handover["container"], container_of(version)
    try:
        archive = Archive(
            found["archive"]["bucket"],
            found["archive"]["key"],
            found["archive"]["versionId"],
            found["archive"]["sha256"],
        )
        served = Served(found["image"], archive, found["environment"])
    except (KeyError, TypeError) as error:
        raise DeploymentError(f"staging's {FILE} must have container.{error}, got none") from error
    _must_be_of(container, served)
    key = f"{folder}/{archive.sha256}/model.tar.gz"
    is_digest = re.fullmatch("[0-9a-f]{64}", archive.sha256) is not None
    if (archive.bucket, archive.key) != (bucket, key) or not archive.version_id or not is_digest:
        raise DeploymentError(
            f"staging's copy must be s3://{bucket}/{key}, got {archive.uri}. "
            "Next: deploy the version again"
        )
    return served


def _must_be_of(container: Container, served: Served) -> None:
    repository, _, digest = served.image.partition("@")
    expected = container.digest or container.image.partition("@")[2] or digest
    if repository != repository_of(container.image) or digest != expected:
        raise DeploymentError(
            f"staging's image must be {container.image} {container.digest or ''} of the model "
            f"package, got {served.image}. Next: deploy the version again"
        )
    if served.environment != container.environment:
        raise DeploymentError(
            "staging's container environment must be that of the model package, which was changed "
            "since. Next: deploy the version again"
        )


def with_expiry(handover: Mapping[str, Any], at: datetime | None) -> dict[str, Any]:
    """The handover with the time when staging is deleted at the latest, if it is."""
    return {**handover, **({"stagingUntil": f"{at:%Y-%m-%dT%H:%M:%SZ}"} if at else {})}


def write_facts(folder: Path, handover: Mapping[str, Any], deployed: str, version: str) -> None:
    """Writes deployment.json, and facts.env with the exported variables of the build."""
    text = f"{json.dumps(handover, indent=2)}\n"
    (folder / FILE).write_text(text, encoding="utf-8")
    lines = [
        f"export {name}={_quoted(value)}\n"
        for name, value in {"DEPLOYED": deployed, "MODEL_VERSION": version}.items()
    ]
    (folder / "facts.env").write_text("".join(lines), encoding="utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("'", "'\\''")
    return f"'{escaped}'"
