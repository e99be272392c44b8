"""Every API call of this process: counted, and one of them disturbed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import emulated
from faults import Fault

# Operations that change nothing, so that it makes no difference when their answer is lost.
READS = ("Describe", "Get", "Head", "List", "BatchGet")


class Killed(BaseException):
    """The end of the build, by the machine: no handler of the driver catches it."""


@dataclass(frozen=True)
class Disturbance:
    """What happens at one API call: a kill after it, or a fault of it, once or to the end."""

    call: int
    operation: str
    fault: Fault | None = None
    is_lasting: bool = False
    # Whether SageMaker ends its changes before the next run of the driver.
    ends_changes: bool = False

    @property
    def kind(self) -> str:
        """Row of the table of counts."""
        if self.fault is None:
            return "kill, changes end before the next run" if self.ends_changes else "kill"
        return f"{self.fault.name}, {'whole run' if self.is_lasting else 'once'}"


@dataclass
class Calls:
    """The API calls so far. `before` and `after` get the operation, `service.Operation`."""

    operations: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _operation: None
    after: Callable[[str, dict[str, Any]], None] = lambda _operation, _request: None
    disturbance: Disturbance | None = None
    # Changes the bytes of an answer, by operation.
    rewrites: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    protocol: str = "json"
    is_counting: bool = False
    _is_over: bool = False

    def install(self) -> None:
        """Counts the calls of all clients from now on."""
        from botocore.client import BaseClient

        make_api_call = BaseClient._make_api_call

        def counted(client: Any, operation: str, request: dict[str, Any]) -> Any:
            if not self.is_counting:
                return make_api_call(client, operation, request)
            return self._count(client, operation, request, make_api_call)

        BaseClient._make_api_call = counted
        emulated.answer_requests_by(self._answer)

    def disturb(self, disturbance: Disturbance) -> None:
        """Disturbs one call; its number is that of the next one, or later."""
        self.disturbance, self._is_over = disturbance, False

    def end_run(self) -> None:
        """A fault lasts until the end of the run in which it began."""
        at = self.disturbance
        if at is not None and len(self.operations) >= at.call:
            self._is_over = True

    def _count(self, client: Any, operation: str, request: dict[str, Any], call: Any) -> Any:
        model = client.meta.service_model
        name = f"{model.service_name}.{operation}"
        self.before(name)
        self.operations.append(name)
        self.protocol = getattr(model, "resolved_protocol", model.protocol)
        try:
            return call(client, operation, request)
        finally:
            self.after(name, request)
            if self._is_kill():
                self._is_over = True
                raise Killed

    def _is_kill(self) -> bool:
        at = self.disturbance
        if at is None or at.fault is not None or self._is_over:
            return False
        return len(self.operations) == at.call

    def _answer(self, answer: emulated.Answer, request: Any) -> Any:
        fault = self._due() if self.is_counting else None
        if fault is None or fault.is_after_effect:
            response = answer(request)
        if fault is not None:
            return fault.answer(request, self.protocol)
        rewrite = self.rewrites.get(self.operations[-1]) if self.operations else None
        return _rewritten(response, rewrite) if rewrite and self.is_counting else response

    def _due(self) -> Fault | None:
        at = self.disturbance
        if at is None or at.fault is None or self._is_over:
            return None
        if len(self.operations) < at.call or self.operations[-1] != at.operation:
            return None
        self._is_over = not at.is_lasting
        return at.fault


def _rewritten(response: Any, rewrite: Callable[[bytes], bytes]) -> Any:
    from botocore.awsrequest import AWSResponse
    from moto.core.botocore_stubber import MockRawResponse

    body = rewrite(response.content)
    return AWSResponse(response.url, response.status_code, response.headers, MockRawResponse(body))


def is_read(operation: str) -> bool:
    """Whether the operation changes nothing."""
    return operation.partition(".")[2].startswith(READS)
