"""What is said to the handler, and how its answer is understood."""

from __future__ import annotations

import pytest

from acceptance import handler


def test_a_row_is_sent_as_it_stands() -> None:
    assert handler.body("1.50,2") == b"1.50,2\n"


@pytest.mark.parametrize("content_type", ["text/csv", "text/csv; charset=utf-8"])
def test_an_answer_is_one_probability(content_type: str) -> None:
    assert handler.probability(b"0.25\n", content_type) == 0.25


@pytest.mark.parametrize("content", [b"", b"malignant", b"0.1\n0.2\n", b"1.1", b"-0.1", b"nan"])
def test_anything_else_is_shown(content: bytes) -> None:
    with pytest.raises(ValueError, match="must be one probability") as refusal:
        handler.probability(content, "text/csv")
    assert str(refusal.value).endswith(f'got "{content.decode().strip()}"')


def test_an_answer_in_another_form_is_named() -> None:
    with pytest.raises(ValueError, match=r"must be text/csv, got application/json: \{\}"):
        handler.probability(b"{}", "application/json")


def test_a_long_answer_is_cut() -> None:
    with pytest.raises(ValueError, match="must be one probability") as refusal:
        handler.probability(b"x" * 10_000, "text/csv")
    assert len(str(refusal.value)) < 300
