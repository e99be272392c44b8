"""Simulated time of this process: waits take no time, and move it."""

from __future__ import annotations

import time

# Of one process: of a few runs of the driver.
_MOST_WAITS = 2000


class EndlessError(BaseException):
    """A wait that does not end."""


class Clock:
    """Replaces `time.sleep` and `time.monotonic`; the wall clock stays real."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits = 0

    def install(self) -> None:
        """Simulates time from now on."""
        time.sleep = self.sleep
        time.monotonic = lambda: self.now

    def sleep(self, seconds: float) -> None:
        """A wait."""
        self.waits += 1
        if self.waits > _MOST_WAITS:
            raise EndlessError(f"{self.waits} waits")
        self.now += seconds


clock = Clock()
