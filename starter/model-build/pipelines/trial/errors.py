"""Errors of trials."""

from __future__ import annotations


class TrialError(Exception):
    """The trial is not started, or has no figures."""
