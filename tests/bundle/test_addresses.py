"""Addresses in texts, which stand where a placeholder is."""

import re

import pytest

from ..translation_rules import placeholders, strings
from .test_languages import ALL, SPOKEN, texts

ADDRESSES = {
    "authorize_url",
    "default_url",
    "find",
    "own_redirect_url",
    "portal",
    "redirect_url",
}
# In a link, in code, or before a blank: else what follows becomes a part of it
_APART = re.compile(r"\]\(\{\w+\}\)|`\{\w+\}`|\{\w+\}(?!\S)")


def glued(text: str) -> set[str]:
    """Return the addresses of a text that something else sticks to."""
    return placeholders(_APART.sub("", text)) & ADDRESSES


@pytest.mark.parametrize("language", sorted(SPOKEN))
@pytest.mark.parametrize("domain", ALL)
def test_nothing_sticks_to_an_address(domain: str, language: str) -> None:
    found = {key: glued(text) for key, text in strings(texts(domain, language))}
    assert [key for key, names in found.items() if names] == []


def test_what_sticks() -> None:
    assert glued("Try {portal}; then wait") == {"portal"}
    assert glued("Try {portal}.") == {"portal"}
    assert glued("Try {portal} first, [Acme]({portal}), or `{portal}`.") == set()
