"""Counters of iSolarCloud that never dip (reference sections 10.9 and 10.10).

What the server adds up itself dips by fractions of a kWh or is negative, and counters
of the day come late after midnight: a fall of a tenth is held, and nothing is believed
at once that would count a day twice.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from ._vendor.core.client.decode import number
from ._vendor.core.ha import guarded as guard
from ._vendor.core.ha.account import Account
from .points import Kind, table
from .readings import Value

# What the sun gives at most, 1500 Wh/m² in an hour, is more than any house's kWh.
_QUICKER: Mapping[Kind, float] = {Kind.IRRADIATION: 750_000.0}
_POWERS = ("pv_power", "plant_power", "active_power", "dc_power", "load_power")


def guarded(
    account: Account,
    owner: str,
    device_type: int,
    values: Mapping[str, Value],
    at: datetime,
    *,
    rated_power: float | None = None,
    said: Mapping[str, datetime] | None = None,
) -> dict[str, Value]:
    """Return the values of a device or plant with counters that only rise.

    Args:
        account: remembers the counters, as ``<owner>/<key>``
        owner: key of the plant or of the device
        device_type: whose values they are (``PLANT_TYPE`` for a plant's)
        values: by key, in kWh
        at: when the sample was made, aware, in the plant's zone
        rated_power: of the device, or all of the plant's modules, W
        said: when a counter was said, where that is not ``at``

    A counter that the record does not have is what it was before.
    """
    spans = _spans(device_type)
    missing: dict[str, Value] = {
        key: None
        for key in spans
        if key not in values and f"{owner}/{key}" in account.counters
    }
    powers = [number(values.get(key), low=0.0) or 0.0 for key in _POWERS]
    watts = max(rated_power or 0.0, *powers)
    found: dict[str, Value] = {**values, **missing}
    for key in spans.keys() & found.keys():
        counted = guard.guarded(
            account,
            owner,
            {key: found[key]},
            (said or {}).get(key, at),
            span=lambda one: spans[one][0],
            watts=max(watts, spans[key][1]),
        )
        found[key] = counted[key]
    return {key: value for key, value in found.items() if value is not None}


@cache
def _spans(device_type: int) -> Mapping[str, tuple[guard.Span, float]]:
    """Return what is counted, and the W that it can be as quick as."""
    return {
        point.key: (point.span, _QUICKER.get(point.kind, 0.0))
        for point in table(device_type)
        if point.span is not None
    }
