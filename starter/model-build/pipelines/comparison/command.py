"""Compares the model of the working tree with that of another commit, without AWS."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from pipelines.command import create_parser
from pipelines.comparison.compare import compare
from pipelines.comparison.errors import ComparisonError
from pipelines.comparison.report import markdown
from pipelines.comparison.verdict import WORSE
from pipelines.comparison.worktree import checkout, describe_base, describe_head
from pipelines.local.definition import read_pipeline
from pipelines.local.execution import LocalExecutionError


def main() -> int:
    """Prints the report; progress goes to stderr.

    0: compared; 1: with --fail-on worse, the model is worse; 2: the comparison failed.
    """
    parser = create_parser(__doc__)
    parser.add_argument("--base", required=True, metavar="REF", help="branch, tag or commit")
    parser.add_argument("--format", choices=["markdown", "json"], default="markdown")
    parser.add_argument("--fail-on", choices=["worse"], help="exit status 1 for this verdict")
    options = parser.parse_args()
    start = time.monotonic()

    def log(text: str) -> None:
        print(f"{time.monotonic() - start:4.0f} s  {text}", file=sys.stderr, flush=True)

    head_tree = Path.cwd()
    try:
        with tempfile.TemporaryDirectory() as folder:
            log(f"base: git worktree of {options.base}")
            with checkout(options.base, head_tree, Path(folder)) as base_tree:
                log("base: pipeline definition")
                base = read_pipeline(base_tree, options.module_name)
            log("head: pipeline definition")
            head = read_pipeline(head_tree, options.module_name)
            names = {"base": describe_base(options.base, head_tree)}
            names["head"] = describe_head(head_tree)
            found = {**names, **compare(base, head, Path(folder), log)}
    except (ComparisonError, LocalExecutionError) as error:
        print(f"Comparison failed: {error}", file=sys.stderr)
        return 2
    log("done")
    print(json.dumps(found, indent=2) if options.format == "json" else markdown(found))
    return 1 if options.fail_on == found["verdict"] == WORSE else 0
