"""Sample sets and config files that a deployment must refuse."""

from __future__ import annotations

import account
from account import Version
from build import Build
from calls import Calls
from refusals import Case
from scenarios import CANARY, both, deploy, new_version, prod, staging


def _without_sample(_calls: Calls) -> Build:
    both(new_version(1))
    version = Version(2, has_sample=False)
    account.train(version)
    account.register(version)
    return prod(deploy(staging(version)))


def _without_sample_file(_calls: Calls) -> Build:
    both(new_version(1))
    version = new_version(2)
    account.client("s3").delete_object(
        Bucket=account.BUCKET, Key=f"{version.folder}/sample/expected.csv"
    )
    return prod(deploy(staging(version)))


def _thresholds(_calls: Calls) -> Build:
    canary = {**CANARY["canary"], "maximumErrors": 0, "maximumLatencyMilliseconds": 500}
    return staging(new_version(1), prod={**CANARY, "canary": canary})


def _first_without_sample(_calls: Calls) -> Build:
    version = Version(1, has_sample=False)
    account.train(version)
    account.register(version)
    return prod(deploy(staging(version)))


CASES = [
    Case("update without a sample set", _without_sample, ["sample set", "SampleLocation"]),
    Case("update with half a sample set", _without_sample_file, ["sample set", "expected.csv"]),
    Case("creation without a sample set", _first_without_sample, is_accepted=True),
    Case(
        "limits of the stack in a config file",
        _thresholds,
        ["deploy.alarms.maximumErrors", "deploy.alarms.maximumLatencyMilliseconds"],
        status=2,
    ),
]
