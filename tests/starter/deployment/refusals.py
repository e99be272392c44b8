"""Deployments that are refused, each with one line that names what and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import account
import emulated
from build import Build, Run
from calls import Calls
from end_state import difference, end_state
from endpoints import Endpoints


@dataclass
class Case:
    """A deployment in an account of its own."""

    name: str
    # Prepares the account, and returns the build to run.
    prepare: Callable[[Calls], Build]
    # What the line must contain.
    says: list[str] = field(default_factory=list)
    is_accepted: bool = False
    # Whether the driver copies the archive before the error: a copy changes no endpoint.
    is_copied: bool = False
    # 2: invalid settings, listed below a first line.
    status: int = 1

    def check(self) -> str:
        """Runs the deployment; returns the problem, or an empty text."""
        calls, endpoints = Calls(), Endpoints()
        calls.install()
        endpoints.install()
        calls.after, calls.is_counting = endpoints.after_call, True
        emulated.reset()
        account.create()
        build = self.prepare(calls)
        before = self._state()
        run = build.run()
        if self.is_accepted:
            return "" if run.status == 0 else f"must succeed:\n{run.output}\n{run.error}"
        return self._problem(run) or difference(before, self._state())

    def _state(self) -> str:
        return end_state(None, has_copies=not self.is_copied)

    def _problem(self, run: Run) -> str:
        lines = run.error.strip().splitlines()
        if self.status == 2:
            missing = [text for text in self.says if text not in run.error]
            is_wrong = run.status != 2 or missing
            return f"must end with 2, and contain {self.says}:\n{run.error}" if is_wrong else ""
        if run.status != 1 or len(lines) != 1 or not lines[0].startswith("Failed: "):
            return f"must end with 1 and one line, got {run.status}:\n{run.output}\n{run.error}"
        missing = [text for text in [*self.says, "Next: "] if text not in lines[0]]
        return f"must contain {missing}, got {lines[0]}" if missing else ""
