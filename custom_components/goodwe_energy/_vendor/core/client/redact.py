"""Keeps secrets out of logs, exceptions, URLs and diagnostics."""

from collections.abc import Mapping
from itertools import count
import json
import re
from typing import Any

_REDACTED, _EMAIL = "**redacted**", "**email**"
# Shorter values would make ordinary text unreadable
_SHORTEST = 4
_IDENTIFIER = re.compile(r"(?=.*[0-9@])[\w:.@+-]+|[0-9a-f:-]+", re.IGNORECASE)
_NAME = r"""
    [\w-]{0,40}?
    (?: passw(?:or)?d | passphrase | secret | token | authorization | cookie
      | e-?mail | api[_-]?key | user[_-]?name | check[_-]?code )
    [\w-]{0,40}
  | sign | signature | pwd | app[_-]?id | client[_-]?id | jwt | phone | mobile
  | latitude | longitude
"""
_SECRET_NAME = re.compile(_NAME, re.IGNORECASE | re.VERBOSE)
# A name that tells a secret with its value: JSON, also escaped or percent-encoded,
# query, header or `name: value`. LABEL is what may stand for a part of the value.
_PAIR = rf"""
    (?P<name> (?<![a-z0-9_]) (?:{_NAME}) (?!\w)
      (?: \\*["'] | %22 )? \s* (?: [:=] | %3[ad] ) \s* )
    (?: (?:bearer|basic|digest|token) \s+ )?
    (?: (?P<quote> \\*["'] ) (?P<quoted> (?: \\. | [^\\] ){{0,4000}}? ) (?P=quote)
      | (?P<group> [\[{{] [^\]}}]* [\]}}]? )
      | (?P<bare> \\*["']? (?: LABEL | [^\s&,;\]}})"'<>\\] | \\(?!["']) )+ ) )
"""
_ADDRESS = (
    r"((?<![\w.%+-]))(?:LABEL|[\w.%+-]){1,64}?(?:@|%40)"
    r"(?:LABEL|[\w-])+(?:\.(?:LABEL|[\w-])+)+"
)
# Credentials that are known by their looks; group 1 stays
_LOOKS = (
    (r"(\b(?:set-)?cookie:[^\S\r\n]*)(?![\s\"'])[^\r\n]+", _REDACTED),
    (r"(\bbearer\s+)(?:LABEL|[\w.~+/=-])+", _REDACTED),
    (r"(\b(?:basic|digest)\s+)(?:LABEL|[\w.~+/=-]){12,}", _REDACTED),
    (r"(://)(?:LABEL|[^\s/@\"']){1,200}(?=@)", _REDACTED),
    (r"(\b)eyj(?:LABEL|[\w.-]){10,}", _REDACTED),
    (_ADDRESS, _EMAIL),
)


