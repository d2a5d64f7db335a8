"""Requests in an order that is safe whichever way they go."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from ._vendor.core.control.driver import Step
from ._vendor.core.control.intent import Value, Values
from ._vendor.core.control.schedule import Span
from ._vendor.core.control.steps import Steps


def in_own_order(first: Sequence[Step], *ordered: Sequence[Step]) -> Steps:
    """Return what a force begins with, and requests that have an order of their own.

    As a force is ended those still go in their own order: that in which no two windows
    ever meet, for firmware refuses those that do (6.3).
    """
    own = tuple(chain(*ordered))
    return Steps((*first, *own), (*own, *reversed(first)))


def apart(
    keys: Iterable[str],
    values: Values,
    changes: Values,
    spans: Callable[[Value], Sequence[Span]],
) -> list[str]:
    """Return the keys to change in an order in which no two windows ever meet.

    ``keys`` are those of all windows, ``spans`` tells what a value of one covers. Where
    there is no such order, they go as they are.
    """
    covered = {key: spans(values.get(key)) for key in keys}
    left = [key for key in covered if key in changes]
    ordered: list[str] = []
    while left:
        fitting = (key for key in left if not _meets(key, spans(changes[key]), covered))
        key = next(fitting, left[0])
        covered[key] = spans(changes[key])
        left.remove(key)
        ordered.append(key)
    return ordered


def _meets(
    key: str, wanted: Sequence[Span], covered: dict[str, Sequence[Span]]
) -> bool:
    return any(
        span.overlaps(other)
        for name, spans in covered.items()
        if name != key
        for span in wanted
        for other in spans
    )
