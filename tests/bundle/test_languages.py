"""Every integration speaks the same eight languages, wholly."""

from functools import cache
import json
from typing import Any

from homeassistant.generated.languages import LANGUAGES
import pytest

from ..language_rules import (
    Flat,
    frontend,
    named,
    other_buttons,
    other_facts,
    other_names,
    other_terms,
    wrong_address,
    wrong_type,
)
from ..translation_rules import ROOT, Texts, placeholders, strings, wrong_style

ALL = sorted(
    path.parent.name for path in ROOT.glob("custom_components/*/manifest.json")
)

SPOKEN = {"de", "en", "es", "fr", "it", "nl", "pl", "zh-Hans"}
OTHERS = sorted(SPOKEN - {"en"})
# Texts that are the same in most languages: names, units, short technical words
SHORT = 24

# Solar energy is PV-Energie in German; GoodWe has both, of a plant and of an inverter
TWO_WORDS = {("de", "entity.sensor.solar_energy_today.name")}


@cache
def texts(domain: str, language: str) -> dict[str, Any]:
    return Texts(domain).json(f"translations/{language}.json")


@cache
def flat(domain: str, language: str) -> Flat:
    return dict(strings(texts(domain, language)))


@pytest.mark.parametrize("domain", ALL)
def test_all_are_there(domain: str) -> None:
    folder = Texts(domain).folder / "translations"
    assert {path.stem for path in folder.iterdir()} == SPOKEN
    assert SPOKEN <= LANGUAGES


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_they_say_what_english_says(domain: str, language: str) -> None:
    english, other = flat(domain, "en"), flat(domain, language)
    assert list(other) == list(english)
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key
    assert other_facts(english, other) == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_style(domain: str, language: str) -> None:
    assert wrong_style(texts(domain, language)) == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_long_texts_are_translated(domain: str, language: str) -> None:
    english = flat(domain, "en")
    same = [
        key
        for key, text in flat(domain, language).items()
        if text == english[key] and len(text) > SHORT
    ]
    assert same == []


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_names_are_the_translated_ones(domain: str, language: str) -> None:
    """Who reads a name in a text finds it on the screen, and one word for one thing."""
    english, other = flat(domain, "en"), flat(domain, language)
    assert other_names(english, other) == []
    assert other_buttons(english, other, language) == []
    assert other_terms(english, other, language) == []


def test_names_are_found() -> None:
    """What the rules above look for stands in the texts."""
    names = {name for domain in ALL for _, name, _ in named(flat(domain, "en"))}
    assert {"Allow control", "Control state", "Expert", "Force charge"} < names
    assert {"Force duration", "Set schedule", "Time of use"} < names
    assert frontend("de")["ui.panel.config.integrations.config_flow.submit"] == "OK"


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("domain", ALL)
def test_written_and_spoken_as_there(domain: str, language: str) -> None:
    """Quotation marks, spaces, percent signs; and how a person is addressed."""
    assert wrong_type(flat(domain, language), language) == []
    assert wrong_address(flat(domain, language), language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_one_text_has_one_translation(language: str) -> None:
    """What six integrations say alike is said alike in every language.

    A short text may mean two things; then its key tells them apart.
    """
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for domain in ALL:
        for key, text in flat(domain, "en").items():
            if (language, key) in TWO_WORDS:
                continue
            where = key if len(text) <= SHORT else ""
            spoken = found.setdefault((text, where), {})
            spoken.setdefault(flat(domain, language)[key], []).append(f"{domain} {key}")
    assert [spoken for spoken in found.values() if len(spoken) > 1] == []


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
