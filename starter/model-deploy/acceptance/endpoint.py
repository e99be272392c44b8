"""SageMaker endpoint under test: status, model version and invocations."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError, HTTPClientError

from acceptance import handler
from acceptance.not_accepted import NotAcceptedError

RETRY_SECONDS = 5
# Errors of SageMaker that do not depend on the request: retried once.
_TRANSIENT_ERRORS = {
    "InternalDependencyException",
    "InternalFailure",
    "ModelNotReadyException",
    "ServiceUnavailable",
    "ThrottlingException",
    "TooManyRequestsException",
}


@dataclass(frozen=True)
class Answer:
    """Answer of the endpoint to one row, and the latency of the call."""

    probability: float
    milliseconds: float
    is_repeated: bool = False


def check_endpoint(sagemaker: Any, name: str, version: int) -> None:
    """Raises unless the endpoint is InService with the deployed model version."""
    endpoint = sagemaker.describe_endpoint(EndpointName=name)
    status = endpoint["EndpointStatus"]
    if status != "InService":
        reason = endpoint.get("FailureReason", "SageMaker reports no reason")
        raise NotAcceptedError(
            f"endpoint {name} must be InService after the deployment, is {status}: {reason}. "
            "Next: retry the stage when the endpoint is InService"
        )
    # Name of the endpoint config of a deployment: <endpoint>-<version>-<hash of the settings>.
    config = endpoint["EndpointConfigName"]
    if re.search(rf"-{version}-[0-9a-f]{{8}}$", config) is None:
        raise NotAcceptedError(
            f"endpoint {name} serves {config}, not version {version}: the endpoint was changed "
            "after the deployment. Next: retry the stage, or approve the version again"
        )


def invoke_rows(
    runtime: Any,
    name: str,
    requests: list[str],
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Answer]:
    """Invokes the endpoint once per row; raises at the first row without an answer."""
    # Warm-up call, not measured: it opens the connection and loads the model.
    _invoke(runtime, name, 1, requests[0], sleep)
    for number, row in enumerate(requests, start=1):
        yield _invoke(runtime, name, number, row, sleep)


def _invoke(
    runtime: Any, name: str, number: int, row: str, sleep: Callable[[float], None]
) -> Answer:
    try:
        try:
            return _invoke_once(runtime, name, row)
        except (ClientError, HTTPClientError) as error:
            if not _is_transient(error):
                raise
            print(f"row {number}: {error}; retry in {RETRY_SECONDS} seconds", flush=True)
            sleep(RETRY_SECONDS)
            return replace(_invoke_once(runtime, name, row), is_repeated=True)
    except (ClientError, HTTPClientError, ValueError) as error:
        raise NotAcceptedError(f"row {number} of request.csv: {_error_text(error)}") from error


def _invoke_once(runtime: Any, name: str, row: str) -> Answer:
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


def _is_transient(error: Exception) -> bool:
    return (
        not isinstance(error, ClientError) or error.response["Error"]["Code"] in _TRANSIENT_ERRORS
    )


def _error_text(error: Exception) -> str:
    if not isinstance(error, ClientError) or error.response["Error"]["Code"] != "ModelError":
        return str(error)
    response = error.response
    status = response.get("OriginalStatusCode", "an error")
    message = response.get("OriginalMessage") or response["Error"]["Message"]
    log = f" (log: {response['LogStreamArn']})" if response.get("LogStreamArn") else ""
    return f"the model container returned {status}: {message}{log}"
