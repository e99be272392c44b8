"""The endpoint: whether it serves the version, and what it answers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from acceptance import handler
from acceptance.not_accepted import NotAcceptedError

PAUSE_SECONDS = 5
# SageMaker says these of a moment, not of the request.
_PASSING = {
    "InternalDependencyException",
    "InternalFailure",
    "ModelNotReadyException",
    "ServiceUnavailable",
    "ThrottlingException",
    "TooManyRequestsException",
}


@dataclass(frozen=True)
class Answer:
    """What the endpoint answered to one row, and how long that took."""

    probability: float
    milliseconds: float
    is_repeated: bool = False


def must_serve(sagemaker: Any, name: str, version: int) -> None:
    """Raises unless the endpoint is in service with the version, as the deployment left it."""
    endpoint = sagemaker.describe_endpoint(EndpointName=name)
    status = endpoint["EndpointStatus"]
    if status != "InService":
        reason = endpoint.get("FailureReason", "SageMaker gives no reason")
        raise NotAcceptedError(
            f"endpoint {name} is {status}, not InService, although its deployment succeeded "
            f"({reason}). Retry the stage once it is InService"
        )
    # Model and configuration of a deployment are named <endpoint>-<version>-<hash of the settings>.
    config = endpoint["EndpointConfigName"]
    if re.search(rf"-{version}-[0-9a-f]{{8}}$", config) is None:
        raise NotAcceptedError(
            f"endpoint {name} serves {config}, not version {version}, which is to be tested: it "
            "was changed after its deployment. Retry the stage, or approve the version again"
        )


def answers(
    runtime: Any,
    name: str,
    requests: list[str],
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Answer]:
    """Gives the answer to every row, one call each; raises at the first that gets none."""
    # The first call is not measured: it opens the connection, and wakes the model.
    _ask(runtime, name, 1, requests[0], sleep)
    for number, row in enumerate(requests, start=1):
        yield _ask(runtime, name, number, row, sleep)


def _ask(runtime: Any, name: str, number: int, row: str, sleep: Callable[[float], None]) -> Answer:
    try:
        try:
            return _ask_once(runtime, name, row)
        except (ClientError, HTTPClientError) as error:
            if not _is_passing(error):
                raise
            print(f"row {number}: {error}; once more in {PAUSE_SECONDS} seconds", flush=True)
            sleep(PAUSE_SECONDS)
            return replace(_ask_once(runtime, name, row), is_repeated=True)
    except (ClientError, HTTPClientError, ValueError) as error:
        raise NotAcceptedError(f"row {number} of request.csv: {_told(error)}") from error


def _ask_once(runtime: Any, name: str, row: str) -> Answer:
    start = time.perf_counter()
    response = runtime.invoke_endpoint(
        EndpointName=name,
        ContentType=handler.CONTENT_TYPE,
        Accept=handler.ACCEPT,
        Body=handler.body(row),
    )
    content = response["Body"].read()
    milliseconds = (time.perf_counter() - start) * 1000
    return Answer(handler.probability(content, response.get("ContentType", "")), milliseconds)


def _is_passing(error: Exception) -> bool:
    return not isinstance(error, ClientError) or error.response["Error"]["Code"] in _PASSING


def _told(error: Exception) -> str:
    if not isinstance(error, ClientError) or error.response["Error"]["Code"] != "ModelError":
        return str(error)
    told = error.response
    message = told.get("OriginalMessage") or told["Error"]["Message"]
    log = f" (log: {told['LogStreamArn']})" if told.get("LogStreamArn") else ""
    return f"the model's container answered {told.get('OriginalStatusCode', 'an error')}: " + (
        f"{message}{log}"
    )