class Redactor:
    """Replaces the secrets it was told and whatever looks like one.

    Registered values are found plain, percent-encoded and escaped as in JSON;
    serials and hexadecimal ones in upper and lower case. Applying it twice changes
    nothing more.
    """

    def __init__(self) -> None:
        """Know no value yet; the patterns work already."""
        self._labels: dict[str, str] = {}
        # Made when a text comes: an account adds dozens of values in a row
        self._made: _Patterns | None = None

    def add(self, value: str | None, label: str, *, keep: int | None = None) -> None:
        """Show `value` as `label` from now on: `system 1` gives `**system 1**`.

        Values below four characters are ignored, and so is a second label for one.
        `keep`, for secrets that end soon, is how many with this label are known at
        most: the oldest one is forgotten, so that a session an hour costs nothing.
        """
        value, shown = (value or "").strip(), f"**{label.strip('*')}**"
        if len(value) < _SHORTEST or value in self._labels:
            return
        if keep is not None:
            old = [known for known, label in self._labels.items() if label == shown]
            for known in old[: max(len(old) + 1 - keep, 0)]:
                del self._labels[known]
        self._labels[value] = shown
        self._made = None

    def number(self, value: str | None, kind: str) -> None:
        """Show `value` as a `kind` with a number that no other value has.

        The number stands for `{}`: `system {}` gives `**system 2**`. A value keeps its
        number also where others come before it later.
        """
        taken = set(self._labels.values())
        numbers = (kind.format(number) for number in count(1))
        self.add(value, next(it for it in numbers if f"**{it}**" not in taken))

    def text(self, value: str) -> str:
        """Return `value` without secrets."""
        return self._patterns.text(value)

    def data(self, value: Any) -> Any:
        """Return a copy of plain data without secrets.

        Mappings, lists and tuples keep their shape. What stands under a name that
        tells a secret is replaced whole, unless there is nothing. What is not plain
        data becomes its redacted text.
        """
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Mapping):
            result: dict[Any, Any] = {}
            for name, item in value.items():
                key = self.data(name)
                while key in result:  # two secrets may have one label
                    key = f"{key}'"
                secret = isinstance(name, str) and _SECRET_NAME.fullmatch(name)
                result[key] = self._hide(item) if secret else self.data(item)
            return result
        if isinstance(value, list):
            return [self.data(item) for item in value]
        if isinstance(value, tuple):
            return tuple(self.data(item) for item in value)
        plain = str(value)
        shown = self.text(plain)
        return value if isinstance(value, int | float) and shown == plain else shown

    def _hide(self, value: Any) -> Any:
        if value is None or value == "":
            return value
        patterns = self._patterns
        shown = patterns.text(value) if isinstance(value, str) else None
        return shown if shown in patterns.shown else _REDACTED

    @property
    def _patterns(self) -> _Patterns:
        if self._made is None:
            self._made = _Patterns(self._labels)
        return self._made


class _Patterns:
    """What finds the values that were registered, and all that looks like a secret."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.shown = {_REDACTED, _EMAIL, *labels.values()}
        label = "|".join(map(re.escape, sorted(self.shown, key=len, reverse=True)))
        # Longest first: a value that contains another one goes as a whole
        self._values = sorted(labels.items(), key=lambda item: -len(item[0]))
        values = (f"|(?P<v{i}>{_spelt(v)})" for i, (v, _) in enumerate(self._values))
        self._known = re.compile(label + "".join(values))

        def compiled(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
            return re.compile(pattern.replace("LABEL", label), re.IGNORECASE | flags)

        self._pair = compiled(_PAIR, re.VERBOSE | re.DOTALL)
        self._looks = [(compiled(pattern), shown) for pattern, shown in _LOOKS]

    def text(self, value: str) -> str:
        value = self._known.sub(self._known_label, value)
        value = self._pair.sub(self._hide_value, value)
        for pattern, shown in self._looks:
            value = pattern.sub(rf"\1{shown}", value)
        return value

    def _known_label(self, match: re.Match[str]) -> str:
        group = match.lastgroup  # none: it is a label already
        return match[0] if group is None else self._values[int(group[1:])][1]

    def _hide_value(self, match: re.Match[str]) -> str:
        quote = match["quote"] or ""
        value = next(filter(None, match.group("quoted", "group", "bare")), "")
        if value in self.shown or value in {"", "null", "None"}:
            return match[0]
        return f"{match['name']}{quote}{_REDACTED}{quote}"


def _spelt(value: str) -> str:
    """Return a pattern for all spellings of a registered value."""
    pattern = "".join(map(_spelt_character, value))
    return f"(?i:{pattern})" if _IDENTIFIER.fullmatch(value) else pattern


def _spelt_character(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    spellings = {char, json.dumps(char)[1:-1], repr(char)[1:-1]}
    if char == " ":
        spellings.add("+")
    # Escaped and encoded once or more often; bounded, so that it cannot take long
    plain = "|".join(
        r"\\{1,8}".join(map(re.escape, spelling.split("\\")))
        for spelling in sorted(spellings, key=len, reverse=True)
    )
    octets = "".join(f"%(?:25)*{byte:02x}" for byte in char.encode("utf-8", "replace"))
    return rf"(?:\\{{0,8}}(?:{plain})|(?i:{octets}))"
