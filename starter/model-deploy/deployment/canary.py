"""Canary of an update: CloudWatch gets a verdict on the new instances until the update is over.

The alarm of the verdict takes missing data for a failure: a build that ends too early rolls back.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timezone

from botocore.exceptions import BotoCoreError, ClientError

from deployment.api import Aws, DeploymentError, say
from deployment.endpoint import Endpoint
from deployment.environment import Environment
from deployment.metrics import Fleet, alarm_state, fleet_metrics, put_metric
from deployment.replay import Replay
from deployment.stage_config import Shift
from deployment.verdict import GRACE_SECONDS, Observed, failure

METRIC = "CanaryVerdict"
CYCLE_SECONDS = 20
# Between two rows, so that slow answers do not delay the verdict.
_SEND_SECONDS = 15
_ALARM_SECONDS = 15 * 60
_UNREADABLE_SECONDS = 60
_ROWS = 20
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantStatus.html
_WITH_TRAFFIC = {"ActivatingTraffic", "Baking", "Deleting"}


@dataclass
class Canary:
    """Judges the instances of a new endpoint config while SageMaker shifts the traffic to them."""

    aws: Aws
    environment: Environment
    config_name: str
    shift: Shift | None
    replay: Replay
    # Why the verdict is 1. It stays 1.
    reason: str = ""
    # Whether the instances passed the grace time, and nothing speaks against them since.
    is_passed: bool = False
    _sent: float = 0
    _traffic: tuple[float, datetime] | None = None
    _read: float = 0
    _fleet: Fleet = field(default_factory=lambda: Fleet([], [], []))
    _bakes: set[datetime | None] = field(default_factory=set)

    def prepare(self) -> None:
        """Sends the verdict 0 until the alarm is OK: an alarm in ALARM ends an update at once."""
        self.replay.ask_previous()
        name, began = self.environment.verdict_alarm, time.monotonic()
        while True:
            put_metric(self.aws, self.environment, METRIC, 0)
            state = alarm_state(self.aws, self.environment)
            seconds = time.monotonic() - began
            say(f"Alarm {name}: {state} ({seconds:.0f} s)")
            if state == "OK":
                return
            if seconds >= _ALARM_SECONDS:
                raise DeploymentError(
                    f"the alarm {name} must be OK before the update, is {state} after "
                    f"{seconds / 60:.0f} minutes of {METRIC} 0. "
                    "Next: see the alarm in CloudWatch, then deploy the version again"
                )
            time.sleep(CYCLE_SECONDS)

    def watch(self, endpoint: Endpoint | None) -> None:
        """One cycle between two reads of the endpoint: replay, judge, send."""
        began = time.monotonic()
        # Just updated, an endpoint can still look as before.
        if endpoint is not None and endpoint.status in {"InService", "Updating"}:
            if not self.reason:
                self.reason = self._judge(endpoint)
                if self.reason:
                    say(f"Canary failed, {self.reason}. {METRIC} is 1: SageMaker rolls back")
            self._send()
        time.sleep(max(1, CYCLE_SECONDS - (time.monotonic() - began)))

    @property
    def rows(self) -> int:
        """Rows in a cycle: with less traffic, the new instances need more."""
        percent = self.shift.percent if self.shift else 100
        return max(_ROWS, -(-_ROWS * 10 // percent))

    def _judge(self, endpoint: Endpoint) -> str:
        if self._traffic is None and endpoint.variant_status in _WITH_TRAFFIC:
            since = endpoint.variant_status_since or datetime.now(timezone.utc)
            self._traffic, self._read = (time.monotonic(), since), time.monotonic()
        if self._traffic is None:
            return ""
        if endpoint.variant_status == "Baking":
            self._bakes.add(endpoint.variant_status_since)
        # SageMaker bakes once after each step.
        steps = self.shift.waits + 1 if self.shift else 1
        self.replay.ask(self.rows, self._send_if_due, only_new=len(self._bakes) >= steps)
        fleet = self._read_fleet(self._traffic[1])
        seconds = time.monotonic() - self._traffic[0]
        answered = self.replay.answered
        say(f"Canary: {seconds:.0f} s of traffic, {answered} answers; new instances: {fleet}")
        observed = Observed(seconds, answered, fleet, self.replay.wrong_answers)
        found = failure(observed, self.environment)
        self.is_passed = not found and seconds >= GRACE_SECONDS
        return found

    def _read_fleet(self, since: datetime) -> Fleet | None:
        """Metrics of the new instances; None if they cannot be read for a minute."""
        self._send_if_due()
        try:
            self._fleet = fleet_metrics(self.aws, self.environment, self.config_name, since)
        except (BotoCoreError, ClientError) as error:
            say(f"Metrics of the new instances: {error}")
            return None if time.monotonic() - self._read >= _UNREADABLE_SECONDS else self._fleet
        self._read = time.monotonic()
        return self._fleet

    def _send_if_due(self) -> None:
        if time.monotonic() - self._sent >= _SEND_SECONDS:
            self._send()

    def _send(self) -> None:
        try:
            put_metric(self.aws, self.environment, METRIC, 1 if self.reason else 0)
        except (BotoCoreError, ClientError) as error:
            # The next cycle tries again. Without it, missing data rolls back.
            say(f"{METRIC}: not sent ({error})")
        self._sent = time.monotonic()
