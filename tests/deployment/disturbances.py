"""Which disturbances each API call meets: all of them, or a selection that is fast."""

from __future__ import annotations

import os

from calls import Disturbance, is_read
from faults import FAULTS

# `all`: each kind of fault at each call. Otherwise each call meets one kind of each.
IS_COMPLETE = os.environ.get("DEPLOYMENT_FAULTS") == "all"


def disturbances_of(call: int, operation: str, is_changing: bool) -> list[Disturbance]:
    """Disturbances of one API call; `is_changing`: an endpoint is being created or updated."""
    kills = [Disturbance(call, operation)]
    if is_changing:
        kills.append(Disturbance(call, operation, is_settled=True))
    # An answer that is lost has no effect that is lost if there is none.
    faults = [fault for fault in FAULTS if not (fault.is_after_effect and is_read(operation))]
    once = [Disturbance(call, operation, fault) for fault in faults]
    lasting = [Disturbance(call, operation, fault, is_lasting=True) for fault in faults]
    if IS_COMPLETE:
        return [*kills, *once, *lasting]
    return [*kills, once[call % len(once)], lasting[(call + 1) % len(lasting)]]
