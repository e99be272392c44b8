"""Patterns of AWS's models, which are regular expressions of Java, for the `regex` package."""

from functools import cache

import regex

# In Java these are ASCII, and \p{L} and the like are not. Each ends with a range: after it, a
# hyphen is a character.
ASCII = {
    r"\d": "0-9",
    r"\s": r" \t-\r",
    r"\w": "_0-9A-Za-z",
    r"\p{ASCII}": r"\x00-\x7F",
    r"\p{Alnum}": "0-9A-Za-z",
    r"\p{Print}": r"\x20-\x7E",
}
# Java writes a character above U+FFFF as two: the ranges of the first and the second half.
TWO_HALVES = r"\uD800\uDC00-\uDBFF\uDFFF"
END_OF_TEXT = r"\z"


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches: AWS requires it of patterns without anchors too."""
    return compiled(pattern).fullmatch(text) is not None


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    is_in_class = False

    def translate(token: regex.Match[str]) -> str:
        nonlocal is_in_class
        found = token[0]
        if found in ("[", "]"):
            is_in_class = found == "["
        if found == TWO_HALVES:
            return r"\U00010000-\U0010FFFF"
        if found == END_OF_TEXT:
            return r"\Z"
        if found not in ASCII:
            return found
        return ASCII[found] if is_in_class else f"[{ASCII[found]}]"

    tokens = rf"{regex.escape(TWO_HALVES)}|\\p\{{\w+\}}|\\.|[\[\]]"
    return regex.compile(regex.sub(tokens, translate, pattern))
