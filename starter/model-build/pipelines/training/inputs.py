"""What the jobs read from S3: the scripts, and the sample data unless others are named."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sklearn.datasets import load_breast_cancer

from pipelines.settings import Settings

SCRIPTS = Path(__file__).parent / "scripts"


def code_uri(settings: Settings) -> str:
    """S3 folder of the scripts, named by their content: a changed script never meets an old one."""
    return _folder(settings, "code", _scripts())


def data_uri(settings: Settings) -> str:
    """S3 folder of the data: what the environment names, or the sample that the build uploads."""
    return settings.data_uri or _folder(settings, "data", _sample())


def inputs(settings: Settings) -> dict[str, bytes]:
    """What must stand in S3 before the pipeline starts: content by S3 URI."""
    folders = {code_uri(settings): _scripts()}
    if not settings.data_uri:
        folders[data_uri(settings)] = _sample()
    return {
        f"{folder}/{name}": content
        for folder, files in folders.items()
        for name, content in files.items()
    }


def _scripts() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(SCRIPTS.glob("*.py"))}


def _sample() -> dict[str, bytes]:
    """Wisconsin diagnostic breast cancer: 569 patients, 30 measurements, malignant or not."""
    table = load_breast_cancer(as_frame=True).frame
    # scikit-learn says 0 for malignant; what the model is to find is the positive class here.
    table["malignant"] = 1 - table.pop("target")
    table.columns = [name.replace(" ", "_") for name in table.columns]
    return {"breast-cancer.csv": table.to_csv(index=False, lineterminator="\n").encode()}


def _folder(settings: Settings, kind: str, files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return f"s3://{settings.default_bucket}/{settings.pipeline_name}/{kind}/{digest.hexdigest()}"
