"""Request and response format of the inference handler."""

from __future__ import annotations

import pytest

from acceptance import handler


def test_sends_a_row_unchanged() -> None:
    assert handler.body("1.50,2") == b"1.50,2\n"


@pytest.mark.parametrize("content_type", ["text/csv", "text/csv; charset=utf-8"])
def test_parses_one_probability(content_type: str) -> None:
    assert handler.probability(b"0.25\n", content_type) == 0.25


@pytest.mark.parametrize("content", [b"", b"malignant", b"0.1\n0.2\n", b"1.1", b"-0.1", b"nan"])
def test_rejects_anything_but_one_probability(content: bytes) -> None:
    with pytest.raises(ValueError, match="must be one probability") as error:
        handler.probability(content, "text/csv")
    assert str(error.value).endswith(f'got "{content.decode().strip()}"')


def test_rejects_another_content_type() -> None:
    with pytest.raises(ValueError, match=r"must be text/csv, got application/json: \{\}"):
        handler.probability(b"{}", "application/json")


def test_cuts_a_long_answer_in_the_error() -> None:
    with pytest.raises(ValueError, match="must be one probability") as error:
        handler.probability(b"x" * 10_000, "text/csv")
    assert len(str(error.value)) < 300
