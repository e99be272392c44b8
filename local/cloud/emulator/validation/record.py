"""Counts of the checked requests since the last report, for the end of a run."""

import json
from collections import Counter
from threading import Lock


class Record:
    def __init__(self) -> None:
        self.lock = Lock()
        self.clear()

    def clear(self) -> None:
        self.requests = self.members = 0
        self.not_checked: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()

    def add(self, members: int, violations: list[str]) -> None:
        with self.lock:
            self.requests += 1
            self.members += members
            self.violations.update(violations)

    def leave_out(self, request: str) -> None:
        with self.lock:
            self.not_checked[request] += 1

    def take(self) -> str:
        """The record as JSON; the next one starts empty."""
        with self.lock:
            report = {
                "requests": self.requests,
                "members": self.members,
                "notChecked": self.not_checked,
                "violations": self.violations,
            }
            text = json.dumps(report)
            self.clear()
        return text
