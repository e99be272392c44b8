"""Verdict on the new instances of an update. Silence is no success."""

from __future__ import annotations

from dataclasses import dataclass

from deployment.environment import Environment
from deployment.metrics import Fleet

# Three minutes of requests, and one until CloudWatch has their metrics.
GRACE_SECONDS = 240
# The first requests of an instance may be slow.
SLOW_START_MINUTES = 3
MINIMUM_REQUESTS = 5


@dataclass(frozen=True)
class Observed:
    """What a canary knows of the new instances."""

    # Since they get traffic.
    seconds: float
    # Replayed requests that the endpoint answered since.
    answered: int
    # None: CloudWatch did not answer for a minute.
    fleet: Fleet | None
    wrong_answers: str


def failure(observed: Observed, environment: Environment) -> str:
    """Why the new instances must not serve; empty if there is no reason so far."""
    if observed.wrong_answers:
        return f"wrong answers: {observed.wrong_answers}"
    fleet = observed.fleet
    if fleet is None:
        return "unknown: the metrics of the new instances cannot be read"
    most = max(fleet.errors, default=0)
    if most > environment.maximum_errors:
        return (
            f"5XX errors: {most:.0f} in a minute, "
            f"deploy.alarms.maximumErrors is {environment.maximum_errors}"
        )
    if observed.seconds < GRACE_SECONDS:
        return ""
    return _failure_after_grace(observed, fleet, environment.maximum_latency_milliseconds)


def _failure_after_grace(observed: Observed, fleet: Fleet, maximum: int) -> str:
    since = f"in {observed.seconds:.0f} seconds of traffic"
    requests = sum(fleet.requests)
    if observed.answered and not fleet.requests:
        # AWS does not tell the two apart: without requests, CloudWatch has no metrics.
        return (
            f"unknown: CloudWatch has no requests of the new instances {since}, although the "
            f"endpoint answered {observed.answered} replayed ones: none reached the new instances, "
            "or their metrics are missing (inconclusive)"
        )
    if requests < MINIMUM_REQUESTS:
        return (
            f"too few requests: the new instances had {requests:.0f} {since}, "
            f"{MINIMUM_REQUESTS} are needed for a verdict (inconclusive)"
        )
    if not fleet.latency_milliseconds:
        return f"unknown: CloudWatch has no latency of the new instances {since}"
    last = fleet.latency_milliseconds[SLOW_START_MINUTES:][-2:]
    if len(last) == 2 and min(last) > maximum:
        return (
            f"slow: mean latency {last[0]:.0f} ms and {last[1]:.0f} ms in the last two minutes, "
            f"deploy.alarms.maximumLatencyMilliseconds is {maximum}"
        )
    return ""
