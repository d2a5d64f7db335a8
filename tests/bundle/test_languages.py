"""Every integration speaks the same eight languages, wholly."""

from functools import cache
import json
from typing import Any

from homeassistant.generated.languages import LANGUAGES
import pytest

from ..translation_rules import ROOT, Texts, placeholders, strings, wrong_style

ALL = sorted(
    path.parent.name for path in ROOT.glob("custom_components/*/manifest.json")
)

SPOKEN = {"de", "en", "es", "fr", "it", "nl", "pl", "zh-Hans"}
OTHERS = sorted(SPOKEN - {"en"})
# Texts that are the same in most languages: names, units, short technical words
SHORT = 24


@cache
def texts(domain: str, language: str) -> dict[str, Any]:
    return Texts(domain).json(f"translations/{language}.json")


@pytest.mark.parametrize("domain", ALL)
def test_all_are_there(domain: str) -> None:
    folder = Texts(domain).folder / "translations"
    assert {path.stem for path in folder.iterdir()} == SPOKEN
    assert SPOKEN <= LANGUAGES


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_they_say_what_english_says(domain: str, language: str) -> None:
    english = dict(strings(texts(domain, "en")))
    other = dict(strings(texts(domain, language)))
    assert list(other) == list(english)
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key
        for mark in ("`", "**"):
            assert other[key].count(mark) == text.count(mark), key


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_style(domain: str, language: str) -> None:
    assert wrong_style(texts(domain, language)) == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_long_texts_are_translated(domain: str, language: str) -> None:
    english = dict(strings(texts(domain, "en")))
    same = [
        key
        for key, text in strings(texts(domain, language))
        if text == english[key] and len(text) > SHORT
    ]
    assert same == []


@pytest.mark.parametrize("domain", ALL)
def test_names_of_entities_differ_where_english_does(domain: str) -> None:
    """Two entities of a platform with one name could not be told apart."""
    for language in OTHERS:
        for platform, entities in texts(domain, "en").get("entity", {}).items():
            named = texts(domain, language)["entity"][platform]
            by_name: dict[str, set[str]] = {}
            for key, entity in entities.items():
                if "name" in entity:
                    by_name.setdefault(named[key]["name"], set()).add(entity["name"])
            doubled = {name: found for name, found in by_name.items() if len(found) > 1}
            assert doubled == {}, f"{language} {platform}"


def test_files_are_written_alike() -> None:
    for domain in ALL:
        for path in (Texts(domain).folder / "translations").iterdir():
            written = path.read_text("utf-8")
            found = json.dumps(json.loads(written), ensure_ascii=False, indent=2)
            assert written == found + "\n", path.name
