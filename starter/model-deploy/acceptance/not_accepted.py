"""How anything here says that the model does not pass."""

from __future__ import annotations


class NotAcceptedError(Exception):
    """Why the model does not pass, and what to do about it."""
