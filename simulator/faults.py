"""The switchboard of what can go wrong on the wire."""

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import count
from typing import Any, Final

MISSING: Final = object()
"""As a mutation's value: the key is taken out."""


class FaultKind(StrEnum):
    """What happens to a request; see `Fault` for the options of each."""

    STATUS = "status"
    """Answer `status` (with `retry_after` seconds, if given) without the handler."""
    HTML = "html"
    """A gateway's HTML page with `status` (200 unless given)."""
    DRIP = "drip"
    """Headers, then one byte every `seconds` without end."""
    HUGE = "huge"
    """A body of `size` bytes."""
    GZIP_BOMB = "gzip_bomb"
    """A compressed body that unpacks to `size` bytes."""
    REDIRECT = "redirect"
    """302 to `location`, or to itself if there is none."""
    RESET = "reset"
    """The connection is reset before the handler has seen the request."""
    LOST = "lost"
    """The handler takes effect, then the connection is reset."""
    DELAY = "delay"
    """The handler begins `seconds` later, by the real clock of the event loop."""
    VENDOR_ERROR = "vendor_error"
    """The vendor's own error answer with `code` and, if given, `message`."""
    REPLACE = "replace"
    """`body` with status 200 (or `status`) instead of the answer; handler runs."""
    MUTATE = "mutate"
    """`field` (path as in `data.ppvDetail.ppv1`, `data.0.soc`, `data.*.ppv`) of the
    JSON answer becomes `value`, or goes away if `value` is `MISSING`."""
    CLOCK_SKEW = "clock_skew"
    """The server's clock is `seconds` ahead (negative: behind)."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One rule. It applies to requests whose endpoint and system match."""

    kind: FaultKind
    endpoint: str = "*"
    """Glob on the endpoint's name, as the counters show it."""
    system: str | None = None
    """Only requests about this system."""
    count: int | None = None
    """How many requests it still hits; None is until it is removed."""
    status: int | None = None
    retry_after: float | str | None = None
    seconds: float = 1.0
    size: int = 64 * 1024 * 1024
    location: str | None = None
    code: int = 0
    message: str | None = None
    body: str = ""
    content_type: str = "application/json"
    field: str = ""
    value: Any = None
    number: int = 0
    """Set by the switchboard, to remove it by."""

    def matches(self, endpoint: str, system: str | None) -> bool:
        """Return whether a request is one that this rule is for."""
        return (
            self.count != 0
            and fnmatchcase(endpoint, self.endpoint)
            and self.system in {None, system}
        )


class Faults:
    """All rules of one simulator, in the order in which they were added."""

    def __init__(self) -> None:
        """Begin with a wire that works."""
        self._rules: list[Fault] = []
        self._numbers = count(1)

    def add(
        self,
        kind: FaultKind | str,
        endpoint: str = "*",
        count: int | None = None,
        **options: Any,
    ) -> Fault:
        """Switch a fault on; options are the other fields of `Fault`.

        Raises ValueError for an unknown kind and TypeError for an unknown option.
        """
        fault = Fault(kind=FaultKind(kind), endpoint=endpoint, count=count, **options)
        fault.number = next(self._numbers)
        self._rules.append(fault)
        return fault

    def remove(self, number: int) -> bool:
        """Switch one off; False if there is none of that number."""
        before = len(self._rules)
        self._rules = [rule for rule in self._rules if rule.number != number]
        return len(self._rules) < before

    def clear(self) -> None:
        """Switch all of them off."""
        self._rules.clear()

    @property
    def active(self) -> tuple[Fault, ...]:
        """Rules that may still hit a request."""
        return tuple(rule for rule in self._rules if rule.count != 0)

    def take(self, endpoint: str, system: str | None) -> list[Fault]:
        """Return the rules that hit this request and count it."""
        hits = [rule for rule in self._rules if rule.matches(endpoint, system)]
        for rule in hits:
            if rule.count is not None:
                rule.count -= 1
        return hits


def mutate(document: Any, path: str, value: Any) -> None:
    """Put `value` at a path into a JSON document, in place.

    A path that does not exist in the document is left alone, except that the last
    key may be new. `*` stands for every item of a list or object.
    """
    keys = path.split(".")
    targets = [document]
    for key in keys[:-1]:
        targets = [child for target in targets for child in _children(target, key)]
    last = keys[-1]
    for target in targets:
        match target:
            case dict():
                for key in list(target) if last == "*" else [last]:
                    if value is MISSING:
                        target.pop(key, None)
                    else:
                        target[key] = value
            case list() if last == "*" or last.isdigit():
                indexes = range(len(target)) if last == "*" else [int(last)]
                for index in reversed([i for i in indexes if i < len(target)]):
                    if value is MISSING:
                        del target[index]
                    else:
                        target[index] = value
            case _:
                pass


def _children(target: Any, key: str) -> list[Any]:
    match target:
        case dict():
            if key == "*":
                return list(target.values())
            return [target[key]] if key in target else []
        case list():
            if key == "*":
                return target
            return (
                [target[int(key)]] if key.isdigit() and int(key) < len(target) else []
            )
        case _:
            return []
