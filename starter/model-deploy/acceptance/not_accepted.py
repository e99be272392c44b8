"""Error of a failed acceptance test."""

from __future__ import annotations


class NotAcceptedError(Exception):
    """Reason why the model fails the test, and the next step."""
