"""Keeps out of what is posted in public what vendors tell of people and places."""

from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
import re
from typing import Any

_REDACTED = "**redacted**"
_LABEL = re.compile(r"\*\*[^*]+\*\*'*")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# Shorter ones tell nobody anything
_SHORTEST = 4
# The address of a meter on its bus, or of a register
_OF_MACHINES = re.compile(r"\d{1,6}")
# Words in the names of fields whose values are of a person or a place
_PRIVATE = frozenset(
    {
        *("address", "city", "county", "locality", "location", "street", "town"),
        *("plz", "postal", "zip"),
        *("gps", "lat", "latitude", "lng", "lon", "longitude"),
        *("contact", "creator", "customer", "installer", "operator", "owner"),
        *("forename", "lastname", "surname"),
        *("cellphone", "email", "fax", "mail", "mobile", "phone", "tel", "telephone"),
        *("remark", "remarks", "bssid", "imei", "iccid", "imsi", "ssid"),
    }
)
# Private by two words, which may be written as one
_TOGETHER = frozenset(
    {
        *("accountname", "createuser", "useraccount", "username"),
        *("firstname", "fullname", "nickname"),
        *("postcode", "zipcode"),
    }
)


def without_people(
    value: Any, *, names: Collection[str] = (), private: Collection[str] = ()
) -> Any:
    """Return a copy of plain data without people and places.

    ``names`` are the fields in which people call something as they like: each such
    name becomes a pseudonym, the same one everywhere. ``private`` are fields of a
    vendor besides those that tell by their own name. What is a pseudonym already stays.
    """
    given: dict[str, str] = {}

    def called(name: str) -> str:
        return given.setdefault(name, f"**name {len(given) + 1}**")

    return _copy(value, names, private, called)


def _copy(
    value: Any,
    names: Collection[str],
    private: Collection[str],
    called: Callable[[str], str],
) -> Any:
    if isinstance(value, Mapping):
        found = {}
        for key, item in value.items():
            # Some vendors tell the name of a field beside its value
            field = str(value.get("code", key) if key == "data" else key)
            if _tells(item) and (field in private or _is_private(field, item)):
                found[key] = _REDACTED
            elif field in names and isinstance(item, str) and _tells(item):
                found[key] = called(item)
            else:
                found[key] = _copy(item, names, private, called)
        return found
    if isinstance(value, list | tuple):
        return [_copy(item, names, private, called) for item in value]
    return value


def _tells(item: Any) -> bool:
    """Return whether a value can tell who somebody is, or where."""
    if item is None or isinstance(item, bool) or item in ("", [], {}):
        return False
    text = str(item).strip()
    return len(text) >= _SHORTEST and _LABEL.fullmatch(text) is None


def _is_private(field: str, item: Any) -> bool:
    words = [word.lower() for word in _WORD.findall(field)]
    if "address" in words and _OF_MACHINES.fullmatch(str(item)):
        return False
    pairs = {"".join(pair) for pair in pairwise(words)}
    return not (_PRIVATE.isdisjoint(words) and _TOGETHER.isdisjoint(pairs.union(words)))
