"""Counters of SEMS+ that never step back (reference section 10.1).

Around midnight the cloud goes on telling the day before, or stands still: of what was
read from 23:58 to 00:20, in the station's time, no counter of a period is believed.
"""

from collections.abc import Mapping
from datetime import datetime, time

from ._vendor.core.client.decode import number
from ._vendor.core.ha import guarded as guard
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.rising import valid
from .readings import DeviceEntry, DeviceLive, Value
from .tables import TABLES, Span

_FROM, _UNTIL = time(23, 58), time(0, 20)


def holding(at: datetime) -> bool:
    """Tell whether what is read then, in the station's time, may be of another day."""
    return at.time() >= _FROM or at.time() < _UNTIL


def counted(
    account: Account,
    owner: str,
    values: Mapping[str, Value],
    at: datetime,
    spans: Mapping[str, Span],
    *,
    watts: float = 0.0,
) -> dict[str, Value]:
    """Return counters that only rise, each of the keys of ``spans`` that ever was.

    Args:
        account: remembers them, as ``<owner>/<key>``
        owner: serial of the device, or id of the station
        values: what was read, kWh by key
        at: when it was read, aware, in the station's zone
        spans: what each counter counts
        watts: the most power that the owner is known to have

    What was not read is what it was before.
    """
    held = holding(at)
    found: dict[str, Value] = {}
    wanted: dict[str, Value] = {}
    for key, span in spans.items():
        name = f"{owner}/{key}"
        if held and span != "total":
            found[key] = valid(account.counters.get(name)).get("value")
        elif name in account.counters or values.get(key) is not None:
            wanted[key] = values.get(key)
    found |= guard.guarded(account, owner, wanted, at, span=spans.get, watts=watts)
    return {key: value for key, value in found.items() if value is not None}


def device_values(
    account: Account,
    entry: DeviceEntry,
    now: datetime,
    *,
    live: DeviceLive | None = None,
    counters: DeviceLive | None = None,
    information: DeviceLive | None = None,
) -> dict[str, Value]:
    """Return all that is known of a device by the keys of section 9.

    ``now`` is aware, in the station's zone. Without counters none are shown.
    """
    found: dict[str, Value] = {**entry.values}
    if entry.status is not None and entry.cls != "charger":
        found["status"] = entry.status
    for reading in (information, live):
        if reading is not None:
            found |= reading.values
    if counters is None:
        return found
    rated = number(counters.get("rated_power")) or number(found.get("rated_power"))
    if rated is not None:
        found["rated_power"] = rated
    spans = spans_of(entry)
    found |= counted(
        account,
        entry.serial,
        counters.values,
        counters.observed_at.astimezone(now.tzinfo),
        spans,
        watts=rated or 0.0,
    )
    return found


def spans_of(entry: DeviceEntry) -> dict[str, Span]:
    """Return what the counters of a device count."""
    return {one.key: one.span for one in TABLES[entry.cls] if one.span is not None}
