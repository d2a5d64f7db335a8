"""Invented values in the place of what a download has pseudonyms for."""

from collections import Counter
from collections.abc import Callable, Mapping
import re
from typing import Any

type Form = Callable[[int], str]
"""Makes the n-th value (from 1) of a kind, in the vendor's own form."""

_LABEL = re.compile(r"\*\*([^*]+)\*\*")
_NUMBER = re.compile(r" \d+\b")


def invented(value: Any, forms: Mapping[str, Form]) -> Any:
    """Return a copy in which each pseudonym is one value of its kind, everywhere.

    A kind is the pseudonym without its numbers: `charger of system` for
    `**charger 2 of system 1**`. One that has no form becomes a text of its own.
    """
    values: dict[str, str] = {}
    counts: Counter[str] = Counter()

    def value_of(match: re.Match[str]) -> str:
        label = match[1]
        if label not in values:
            kind = _NUMBER.sub("", label)
            counts[kind] += 1
            form = forms.get(kind)
            values[label] = label.title() if form is None else form(counts[kind])
        return values[label]

    def copy(item: Any) -> Any:
        if isinstance(item, str):
            return _LABEL.sub(value_of, item)
        if isinstance(item, Mapping):
            return {copy(name): copy(each) for name, each in item.items()}
        if isinstance(item, list):
            return [copy(each) for each in item]
        return item

    return copy(value)
