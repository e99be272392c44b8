"""AWS in this process: moto with the project's gaps closed, without network and without waiting."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from clock import clock

ROOT = Path(__file__).resolve().parents[3]
ACCOUNT = "123456789012"
REGION = "us-east-1"

Answer = Callable[[Any], Any]


def start() -> None:
    """Starts the emulated AWS. Every client of this process talks to it from then on."""
    sys.path.insert(0, str(ROOT / "local" / "cloud" / "emulator"))
    os.environ.update(
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",  # noqa: S106
        AWS_DEFAULT_REGION=REGION,
        AWS_EC2_METADATA_DISABLED="true",
    )
    import flask
    import gaps
    from moto import mock_aws

    gaps.close_all()
    # The gaps ask Flask who signed a request. Without a server there is no request: the owner did.
    flask.Flask(__name__).test_request_context().push()
    mock_aws().start()
    _parse_service_models_once()
    _create_clients_once()
    clock.install()


def answer_requests_by(decorate: Callable[[Answer, Any], Any]) -> None:
    """Passes each HTTP request to `decorate`, with the function that has moto answer it."""
    from moto.core.botocore_stubber import BotocoreStubber

    moto_call = BotocoreStubber.__call__

    def call(self: Any, event_name: str, request: Any, **arguments: Any) -> Any:
        def answer(signed: Any) -> Any:
            response = moto_call(self, event_name, signed, **arguments)
            # Without a response, botocore sends the request to AWS.
            if response is None:
                raise NetworkError(f"moto does not answer {signed.method} {signed.url}")
            return response

        return decorate(answer, request)

    BotocoreStubber.__call__ = call


class NetworkError(BaseException):
    """A request that only AWS answers. No handler of the driver catches it."""


def reset() -> None:
    """An empty account."""
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.reset()


def now() -> datetime:
    """The wall clock, in UTC, as moto writes times."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def backend(service: str) -> Any:
    """The state of one emulated service."""
    from moto.backends import get_backend

    regions = get_backend(service)[ACCOUNT]
    return regions["aws" if service == "s3" else REGION]


def _parse_service_models_once() -> None:
    """Each run of the driver creates new clients; parsing takes longer than all of its calls."""
    import botocore.loaders
    import botocore.session

    loader = botocore.loaders.create_loader()
    botocore.session.create_loader = lambda _path=None: loader


def _create_clients_once() -> None:
    """A client of a service and a configuration is the same in all runs of this process."""
    import boto3.session

    create, clients = boto3.session.Session.client, {}

    def client(session: Any, service: str, **options: Any) -> Any:
        config = options.get("config")
        settings = getattr(config, "_user_provided_options", None)
        key = f"{service} {settings} {session.region_name}"
        if key not in clients:
            clients[key] = create(session, service, **options)
        return clients[key]

    boto3.session.Session.client = client
