"""Fields of SageMaker requests that moto drops, and pages of lists."""

from typing import Any

from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.exceptions import ValidationError


def page(
    response: BaseResponse, key: str, found: list[dict[str, Any]], default_size: int = 100
) -> ActionResult:
    """The page that the request asks for, with the token of the next one."""
    token = response._get_param("NextToken") or "0"
    if not token.isdigit():
        raise ValidationError(f"Invalid pagination token: {token}")
    start, size = int(token), int(response._get_param("MaxResults") or default_size)
    answer: dict[str, Any] = {key: found[start : start + size]}
    if len(found) > start + size:
        answer["NextToken"] = str(start + size)
    return ActionResult(answer)


def keep(response: BaseResponse, resource: Any, fields: tuple[str, ...]) -> None:
    """Stores fields of the request that moto drops."""
    for field in fields:
        value = response._get_param(field)
        if value is not None:
            setattr(resource, camelcase_to_underscores(field), value)
