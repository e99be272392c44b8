"""The error that AWS answers to an invalid request, in the form of its protocol."""

from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.wrappers import Response

from .calls import Call

CODES = {"query": "ValidationError", "ec2": "InvalidParameterValue"}


class Invalid(ServiceException):
    """Of this module: moto looks for a model by the module of an exception."""


def validation_error(call: Call, violations: list[str]) -> Response:
    error = Invalid(CODES.get(call.protocol, "ValidationException"), text(violations))
    model: OperationModel = get_service_model(call.service).operation_model(call.operation.name)
    serialize = get_serializer_class(call.service, call.protocol)(model).serialize
    answer = serialize(error)
    # A model may give the error another status.
    return Response(answer["body"], 400, answer["headers"])


def text(violations: list[str]) -> str:
    found = "1 validation error" if len(violations) == 1 else f"{len(violations)} validation errors"
    return f"{found} detected: {'; '.join(violations)}"
