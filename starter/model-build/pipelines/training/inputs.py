"""Inputs of the jobs in S3: the scripts, and the sample if DATA_S3_URI is not set."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipelines.settings import Settings

# data.sample: folder of this repository with at least one CSV file. Local runs and comparisons use
# it, and the pipeline without DATA_S3_URI.
DATA_SAMPLE = "data/sample"
SCRIPTS = Path(__file__).parent / "scripts"
# Evaluate judges with the statistics of the comparison: its modules keep their import names.
ROOT = Path(__file__).parents[2]
STATISTICS = [
    *(f"pipelines/{name}.py" for name in ("__init__", "comparison/__init__")),
    *(
        f"pipelines/comparison/{name}.py"
        for name in ("config", "flips", "metrics", "power", "predict", "verdict")
    ),
]


def code_uri(settings: Settings) -> str:
    """S3 folder of the scripts, named by their hash: a new script never mixes with an old one."""
    return _folder(settings, "code", _scripts())


def data_uri(settings: Settings) -> str:
    """S3 folder of the data: DATA_S3_URI, or the sample that the build uploads."""
    return settings.data_uri or _folder(settings, "data", _sample())


def inputs(settings: Settings) -> dict[str, bytes]:
    """Files to upload before the pipeline starts: content by S3 URI."""
    folders = {code_uri(settings): _scripts()}
    if not settings.data_uri:
        folders[data_uri(settings)] = _sample()
    return {
        f"{folder}/{name}": content
        for folder, files in folders.items()
        for name, content in files.items()
    }


def _scripts() -> dict[str, bytes]:
    scripts = {path.name: path.read_bytes() for path in sorted(SCRIPTS.glob("*.py"))}
    return {**scripts, **{name: (ROOT / name).read_bytes() for name in STATISTICS}}


def _sample() -> dict[str, bytes]:
    files = sorted((Path(__file__).parents[2] / DATA_SAMPLE).glob("*.csv"))
    if not files:
        raise FileNotFoundError(f"no CSV file in {DATA_SAMPLE}, and DATA_S3_URI is not set")
    return {path.name: path.read_bytes() for path in files}


def _folder(settings: Settings, kind: str, files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in files.items():
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return f"s3://{settings.default_bucket}/{settings.pipeline_name}/{kind}/{digest.hexdigest()}"
