"""Errors of the comparison."""

from __future__ import annotations


class ComparisonError(Exception):
    """The two commits cannot be compared."""
