"""Calls of a JSON API over HTTPS."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

PAGE = 100
TIMEOUT_SECONDS = 30


class ApiError(Exception):
    """The API rejected a call."""


class Api:
    """API below a URL, with the same headers in every call."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url
        self._headers = {"content-type": "application/json", **headers}

    def call(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        """Calls the API; returns the JSON of the answer."""
        return json.loads(self.read(method, path, body))

    def read(self, method: str, path: str, body: dict[str, str] | None = None) -> bytes:
        """Calls the API; returns the answer as it is."""
        request = urllib.request.Request(  # noqa: S310 - the URL is that of the CI service
            f"{self._url}{path}",
            method=method,
            headers=self._headers,
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return answer.read()
        except urllib.error.HTTPError as error:
            with error:
                reason = error.read(500).decode(errors="replace")
            raise ApiError(f"{method} {path}: {error.code} {reason}") from error

    def pages(self, path: str) -> Iterator[Any]:
        """Items of all pages of a list."""
        separator = "&" if "?" in path else "?"
        number = 1
        while True:
            items = self.call("GET", f"{path}{separator}per_page={PAGE}&page={number}")
            yield from items
            if len(items) < PAGE:
                return
            number += 1
