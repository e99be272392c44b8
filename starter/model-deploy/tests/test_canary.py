"""Verdict on the new instances of an update: what SageMaker does then, and what the log says."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from fakes import ENVIRONMENT, error
from world import EXPECTED, NEW, OLD, PREVIOUS, World

from deployment.api import DeploymentError
from deployment.canary import Canary
from deployment.endpoint import describe
from deployment.plan import Plan
from deployment.replay import INFERENCE_ID, Replay, Row
from deployment.stage_config import Shift
from deployment.switch import update

SHIFT = Shift("canary", 10, 5)
PLAN = Plan(NEW, "settings", False, "ml.m5.large", {}, {})
TEST = {"tolerance": 0.000001, "minimum_agreement": 1}


class Killed(BaseException):
    """The end of the build."""


def run(
    world: World, monkeypatch: pytest.MonkeyPatch, test: dict[str, Any] = TEST
) -> tuple[str, Canary]:
    """Updates the endpoint with a canary."""
    aws = world.install(monkeypatch)
    rows = [Row(number, *it) for number, it in enumerate(EXPECTED.items(), 1)]
    replay = Replay(aws.runtime, ENVIRONMENT, rows, test)
    canary = Canary(aws, ENVIRONMENT, NEW, SHIFT, replay)
    before = describe(aws, ENVIRONMENT.endpoint_name)
    assert before is not None
    canary.prepare()
    return update(aws, ENVIRONMENT, SHIFT, PLAN, before, canary), canary


def rolled_back(world: World, monkeypatch: pytest.MonkeyPatch, capsys: Any, **test: Any) -> str:
    """Runs an update that SageMaker must roll back; returns the reason in the log."""
    end, canary = run(world, monkeypatch, {**TEST, **test})
    assert end == "rolled back"
    assert world.verdicts[-1][1] == 1
    out = capsys.readouterr().out
    assert f"SageMaker rolled back {NEW}: {canary.reason}. {OLD} serves on." in out
    # From then on, the build sends nothing.
    assert world.rolled_back is not None
    assert world.verdicts[-1][0] <= world.rolled_back
    assert world.status == "InService"
    return canary.reason


def test_a_healthy_version_gets_a_verdict_each_30_seconds_until_it_serves(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    world = World()
    end, canary = run(world, monkeypatch)
    assert (end, canary.reason, canary.is_passed) == ("changed", "", True)
    assert {value for _, value in world.verdicts} == {0}
    times = [at for at, _ in world.verdicts]
    assert max(b - a for a, b in pairwise(times)) <= 30
    assert world.alarm == "OK"
    alarms = world.updates[0]["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert alarms == {"Alarms": [{"AlarmName": ENVIRONMENT.verdict_alarm}]}
    assert "new instances: " in capsys.readouterr().out


def test_slow_answers_do_not_delay_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(seconds_per_answer=1.5)
    assert run(world, monkeypatch)[0] == "changed"
    times = [at for at, _ in world.verdicts]
    assert max(b - a for a, b in pairwise(times)) <= 30


def test_replays_have_an_inference_id(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    run(world, monkeypatch)
    ids = [it["InferenceId"] for it in world.requests]
    assert all(it.startswith(INFERENCE_ID) and len(it) <= 64 for it in ids)
    assert len(set(ids)) == len(ids)


def test_a_healthy_version_with_a_slow_start_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(latency=lambda seconds: 3000 if seconds < 150 else 20)
    assert run(world, monkeypatch)[0] == "changed"


def test_a_version_without_requests_is_inconclusive(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    reason = rolled_back(World(is_silent=True), monkeypatch, capsys)
    assert reason.startswith("unknown: CloudWatch has no requests of the new instances in 2")
    assert reason.endswith("or their metrics are missing (inconclusive)")
    # No request reaches any instance: then it is clear why.
    world = World()
    world.old_fails = world.is_silent = True
    capsys.readouterr()
    reason = rolled_back(world, monkeypatch, capsys)
    assert reason.startswith("too few requests: the new instances had 0 in 2")


def test_too_few_requests_are_inconclusive(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    world = World()
    monkeypatch.setattr(world, "_is_new", lambda: len(world.requests) in (100, 110))
    reason = rolled_back(world, monkeypatch, capsys)
    assert reason.startswith("too few requests: the new instances had 2 in 2")
    assert "inconclusive" in reason


def test_a_slow_version_is_rolled_back(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    reason = rolled_back(World(latency=lambda _: 800), monkeypatch, capsys)
    assert reason == (
        "slow: mean latency 800 ms and 800 ms in the last two minutes, "
        "deploy.alarms.maximumLatencyMilliseconds is 500"
    )


def test_wrong_answers_are_rolled_back(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    world = World(answer=lambda _row: 0.5)
    reason = rolled_back(world, monkeypatch, capsys)
    assert reason.startswith("wrong answers: row ")
    assert "got 0.5" in reason
    assert world.rolled_back is not None
    # Long before metrics say anything.
    assert world.rolled_back < 240


def test_no_probability_is_a_wrong_answer(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    reason = rolled_back(World(answer=lambda _row: "<html>"), monkeypatch, capsys)
    assert "got no probability" in reason


def test_answers_of_the_old_version_are_wrong_when_all_traffic_has_moved(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    world = World(answer=lambda row: PREVIOUS[row])
    reason = rolled_back(world, monkeypatch, capsys)
    assert reason.startswith("wrong answers: ")
    # Not before: an old instance could have answered.
    assert world.rolled_back is not None
    assert world.began is not None
    assert world.rolled_back >= world.began + 300


def test_as_many_wrong_answers_as_the_test_accepts(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def answer(row: str) -> float:
        return 0.5 if row == "1,2" else EXPECTED[row]

    assert run(World(answer=answer), monkeypatch, {**TEST, "minimum_agreement": 0.6})[0] == (
        "changed"
    )
    capsys.readouterr()
    assert "row 1" in rolled_back(World(answer=answer), monkeypatch, capsys, minimum_agreement=0.7)


def test_an_old_version_that_fails_does_not_speak_against_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert run(World(old_fails=True), monkeypatch)[0] == "changed"
    # It may recover: what it answers then is not known to be its own.
    world = World(old_fails=True)
    begin = world.update_endpoint

    def recover(**request: Any) -> None:
        world.old_fails = False
        begin(**request)

    monkeypatch.setattr(world, "update_endpoint", recover)
    assert run(world, monkeypatch)[0] == "changed"


def test_errors_are_rolled_back(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    world = World(fails=True)
    reason = rolled_back(world, monkeypatch, capsys)
    assert reason.startswith("5XX errors: ")
    assert reason.endswith("in a minute, deploy.alarms.maximumErrors is 0")


def test_missing_metrics_are_no_success(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    reason = rolled_back(World(has_metrics=False), monkeypatch, capsys)
    assert reason.startswith("unknown: CloudWatch has no requests of the new instances")


def test_unreadable_metrics_are_no_success(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    assert run(World(read_errors=2), monkeypatch)[0] == "changed"
    capsys.readouterr()
    reason = rolled_back(World(read_errors=1000), monkeypatch, capsys)
    assert reason == "unknown: the metrics of the new instances cannot be read"


def test_a_killed_build_sends_nothing_and_sagemaker_rolls_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()

    def kill(**_request: Any) -> None:
        if world.traffic > 100:
            raise Killed
        return World.get_metric_data(world, **_request)

    monkeypatch.setattr(world, "get_metric_data", kill)
    with pytest.raises(Killed):
        run(world, monkeypatch)
    sent = len(world.verdicts)
    assert world.status == "Updating"
    world.sleep(70)
    assert (world.status, len(world.verdicts)) == ("RollingBack", sent)


def test_the_update_waits_until_the_alarm_is_ok(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(alarm_becomes_ok=False)
    with pytest.raises(DeploymentError) as caught:
        run(world, monkeypatch)
    assert "must be OK before the update, is ALARM after 15 minutes" in str(caught.value)
    assert world.updates == []


def test_an_alarm_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    monkeypatch.setattr(world, "describe_alarms", lambda **_: {"MetricAlarms": []})
    with pytest.raises(DeploymentError, match=r"canary-verdict must exist.* Next: "):
        run(world, monkeypatch)
    assert world.updates == []


def test_a_version_that_serves_in_spite_of_the_verdict_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(fails=True, ignores_alarm=True)
    with pytest.raises(DeploymentError) as caught:
        run(world, monkeypatch)
    assert f"{NEW} serves all traffic" in str(caught.value)
    assert "in spite of its canary: 5XX errors: " in str(caught.value)
    assert "Next: reject the version" in str(caught.value)


def test_an_update_that_ends_without_a_verdict_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(ignores_alarm=True)
    monkeypatch.setattr("world.STEP", 30)
    monkeypatch.setattr("world.BAKE", 30)
    with pytest.raises(DeploymentError, match="inconclusive"):
        run(world, monkeypatch)


def test_a_verdict_that_cannot_be_sent_is_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    put, lost = world.put_metric_data, []

    def put_metric_data(**request: Any) -> None:
        if world.traffic > 100 and not lost:
            lost.append(request)
            raise error("InternalFailure")
        put(**request)

    monkeypatch.setattr(world, "put_metric_data", put_metric_data)
    assert run(world, monkeypatch)[0] == "changed"
    assert lost


def test_a_role_that_may_not_invoke_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def denied(**_request: Any) -> None:
        raise error("AccessDeniedException")

    monkeypatch.setattr(world, "invoke_endpoint", denied)
    with pytest.raises(Exception, match="AccessDenied"):
        run(world, monkeypatch)
    assert (world.updates, world.verdicts) == ([], [])


@pytest.mark.parametrize(("percent", "rows"), [(5, 40), (10, 20), (50, 20)])
def test_a_small_canary_gets_more_rows(percent: int, rows: int) -> None:
    replay = Replay(None, ENVIRONMENT, [], TEST)
    shift = Shift("canary", percent, 5)
    assert Canary(None, ENVIRONMENT, NEW, shift, replay).rows == rows  # type: ignore[arg-type]
