"""The list of plants, which may be short or empty by mistake (reference section 10.2)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ._vendor.core.client.decode import integer, mapping, mappings
from .api.stations import station_id
from .const import MISSING_LISTS

_ROWS, _MISSING = "dataList", "missing"


def completed(
    rows: Iterable[Mapping[str, Any]], before: Any, wanted: Collection[str]
) -> dict[str, Any]:
    """Return a list that was just read, to be kept and for ``driver.plants``.

    A plant that the one ``before`` has, or that is ``wanted``, but which ``rows`` do
    not have is counted; its row stays until it is gone.
    """
    found = list(rows)
    here = set(filter(None, map(station_id, found)))
    kept = {station_id(row): row for row in mappings(mapping(before).get(_ROWS))}
    counts = mapping(mapping(before).get(_MISSING))
    missing = {
        key: (integer(counts.get(key), low=0) or 0) + 1
        for key in {*filter(None, kept), *wanted} - here
    }
    if here:
        found += [
            kept[key] for key in missing if key in kept and missing[key] < MISSING_LISTS
        ]
    return {_ROWS: found, _MISSING: missing}


def gone(raw: Any, wanted: Collection[str]) -> set[str]:
    """Return which of the ``wanted`` plants so many lists in a row were without."""
    counts = mapping(mapping(raw).get(_MISSING))
    return {
        key for key in wanted if (integer(counts.get(key), low=0) or 0) >= MISSING_LISTS
    }
