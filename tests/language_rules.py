"""Rules for the translations of an integration's texts.

Each rule returns what breaks it, so that a test is ``assert not rule(...)``.
"""

from collections.abc import Iterator
from functools import cache
import json
import re

import hass_frontend

type Flat = dict[str, str]

# What English calls by its name, and where that name stands in the texts
_NAMED = {
    r"\b(?:entity|sensor)": r"entity\.\w+\.\w+\.name",
    r"\baction": r"services\.\w+\.name",
    r"\b(?:section|below)": r".+\.sections\.\w+\.name",
    r"\bmode": r"entity\.select\.\w+\.state\.\w+",
    r"\bChoose": r"selector\.\w+\.options\.\w+",
    r"\bturn": r"(?:config|options)\..+\.data\.\w+",
}
# What Home Assistant itself calls so
_FRONTEND = {
    "Add integration": "ui.panel.config.integrations.add_integration",
    "Configure": "ui.panel.config.integrations.config_entry.configure",
    "Reconfigure": "ui.panel.config.integrations.config_entry.reconfigure",
    "Submit": "ui.panel.config.integrations.config_flow.submit",
}
_BUTTON = re.compile(
    r"\*(Add integration|Reconfigure)\*|\"(Configure)\"|\b(Submit)(?= to)"
)

_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+")
_UNIT = re.compile(r"[\d}][ \u00a0]?(%|k?W|A)(?![\w])")
_MARKS = ("`", "*", "](", "\n")

# Quotation marks, and how a percent sign follows its number
_QUOTES = {
    "de": "„“",
    "es": "«»",
    "fr": "«»",
    "it": "“”",
    "nl": "“”",
    "pl": "„”",
    "zh-Hans": "“”",
}
_SPACED_PERCENT = {"de", "es", "fr"}
_HAN = r"[\u4e00-\u9fff]"
_WRONG_TYPE = {
    "fr": r"'|[^\u00a0][;!?»]|«[^\u00a0]|[^\u00a0]:(?= |$)",
    "it": r"'",
    "zh-Hans": rf"{_HAN} ?[,;:?!.]|[,;:?!] ?{_HAN}|{_HAN}[A-Za-z\d]|[A-Za-z\d]{_HAN}",
}
# The words of all six vendors: English, and the stem of the one other word for it
_TERMS = {
    r"backup reserve": {
        "de": "Backup-Reserve",
        "es": "reserva de respaldo",
        "fr": "réserve de secours",
        "it": "riserva di backup",
        "nl": "back-upreserve",
        "pl": r"rezerw\w+ awaryjn",
        "zh-Hans": "备用",
    },
    r"state of charge": {
        "de": "Ladezust[aä]nd",
        "es": "estado de carga",
        "fr": "état de charge",
        "it": "stato di carica",
        "nl": "laadniveau",
        "pl": r"sta\w* naładowania",
        "zh-Hans": "荷电状态",
    },
    r"self-(?:use|consum)": {
        "de": "Eigenverbrauch",
        "es": "autoconsum",
        "fr": "autoconsomm",
        "it": "autoconsum",
        "nl": "eigenverbruik|zelf verbruikt",
        "pl": "autokonsumpcj|na własne potrzeby",
        "zh-Hans": "自发自用",
    },
    r"\bschedules?\b": {
        "de": "Zeitpl[aä]n",
        "es": "programaci[oó]n",
        "fr": "programmation",
        "it": "programm",
        "nl": "schema",
        "pl": "harmonogram",
        "zh-Hans": "计划",
    },
    r"\binverters?\b": {
        "de": "Wechselrichter",
        "es": "inversor",
        "fr": "onduleur",
        "it": "inverter",
        "nl": "omvormer",
        "pl": "falownik",
        "zh-Hans": "逆变器",
    },
}
# How a person is not addressed in Home Assistant
_WRONG_ADDRESS = {
    "de": r"(?<=[a-zäöüß,] )(?:Sie|Ihre?[nmrs]?|Ihnen)\b",
    "es": r"\b[Uu]sted(?:es)?\b",
    "fr": r"\b(?:tu|ton|tes|toi)\b",
    "it": r"\bLei\b",
    "nl": r"(?<!\()\b[Uu]w?\b",
    "pl": r"\b(?:Pan|Pani|Państwo|Państwa)\b",
    "zh-Hans": "你",
}


