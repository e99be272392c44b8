"""Faults of an HTTP call: throttling, server errors and time-outs, before or after the effect."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What happens to a call. Without a status, no answer arrives."""

    name: str
    status: int | None
    code: str
    is_after_effect: bool = False

    def answer(self, request: Any, protocol: str) -> Any:
        """The response; raises the time-out if there is none."""
        from botocore.awsrequest import AWSResponse
        from botocore.exceptions import ReadTimeoutError
        from moto.core.botocore_stubber import MockRawResponse

        if self.status is None:
            raise ReadTimeoutError(endpoint_url=request.url)
        kind, body = _BODIES.get(protocol, _json)(self.code)
        headers = {"content-type": kind, "smithy-protocol": "rpc-v2-cbor"}
        return AWSResponse(request.url, self.status, headers, MockRawResponse(body))


FAULTS = [
    Fault("throttling", 400, "ThrottlingException"),
    Fault("500 before the effect", 500, "InternalFailure"),
    Fault("503 before the effect", 503, "ServiceUnavailable"),
    Fault("500 after the effect", 500, "InternalFailure", is_after_effect=True),
    Fault("time-out before the effect", None, ""),
    Fault("time-out after the effect", None, "", is_after_effect=True),
]


def _json(code: str) -> tuple[str, bytes]:
    body = json.dumps({"__type": code, "message": "simulated"})
    return "application/x-amz-json-1.1", body.encode()


def _s3(code: str) -> tuple[str, bytes]:
    return (
        "application/xml",
        f"<Error><Code>{code}</Code><Message>simulated</Message></Error>".encode(),
    )


def _query(code: str) -> tuple[str, bytes]:
    error = f"<Error><Code>{code}</Code><Message>simulated</Message></Error>"
    return "text/xml", f"<ErrorResponse>{error}</ErrorResponse>".encode()


def _cbor(code: str) -> tuple[str, bytes]:
    """A map of two texts, each with a length of one byte."""
    texts = [text.encode() for text in ("__type", code, "message", "simulated")]
    body = b"\xa2" + b"".join(b"\x78" + bytes([len(text)]) + text for text in texts)
    return "application/cbor", body


_BODIES = {"rest-xml": _s3, "query": _query, "smithy-rpc-v2-cbor": _cbor}
