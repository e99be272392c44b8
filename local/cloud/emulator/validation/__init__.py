"""Checks each request against AWS's API models, as botocore has them, before moto answers it.

An invalid request gets AWS's validation error. `POST /moto-api/checked-requests` answers, as JSON,
with the counts since the last call.
"""

import re
import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from moto.core.request import Request
from werkzeug.wrappers import Response

from .answers import validation_error
from .calls import Call, NotChecked, call_of
from .pipeline_steps import check_steps
from .record import Record
from .rules import Rules

REPORT = "/moto-api/checked-requests"
# Operations of the emulator itself, which AWS does not have.
OWN = re.compile(r"/moto-api/|.*\.(Emulator|Play)[A-Z]")

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Validation:
    """WSGI application that passes valid requests on."""

    def __init__(self, application: Wsgi) -> None:
        self.application = application
        self.record = Record()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        body = request.get_data()
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = BytesIO(body), str(len(body))
        return self.answer(request)(environ, start_response)

    def answer(self, request: Request) -> Wsgi:
        if request.path == REPORT:
            return Response(self.record.take(), mimetype="application/json")
        if OWN.match(request.headers.get("X-Amz-Target", request.path)):
            return self.application
        try:
            call = call_of(request)
        except NotChecked as request_name:
            self.record.leave_out(str(request_name))
            return self.application
        violations = self.check(call)
        return validation_error(call, violations) if violations else self.application

    def check(self, call: Call) -> list[str]:
        name = f"{call.service} {call.operation.name}"
        rules = Rules()
        if call.operation.input_shape:
            rules.check(call.operation.input_shape, call.members)
        checked = [(name, rules), *((f"{name}, {step}", its) for step, its in check_steps(call))]
        found = [f"{what}: {violation}" for what, its in checked for violation in its.violations]
        # A run that fails shows the end of the log.
        for line in found:
            print(line, file=sys.stderr, flush=True)
        self.record.add(sum(its.count for _, its in checked), found)
        return found
