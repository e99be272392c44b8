"""The operation of AWS that a request calls, and the members that it sends."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import OperationModel, ServiceModel
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound

from .form import from_form
from .rest import from_rest
from .values import from_json_body

# Models of the services that sign with another name.
MODELS = {
    "monitoring": ("cloudwatch",),
    "sagemaker": ("sagemaker", "sagemaker-runtime", "sagemaker-metrics"),
    "servicequotas": ("service-quotas",),
    "tagging": ("resourcegroupstaggingapi",),
}


@dataclass(frozen=True)
class Call:
    service: str
    protocol: str
    operation: OperationModel
    members: Any


class NotChecked(Exception):
    """The request calls no operation of a model; the text names it."""


def call_of(request: Request) -> Call:
    signed = signing_name(request)
    for service in MODELS.get(signed, (signed,)):
        try:
            # moto knows the route; its own additions to the models are left out.
            protocol = determine_request_protocol(get_service_model(service), request.content_type)
            routed, path = get_service_router(service).match(request)
            operation = aws_model(service).operation_model(routed.name)
        except (NotFound, NotImplementedError, UnknownServiceError):
            continue
        return Call(service, protocol, operation, members(operation, protocol, request, path))
    target = request.headers.get("X-Amz-Target") or request.values.get("Action")
    raise NotChecked(f"{signed or 'unsigned'} {target or f'{request.method} {request.path}'}")


def members(operation: OperationModel, protocol: str, request: Request, path: Any) -> Any:
    if protocol in ("query", "ec2"):
        return from_form(operation.input_shape, request.values.to_dict(), protocol == "ec2")
    if protocol == "json":
        shape = operation.input_shape
        return from_json_body(shape, request.get_data()) if shape else {}
    return from_rest(operation, protocol, request, path)


def signing_name(request: Request) -> str:
    """Service of the signature; empty if the request is not signed."""
    signed = re.search(r"Credential=([^,\s]+)", request.headers.get("Authorization", ""))
    scope = signed[1] if signed else request.args.get("X-Amz-Credential", "")
    # Access key, date, region, service, "aws4_request"; without a region if it is for all.
    parts = scope.split("/")
    return parts[-2] if len(parts) > 3 else ""


@cache
def aws_model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)
