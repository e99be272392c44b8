"""Disturbs deployments at each of their API calls, and prints how many of them converged.

Usage: python main.py RESULTS.json
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import emulated
from archives import CASES as ARCHIVES
from containers import CASES as CONTAINERS
from explore import Explorer, as_json
from handovers import CASES as HANDOVERS
from processes import run_all
from queues import SCENARIOS as QUEUES
from scenarios import SCENARIOS as DEPLOYMENTS
from scenarios import Scenario, warm_up
from settings_files import CASES as SETTINGS
from staging_expiry import SCENARIOS as EXPIRIES

SCENARIOS = [*DEPLOYMENTS, *EXPIRIES, *QUEUES]


def main(results: Path) -> int:
    """Exit status 0 if everything converged and was refused as it must be."""
    emulated.start()
    warm_up()
    workers = os.cpu_count() or 1
    print(f"{'Deployment':55} {'API calls':>9} {'disturbed':>9} {'runs':>6} {'converged':>9}")
    explored = run_all([lambda it=it: _explored(it) for it in SCENARIOS], workers)
    cases = [*ARCHIVES, *CONTAINERS, *HANDOVERS, *SETTINGS]
    refused = run_all([lambda it=it: it.check() for it in cases], workers)
    failed = [found for found in explored if isinstance(found, str)]
    outcomes = [it for found in explored if isinstance(found, dict) for it in found["outcomes"]]
    problems = [it for it in outcomes if it["problem"]]
    _print_totals(explored, outcomes)
    for outcome in problems:
        print(f"\n{outcome['scenario']}, call {outcome['call']}, {outcome['operation']}:")
        print(f"{outcome['kind']}\n{outcome['problem']}")
    print("\n".join(failed))
    results.write_text(
        json.dumps(
            {
                "scenarios": {
                    it.name: found if isinstance(found, str) else len(found["operations"])
                    for it, found in zip(SCENARIOS, explored, strict=True)
                },
                "kinds": _by_kind(outcomes),
                # Builds killed during a canary, after which SageMaker rolled back.
                "killedCanaries": sum(
                    it["kind"].startswith("kill") and it["rollbacks"] == 1 and not it["problem"]
                    for it in outcomes
                ),
                "problems": [
                    f"{it['scenario']}, {it['operation']}: {it['kind']}" for it in problems
                ],
                "refusals": {it.name: found for it, found in zip(cases, refused, strict=True)},
            },
            indent=1,
        )
    )
    return 1 if failed or problems or any(refused) else 0


def _explored(scenario: Scenario) -> dict[str, Any]:
    # The scenarios themselves run side by side.
    explored = Explorer(scenario).explore(workers=1)
    row = {
        "calls": len(explored.operations),
        "disturbed": len(explored.outcomes),
        "runs": sum(it.runs for it in explored.outcomes),
        "converged": sum(not it.problem for it in explored.outcomes),
    }
    print(f"{scenario.name:55} {_columns(row)}", flush=True)
    return {**as_json(explored), "row": row}


def _by_kind(outcomes: list[dict[str, Any]]) -> dict[str, dict[str, int]]:
    kinds = sorted({it["kind"] for it in outcomes})
    return {
        kind: {
            "deployments": sum(it["kind"] == kind for it in outcomes),
            "converged": sum(it["kind"] == kind and not it["problem"] for it in outcomes),
        }
        for kind in kinds
    }


def _print_totals(explored: list[Any], outcomes: list[dict[str, Any]]) -> None:
    totals: Counter[str] = Counter()
    for found in explored:
        totals.update(found["row"] if isinstance(found, dict) else {})
    print(f"{'all':55} {_columns(totals)}")
    print(f"\n{'Disturbance':55} {'':9} {'disturbed':>9} {'':6} {'converged':>9}")
    for kind, counts in _by_kind(outcomes).items():
        print(f"{kind:55} {'':9} {counts['deployments']:9} {'':6} {counts['converged']:9}")
    calls = sum(it["calls"] for it in outcomes)
    usage = [resource.getrusage(it) for it in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = sum(it.ru_utime + it.ru_stime for it in usage)
    print(f"\n{calls} API calls in disturbed deployments, {seconds:.0f} s of CPU")


def _columns(row: Any) -> str:
    return f"{row['calls']:9} {row['disturbed']:9} {row['runs']:6} {row['converged']:9}"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