@cache
def frontend(language: str) -> Flat:
    """Return Home Assistant's own words on its settings pages."""
    folder = hass_frontend.where() / "static" / "translations" / "config"
    found: Flat = {}
    for path in folder.glob(f"{language}-*.json"):
        # The names of en and en-GB begin alike
        if re.fullmatch(rf"{language}-[\da-f]{{32}}", path.stem):
            found |= json.loads(path.read_text("utf-8"))
    return found


def named(english: Flat) -> Iterator[tuple[str, str, list[str]]]:
    """Yield texts that name something, the name, and the keys that bear it."""
    for before, where in _NAMED.items():
        keys: dict[str, list[str]] = {}
        for key, name in english.items():
            if re.fullmatch(where, key) and name[0].isupper() and "{" not in name:
                keys.setdefault(name, []).append(key)
        if not keys:
            continue
        names = "|".join(map(re.escape, sorted(keys, key=len, reverse=True)))
        pattern = re.compile(rf"{before} \*?({names})\b")
        for key, text in english.items():
            for match in pattern.finditer(text):
                yield key, match[1], keys[match[1]]


def other_names(english: Flat, other: Flat) -> list[str]:
    """Return texts that name an entity, action or field otherwise than itself."""
    return [
        f"{key}: {name}"
        for key, name, keys in named(english)
        if not any(other[where].lower() in other[key].lower() for where in keys)
    ]


def other_buttons(english: Flat, other: Flat, language: str) -> list[str]:
    """Return texts that name one of Home Assistant's buttons otherwise than it does."""
    return [
        f"{key}: {label}"
        for key, text in english.items()
        for match in _BUTTON.finditer(text)
        for label in match.groups()
        if label and frontend(language)[_FRONTEND[label]] not in other[key]
    ]


def other_terms(english: Flat, other: Flat, language: str) -> list[str]:
    """Return texts that have another word for what all integrations have."""
    return [
        f"{key}: {other[key]}"
        for term, words in _TERMS.items()
        for key, text in english.items()
        if re.search(term, text, re.IGNORECASE)
        and not re.search(words[language], other[key], re.IGNORECASE)
    ]


def other_facts(english: Flat, other: Flat) -> list[str]:
    """Return texts with other numbers, units, links or paragraphs than in English."""
    faults = []
    for key, text in english.items():
        faults += [
            f"{key}: {other[key]}"
            for found in (_NUMBER, _UNIT)
            if set(found.findall(text)) != set(found.findall(other[key]))
        ]
        faults += [
            f"{key}: {mark!r}"
            for mark in _MARKS
            if text.count(mark) != other[key].count(mark)
        ]
        # A sentence stays one
        if len(text) > 24 and (text[-1] in ".?") != (other[key][-1] in ".?。？"):
            faults.append(f"{key} ends otherwise")
    return faults


def wrong_type(other: Flat, language: str) -> list[str]:
    """Return texts with another language's quotation marks, spaces or commas."""
    quotes = _QUOTES[language]
    foreign = set('„“”«»‚‘"') - set(quotes)
    percent = r"[\d}]%" if language in _SPACED_PERCENT else r"[\d}][ \u00a0]%"
    rules = [percent, "  ", rf"[{''.join(foreign)}]"]
    rules += [_WRONG_TYPE[language]] if language in _WRONG_TYPE else []
    pattern = re.compile("|".join(rules))
    return [
        f"{key}: {text}"
        for key, text in other.items()
        # Code and addresses follow their own rules
        if pattern.search(re.sub(r"`[^`]*`|(?<=\])\([^)]*\)", "`", text))
        or text.count(quotes[0]) != text.count(quotes[1])
    ]


def wrong_address(other: Flat, language: str) -> list[str]:
    """Return texts that speak to a person as Home Assistant does not."""
    pattern = re.compile(_WRONG_ADDRESS[language])
    return [f"{key}: {text}" for key, text in other.items() if pattern.search(text)]
