"""Checks that the pages say what to do about each message that a person can see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Any

from .links import own_path
from .markdown import prose

ELLIPSIS = "…"

_SECTIONS = (
    ("config", "error"),
    ("config", "abort"),
    ("options", "error"),
    ("options", "abort"),
    ("exceptions",),
    ("issues",),
)
# Of an issue the repair shows the text itself, in the end of a flow it stands alone
_OF_ISSUES = re.compile(r"\w+\.title|.*\.abort\.\w+")
# Tells that all went well
_GOOD = re.compile(r"\.\w+_successful$")
_PLACEHOLDER = re.compile(r"\{\w+\}")
_DETAIL = re.compile(r" \(…\)$")

_CELL = re.compile(r"(?<!\\)\|")
_HEAD = ("message", "title")
_REPAIR = "Repair: "
_QUOTED = re.compile(r'"([^"]+)"')
_EMPHASIS = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")
_LEAST = 8  # letters that tell a message from others


@dataclass(frozen=True, slots=True)
class Quote:
    """What a page quotes; ``sure`` if it can be nothing but a message."""

    line: int
    text: str
    sure: bool

    def means(self, message: str) -> bool:
        """Whether it is that message, of which it may leave parts out."""
        if len(self.text.replace(ELLIPSIS, "").strip()) < _LEAST:
            return False
        parts = [re.escape(part.strip()) for part in self.text.split(ELLIPSIS)]
        # A sentence may stand for itself and all that follows it
        rest = r"(?: .*)?" if self.text.endswith(".") else ""
        return re.fullmatch(r"\s*.*\s*".join(parts) + rest, message.strip()) is not None


def messages(english: Mapping[str, Any]) -> dict[str, str]:
    """Returns errors, ends of flows, exceptions and titles of issues by their key.

    Placeholders are ``…``; what the vendor said, in brackets at the end, is left out.
    """
    found: dict[str, str] = {}
    for section in _SECTIONS:
        tree: Any = english
        for name in section:
            tree = tree.get(name, {})
        for key, text in _texts(tree):
            if section != ("issues",) or _OF_ISSUES.fullmatch(key):
                said = _DETAIL.sub("", _PLACEHOLDER.sub(ELLIPSIS, text))
                found[".".join((*section, key))] = said
    return found


def _texts(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, str):
            yield above + key, value
        else:
            yield from _texts(value, f"{above}{key}.")


def quotes(page: str) -> Iterator[Quote]:
    """Yields what is quoted in the tables whose first column is of messages."""
    of_messages = False
    for number, line in prose(page):
        if not line.startswith("|"):
            of_messages = False
            continue
        first, *others = [cell.strip() for cell in _CELL.split(line)[1:-1]]
        if first.startswith(_HEAD):
            of_messages = True
        elif of_messages:
            for one in first.split("<br>"):
                yield from _quoted(number, one)
            for cell in others:
                for found in (*_QUOTED.findall(cell), *_EMPHASIS.findall(cell)):
                    yield Quote(number, found, sure=False)


def _quoted(line: int, one: str) -> Iterator[Quote]:
    """Yields what of a cell's part may be a message: all of it, or what it marks."""
    text = one.removeprefix(_REPAIR)
    quoted, emphasised = _QUOTED.findall(text), _EMPHASIS.findall(text)
    for found in quoted:
        yield Quote(line, found, sure=True)
    for found in emphasised:
        yield Quote(line, found, sure=text != one)
    if not quoted:
        begins = text[:1] == ELLIPSIS or text[:1].isupper()
        yield Quote(line, text.replace("*", ""), sure=begins and not emphasised)


def message_faults(root: Path) -> list[str]:
    """Returns messages that a page does not know, and those that nobody says any more."""
    faults: list[str] = []
    for manifest in sorted(root.glob("custom_components/*/manifest.json")):
        told = json.loads(manifest.read_text("utf-8")).get("documentation", "")
        path = root / (own_path(told) or "").partition("#")[0]
        if not path.is_file():
            continue  # the links tell
        english = manifest.parent / "translations" / "en.json"
        said = messages(json.loads(english.read_text("utf-8")))
        name = path.relative_to(root)
        faults += _faults(str(name), path.read_text("utf-8"), said)
    return faults


def _faults(name: str, page: str, said: Mapping[str, str]) -> Iterator[str]:
    known = list(quotes(page))
    told: set[str] = set()
    for key, message in said.items():
        if _GOOD.search(key) or message in told:
            continue
        if not any(quote.means(message) for quote in known):
            told.add(message)
            yield f"{name}: does not say what to do about {key}: {message}"
    for quote in known:
        if quote.sure and not any(map(quote.means, said.values())):
            yield f"{name}:{quote.line}: nobody says {quote.text!r}"
