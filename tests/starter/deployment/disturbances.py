"""Which disturbances each API call meets: a kill, and all faults or a selection that is fast."""

from __future__ import annotations

import os

from calls import Disturbance, is_read
from faults import FAULTS

# `all`: every kind of disturbance at every call.
IS_COMPLETE = os.environ.get("DEPLOYMENT_DISTURBANCES") == "all"


def disturbances_of(call: int, operation: str, is_changing: bool) -> list[Disturbance]:
    """Disturbances of one API call; `is_changing`: an endpoint is being created or updated."""
    kills = [Disturbance(call, operation)]
    if is_changing:
        kills.append(Disturbance(call, operation, ends_changes=True))
    # A read has no effect: with its answer, nothing else is lost.
    faults = [fault for fault in FAULTS if not (fault.is_after_effect and is_read(operation))]
    once = [Disturbance(call, operation, fault) for fault in faults]
    lasting = [Disturbance(call, operation, fault, is_lasting=True) for fault in faults]
    if IS_COMPLETE:
        return [*kills, *once, *lasting]
    if is_read(operation):
        return kills
    # The faults take turns, so that all calls together meet each of them.
    lost = [it for it in (*once, *lasting) if it.fault and it.fault.is_after_effect]
    whole = [it for it in (*once, *lasting) if it not in lost]
    others = [whole[call // 2 % len(whole)]] if call % 2 else []
    return [*kills, lost[call % len(lost)], *others]
