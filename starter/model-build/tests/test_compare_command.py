"""compare: the worktree of base, the report, and whole comparisons in a git repository."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.comparison import command
from pipelines.comparison.errors import ComparisonError
from pipelines.comparison.report import markdown
from pipelines.comparison.worktree import checkout, describe_base, describe_head

STARTER = Path(__file__).parents[1]


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    done = subprocess.run(  # noqa: S603 - command of this test
        ["git", "-C", str(folder), *identity, *arguments],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Git repository with the model code in a folder; the working directory."""
    folder = tmp_path / "repository/models/churn"
    for name in ("data", "pipelines"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(STARTER / name, folder / name, ignore=ignore)
    repository = tmp_path / "repository"
    (repository / ".gitignore").write_text("__pycache__/\n.local/\n")
    git(repository, "init", "--quiet", "--initial-branch=main")
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--no-verify", "--message=base")
    monkeypatch.chdir(folder)
    return folder


def edit(tree: Path, file: str, before: str, after: str) -> None:
    path = tree / "pipelines/training" / file
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, after))


@pytest.fixture
def compare(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command; returns exit status, stdout and stderr."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["compare", *arguments])
        status = command.main()
        return status, *capsys.readouterr()

    return run


def test_checkout_is_a_temporary_worktree_of_the_folder(tree: Path, tmp_path: Path) -> None:
    edit(tree, "scripts/train.py", "max_iter=1000", "max_iter=2000")
    with checkout("main", tree, tmp_path) as base:
        assert "max_iter=1000" in (base / "pipelines/training/scripts/train.py").read_text()
    assert not base.exists()
    assert len(git(tree, "worktree", "list").splitlines()) == 1
    commit = git(tree, "rev-parse", "HEAD")[:10]
    assert describe_base("main", tree) == f"main ({commit})"
    assert describe_head(tree) == f"working tree at {commit} with uncommitted changes"


def test_unknown_base_fails_with_exit_status_2(
    tree: Path, compare: Callable[..., tuple[int, str, str]]
) -> None:
    status, report, log = compare("--base", "missing")
    assert (status, report) == (2, "")
    assert "Comparison failed: git rev-parse" in log
    assert "git found no such commit" in log


def test_base_that_is_an_option_is_no_option_of_git(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(ComparisonError, match="git rev-parse"), checkout("--all", tree, tmp_path):
        pass


@pytest.mark.slow
def test_refactor_with_another_split_is_no_difference(
    tree: Path, compare: Callable[..., tuple[int, str, str]]
) -> None:
    edit(tree, "scripts/preprocess.py", "SEED = 20", "SEED = 21")
    edit(tree, "pipeline.py", '"seed": "20"', '"seed": "21"')
    edit(tree, "scripts/train.py", "train(**vars", "print('refactored')\n    train(**vars")
    status, report, log = compare("--base", "main", "--format", "json", "--fail-on", "worse")
    found = json.loads(report)
    assert (status, found["verdict"]) == (0, "no difference beyond noise")
    assert found["rows"]["tested"] == 143
    assert found["rows"]["moved_by_head"] > 50
    assert found["data_checks"]["head"]["rows in both sets"] == 0
    assert found["changed_scripts"] == ["preprocess.py", "train.py"]
    assert found["changed_steps"] == {"Train": ["HyperParameters.seed: 20 -> 21"]}
    for text in ("base: Train", "head: Evaluate", "statistics"):
        assert text in log


@pytest.mark.slow
def test_regression_is_worse(tree: Path, compare: Callable[..., tuple[int, str, str]]) -> None:
    edit(tree, "scripts/train.py", ").fit(features, labels)", ").fit(features.round(-2), labels)")
    status, report, _ = compare("--base", "main", "--fail-on", "worse")
    assert status == 1
    assert report.startswith("## Model comparison: worse\n")
    assert "| `accuracy` | 0.9860 |" in report


def test_report_states_rows_power_flips_and_a_rejected_model() -> None:
    report = markdown(findings())
    for text in (
        "## Model comparison: worse",
        "the sample in the repository, `breast-cancer.csv` (569 rows, SHA-256 `ab12ab12ab12`).",
        "Both models answered the same 143 test rows",
        "The sample differs between base and head",
        "2 test rows of base are left out",
        "30 of these test rows are in its own training set",
        "**Head would not be registered**: `ROC AUC is low`",
        "| `accuracy` | 0.9860 | 0.9161 | -0.0699 | -0.1189 to -0.0210 | worse |",
        "2000 resamples of 143 rows, seed 20. The intervals of all metrics together hold with 95%: "
        "each is one of 98.3%.",
        "the smallest loss of accuracy that this comparison detects in 80% of cases is 4.7 points",
        "A loss of 2 points needs 337 test rows.",
        "10 of 143 answers flipped: 9 from correct to wrong, 1 from wrong to correct.",
        "| 4 | 0 | 0.400 | 0.900 |",
        "| model archive (bytes) | 3,000 | 6,000 | +100.0% |",
        "| `training rows` | 426 | 400 | yes |",
        "- `Train`: `HyperParameters.seed: 20 -> 21`",
        "### Changed scripts\n\n- `train.py`\n",
    ):
        assert text in report


def findings() -> dict[str, Any]:
    return {
        "base": "main (0123456789)",
        "head": "working tree at 1234567890",
        "verdict": "worse",
        "rows": {
            "data": [{"file": "breast-cancer.csv", "rows": 569, "sha256": "ab12" * 16}],
            "data_changed": True,
            "tested": 143,
            "missing_in_head": 2,
            "moved_by_head": 30,
        },
        "metrics": [
            {
                "metric": "accuracy",
                "base": 0.986,
                "head": 0.9161,
                "change": -0.0699,
                "low": -0.1189,
                "high": -0.021,
                "verdict": "worse",
            }
        ],
        "bootstrap": {
            "confidence": 0.95,
            "metric_confidence": 0.98333,
            "resamples": 2000,
            "seed": 20,
        },
        "power": {"power": 0.8, "detectable_loss": 0.047, "loss": 0.02, "rows_needed": 337},
        "flips": {
            "count": 10,
            "to_wrong": 9,
            "to_correct": 1,
            "examples": [{"row": 4, "label": 0, "base": 0.4, "head": 0.9}],
        },
        "model_bytes": {"base": 3000, "head": 6000},
        "latency_ms": {"base": 1.0, "head": 1.0},
        "rejected": {"base": None, "head": "ROC AUC is low"},
        "data_checks": {"base": {"training rows": 426}, "head": {"training rows": 400}},
        "changed_steps": {"Train": ["HyperParameters.seed: 20 -> 21"]},
        "changed_scripts": ["train.py"],
    }
