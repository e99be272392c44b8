"""One scenario: the undisturbed deployment, and one for each disturbance of each API call."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import account
import emulated
from build import Build, Run
from calls import Calls, Disturbance, Killed
from disturbances import IS_COMPLETE, disturbances_of
from end_state import difference, end_state
from endpoints import Endpoints
from processes import run_all
from scenarios import Scenario

# How often the driver may need to be started again after one disturbance.
_MOST_RUNS = 3
_OF_CANARIES = {
    "cloudwatch.DescribeAlarms",
    "cloudwatch.GetMetricData",
    "cloudwatch.PutMetricData",
    "sagemaker-runtime.InvokeEndpoint",
}


@dataclass
class Outcome:
    """How one disturbed deployment ended; `problem` is empty if it converged."""

    scenario: str
    call: int
    operation: str
    kind: str
    runs: int
    calls: int
    # How often the alarm of the verdict rolled back.
    rollbacks: int = 0
    problem: str = ""


@dataclass
class Explored:
    """API calls of an undisturbed deployment, and the outcomes of the disturbed ones."""

    operations: list[str]
    outcomes: list[Outcome]


class Explorer:
    """Runs one scenario again and again, each time in a process that has just been prepared."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.calls = Calls()
        self.endpoints = Endpoints()
        # Of each API call: whether a change of an endpoint is in progress after it.
        self.changing: list[bool] = []
        self.runs = 0

    def explore(self, workers: int) -> Explored:
        """Prepares the scenario, and runs all of its deployments."""
        self.calls.install()
        self.endpoints.install()
        self.calls.after = self._after_call
        emulated.reset()
        account.create()
        # The changes of the preparation take time too.
        self.calls.is_counting = True
        build = self.scenario.prepare(self.endpoints)
        self.calls.operations.clear()
        self.changing.clear()

        (undisturbed,) = run_all([lambda: self._undisturbed(build)], workers)
        if isinstance(undisturbed, str):
            raise AssertionError(f"{self.scenario.name}:\n{undisturbed}")
        at = [
            disturbance
            for call, operation in enumerate(undisturbed["operations"], 1)
            for disturbance in disturbances_of(call, operation, undisturbed["changing"][call - 1])
            if IS_COMPLETE or not self._is_alike(undisturbed, call)
        ]
        results = run_all([lambda it=it: self._disturbed(build, it) for it in at], workers)
        outcomes = [
            self._outcome(disturbance, result, undisturbed["state"])
            for disturbance, result in zip(at, results, strict=True)
        ]
        return Explored(undisturbed["operations"], outcomes)

    def _is_alike(self, undisturbed: dict[str, Any], call: int) -> bool:
        """Whether another disturbed call is like this one: of a canary, or of an earlier run."""
        operations, changing = undisturbed["operations"], undisturbed["changing"]
        operation = operations[call - 1]
        if operation in _OF_CANARIES and not self.scenario.has_own_canary:
            return True
        # The run after a rollback is that of another scenario.
        if call > undisturbed["first run"] and len(self.scenario.statuses) > 1:
            return True
        if not changing[call - 1]:
            return False
        # The cycles of one canary.
        pairs = zip(operations[: call - 1], changing, strict=False)
        return sum(it == operation and is_changing for it, is_changing in pairs) >= 2

    def _undisturbed(self, build: Build) -> dict[str, Any]:
        calls: list[int] = []
        for status in self.scenario.statuses:
            run = self._run(build, [status])
            calls.append(len(self.calls.operations))
        state = end_state(run.handover)
        problem = self.scenario.problem(json.loads(state))
        if problem:
            raise AssertionError(f"{problem}\n{run.output}\n{state}")
        return {
            "operations": self.calls.operations,
            "changing": self.changing,
            "first run": calls[0],
            "state": state,
        }

    def _disturbed(self, build: Build, disturbance: Disturbance) -> dict[str, Any]:
        self.calls.disturbance = disturbance
        run = self._until_deployed(build, disturbance)
        return {
            "runs": self.runs,
            "calls": len(self.calls.operations),
            "rollbacks": self.endpoints.rollbacks,
            "state": end_state(run.handover),
        }

    def _until_deployed(self, build: Build, disturbance: Disturbance) -> Run:
        for status in self.scenario.statuses:
            try:
                # Only a fault that lasts may end the run, or fail its canary.
                ends = [status, 1, 98] if disturbance.is_lasting else [status]
                run = self._run(build, ends)
            except Killed:
                break
            if run.status != status:
                break
        else:
            return run
        if disturbance.ends_changes:
            self.endpoints.end_changes()
        for _ in range(_MOST_RUNS):
            run = self._run(build, self.scenario.statuses)
            if run.status == 0:
                return run
        raise AssertionError(f"not deployed after {_MOST_RUNS} more runs")

    def _run(self, build: Build, statuses: list[int]) -> Run:
        self.runs += 1
        try:
            run = build.run()
        finally:
            self.calls.end_run()
        log = f"{run.output}\n{run.error}"
        if run.status not in statuses:
            raise AssertionError(
                f"run {self.runs} must end with {statuses}, got {run.status}:\n{log}"
            )
        lines = run.error.strip().splitlines()
        if run.status == 1 and (len(lines) != 1 or not lines[0].startswith("Failed: ")):
            raise AssertionError(f"a failed run must end with one line:\n{log}")
        return run

    def _after_call(self, operation: str, request: dict[str, Any]) -> None:
        self.endpoints.after_call(operation, request)
        self.changing.append(self.endpoints.are_changing())

    def _outcome(self, at: Disturbance, result: Any, expected: str) -> Outcome:
        outcome = Outcome(self.scenario.name, at.call, at.operation, at.kind, 0, 0)
        if isinstance(result, str):
            outcome.problem = result
            return outcome
        outcome.runs, outcome.calls = result["runs"], result["calls"]
        outcome.rollbacks = result["rollbacks"]
        outcome.problem = difference(expected, result["state"])
        return outcome


def as_json(explored: Explored) -> dict[str, Any]:
    """For the process that prints the table."""
    return asdict(explored)
