"""Which points are asked for together (reference sections 3.5 and 5).

A request takes 100 points and a model has only a part of what its type may have: after
the first poll those that ever had a value are asked for, and as many of the others as
there is room for, in turns.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from ._vendor.core.client.decode import mappings, text
from ._vendor.core.client.plain import blank
from .points import HOME_MANAGER_TYPE, Kind, by_id, table

MOST_POINTS = 100
# One of so many polls asks for silent points that fit in no request
EXTRA_EVERY = 12
DICTIONARY_EVERY = timedelta(hours=6).total_seconds()
# Aggregates of a meteo station without a name of their own in section 3.11
_UNNAMED: Mapping[int, range] = {5: range(2105, 2140)}


def real_type(device_type: int, ps_key: str) -> int:
    """Return the type that the server knows, also of an iHomeManager."""
    if device_type != HOME_MANAGER_TYPE:
        return device_type
    parts = ps_key.split("_")
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else device_type


class Asking:
    """The points of one device type, and what was answered so far."""

    def __init__(self, device_type: int, more: Collection[str] = ()) -> None:
        """Begin without any answer; ``more`` are points beside those of the table."""
        named = [point.id for point in table(device_type)]
        unnamed = [str(number) for number in _UNNAMED.get(device_type, ())]
        self._all = list(dict.fromkeys((*named, *unnamed, *more)))
        self._known = by_id(device_type)
        self._alive: set[str] = set()
        self._names: dict[str, dict[str, Any]] = {}
        self._turn = self._polls = 0
        self._told_at: float | None = None

    def next(self) -> list[str]:
        """Return what to ask now: everything at first."""
        if self._told_at is None:
            return list(self._all)
        alive = [point for point in self._all if point in self._alive]
        others = [point for point in self._all if point not in self._alive]
        room = -len(alive) % MOST_POINTS
        # Without room it is one more request, which is for now and then
        if not room and (not alive or self._polls % EXTRA_EVERY == 0):
            room = MOST_POINTS
        self._polls += 1
        room = min(len(others), room)
        start = self._turn % len(others) if others else 0
        self._turn += room
        return alive + list(islice(cycle(others), start, start + room))

    def wants_names(self, now: float) -> bool:
        """Tell whether the dictionary is to be asked for at this monotonic time."""
        return self._told_at is None or now - self._told_at >= DICTIONARY_EVERY

    def took(self, rows: Iterable[Any], names: Any, now: float, *, told: bool) -> None:
        """Learn from an answer; ``told`` if the dictionary was asked for."""
        if told:
            self._told_at = now
        self.name(names)
        for row in mappings(list(rows)):
            self._alive.update(
                key[1:]
                for key, value in row.items()
                if key[:1] == "p" and key[1:].isdecimal() and not blank(value)
            )

    def name(self, names: Any) -> None:
        """Keep what a dictionary says of points whose unit is not sure."""
        for row in mappings(names):
            point_id = text(row.get("point_id"))
            if point_id is None or not point_id.isdecimal():
                continue
            known = self._known.get(point_id)
            if known is None or known.kind is Kind.CHARGER_POWER:
                self._names[point_id] = {
                    key: row[key]
                    for key in (
                        "point_id",
                        "point_name",
                        "point_unit",
                        "storage_unit",
                        "show_unit",
                    )
                    if key in row
                }

    @property
    def names(self) -> list[dict[str, Any]]:
        """What is kept of the dictionary, in its shape."""
        return list(self._names.values())
