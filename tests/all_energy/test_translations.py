"""Every text that people may see exists, and none that nobody sees."""

from typing import Any

import pytest

from custom_components.all_energy.const import DOMAIN

from ..translation_rules import (
    Texts,
    strings,
    undescribed_fields,
    wrong_style,
)

TEXTS = Texts(DOMAIN)


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    return TEXTS.english


def test_style(english: dict[str, Any]) -> None:
    """Home Assistant's validator accepts all texts."""
    assert wrong_style(english) == []


def test_fields_are_described(english: dict[str, Any]) -> None:
    """Each field of a form has a description, and none is left over."""
    assert undescribed_fields(english) == []


def test_same_form(english: dict[str, Any]) -> None:
    """The options have the fields, errors and reasons of the first dialog."""
    first, later = english["config"], english["options"]
    for part in ("data", "data_description"):
        assert first["step"]["user"][part] == later["step"]["init"][part]
    for part in ("error", "abort"):
        assert first[part] == later[part]


def test_sentences_end(english: dict[str, Any]) -> None:
    """What tells of an error is a whole sentence."""
    for path, text in strings(english["issues"]):
        last = path.rpartition(".")[2]
        if last not in {"title", "submit"} and ".menu_options." not in path:
            assert text.endswith((".", "?")), path
