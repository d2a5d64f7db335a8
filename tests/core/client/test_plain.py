"""Texts of vendors that write in Chinese."""

import pytest

from core.client.plain import blank, plain


@pytest.mark.parametrize("raw", [None, "", " ", "--", "null", "NULL", "NaN", "None"])
def test_nothing_has_many_spellings(raw: object) -> None:
    """None of them is a text."""
    assert blank(raw)
    assert plain(raw) is None


@pytest.mark.parametrize(
    "raw", ["储能逆变器", "SH10RT储", "バッテリー", "인버터", "（x）"]
)
def test_texts_in_other_scripts_are_not_shown(raw: str) -> None:
    """The server may answer in Chinese whatever was asked for."""
    assert plain(raw) is None
    assert plain("Größe 3") == "Größe 3"
