"""moto 5.2.5 lacks, of Amazon SageMaker Runtime:

- InvokeEndpoint: the answer of a model server; moto answers the same text to each request
- InvokeEndpoint: ValidationError, ServiceUnavailable and ModelError

Not for upstream: the simulation of SageMaker sets the URL of the model server.
"""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import unquote
from urllib.request import ProxyHandler, Request, build_opener

from moto.core.common_types import TYPE_RESPONSE
from moto.sagemaker.models import sagemaker_backends
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse

# Headers of a request that SageMaker passes to a container; the last one only to data capture.
PASSED_ON = (
    "Accept",
    "Content-Type",
    "X-Amzn-SageMaker-Custom-Attributes",
    "X-Amzn-SageMaker-Inference-Id",
)
SECONDS = 60
# A proxy could not reach this machine's loopback.
opener = build_opener(ProxyHandler({}))


def close() -> None:
    SageMakerRuntimeResponse.invoke_endpoint = invoke_endpoint


def invoke_endpoint(self: SageMakerRuntimeResponse) -> TYPE_RESPONSE:
    # AWS answers the model's response; moto the same text for each request.
    name = unquote(self.path.split("/")[2])
    endpoint = sagemaker_backends[self.current_account][self.region].endpoints.get(name)
    if endpoint is None or not endpoint.production_variants:
        message = f"Endpoint {name} of account {self.current_account} not found."
        return failure(400, "ValidationError", message)
    if endpoint.stand_in is None:
        return failure(503, "ServiceUnavailable", f"Endpoint {name} has no model server.")
    variant = endpoint.production_variants[0]["VariantName"]
    status, content_type, body = response_of(endpoint.stand_in, self.headers, self.body)
    if status >= 300:
        text = body.decode(errors="replace")
        message = f'Received server error ({status}) from {variant} with message "{text}".'
        return failure(424, "ModelError", message, OriginalStatusCode=status, OriginalMessage=text)
    return 200, {"Content-Type": content_type, "x-Amzn-Invoked-Production-Variant": variant}, body


def response_of(url: str, headers: Any, body: str | bytes) -> tuple[int, str, bytes]:
    """Response of the model server; a failed connection is a status of 500."""
    data = body.encode() if isinstance(body, str) else body
    passed = {name: headers[name] for name in PASSED_ON if headers.get(name)}
    try:
        with opener.open(Request(url, data, passed, method="POST"), timeout=SECONDS) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    except HTTPError as error:
        return error.code, "", error.read()
    except (OSError, HTTPException) as error:
        return 500, "", str(error).encode()


def failure(status: int, code: str, message: str, **details: Any) -> TYPE_RESPONSE:
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code, "status": status}
    return status, headers, json.dumps({"Message": message, **details})
