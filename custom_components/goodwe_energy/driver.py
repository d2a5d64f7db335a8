"""SEMS+ in the words of the bundle: the one place that converts what it sends.

What is odd becomes None; only an answer that is not of the expected shape at all raises
``BadDataError``. Nothing else does. ``raw`` is what the client's methods return, the
``data`` of the answer.
"""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
import json
from typing import Any

from . import chargers, entries, enums
from ._vendor.core.client.decode import (
    day,
    integer,
    local_datetime,
    mapping,
    mappings,
    number,
    text,
)
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.client.plain import plain
from .readings import (
    Alarm,
    Alarms,
    ChargerLive,
    DeviceEntry,
    DeviceLive,
    Devices,
    Energy,
    Income,
    PlantEntry,
    PlantLive,
    Plants,
    Value,
)
from .signs import battery_power, grid_power
from .tables import TABLES
from .values import chosen, energy as kwh, flat, percent, watts
from .zones import epoch, local

_NODES = {
    "pThird": "third_party_pv_power",
    "pEvChar": "ev_charger_power",
    "pHeatPump": "heat_pump_power",
    "pDiesel": "generator_power",
}
ITEMS: Mapping[str, str] = {
    "proSystemTotalStats": "solar_energy",
    "proConsumStats": "consumption",
    "proPurchaseStats": "grid_import",
    "proGridStats": "grid_export",
    "proSelfConsumStats": "self_use",
    "proCharStats": "battery_charge",
    "proDischarStats": "battery_discharge",
}
_RATES = {
    "contributionRate": "self_sufficiency_today",
    "proSelfConsumRate": "self_use_rate_today",
}
_INCOMES = {
    "profitProStats": "income_today",
    "profitGridStats": "feed_in_income_today",
}
_STATUS = {0: True, 1: False}
_MOST = 2**32


def plants(raw: Any, received_at: datetime) -> Plants:
    """Decode the rows of the list of stations (3.1)."""
    rows = raw.get("dataList") if isinstance(raw, Mapping) else raw
    if not isinstance(rows, list):
        raise BadDataError("the list of stations is missing")
    found = (entries.plant(row, received_at) for row in mappings(rows))
    return Plants(
        observed_at=received_at,
        plants={one.id: one for one in found if one is not None},
    )


def info(
    raw: Any, received_at: datetime, known: PlantEntry, *, renewed: bool = True
) -> PlantEntry:
    """Return a station with what its information says (3.2); the rest is ``known``."""
    row = mapping(raw)
    if not renewed or not row:
        return known
    return entries.informed(row, known, received_at)


def devices(raw: Any, received_at: datetime) -> Devices:
    """Decode the lists of devices of one station.

    ``raw`` is ``{"status": 3.4, "page": rows of 3.5, "related": {inverter: rows of
    3.9}, "chargers": rows of its own list (3.5)}``; every part may be missing, but not all of the
    first two.
    """
    document = mapping(raw)
    page = document.get("page")
    status = mapping(document.get("status")).get("deviceDetailList")
    if not isinstance(status, list) and not isinstance(page, list | Mapping):
        raise BadDataError("the list of devices is missing")
    return Devices(observed_at=received_at, devices=entries.devices(document))


def flow(
    raw: Any, received_at: datetime, zone: tzinfo, entry: PlantEntry | None = None
) -> PlantLive:
    """Decode the powers of a station, polled (3.3) or pushed (section 5).

    Without ``entry`` nothing is known of its battery and its nodes: what is sent
    counts. An empty answer is one (3.3, at night).
    """
    row = pushed(raw)
    has_battery = entry.has_battery if entry else None
    found: dict[str, Value] = {
        "pv_power": watts(row.get("pSystem")),
        "load_power": _absolute(watts(row.get("pConsum"))),
        "ac_power": watts(row.get("pAc")),
        **_both("grid", grid_power(row), "import", "export"),
    }
    if found["pv_power"] is None and has_battery is False:
        found["pv_power"] = found["ac_power"]
    if has_battery is not False:
        found |= _both("battery", battery_power(row), "discharge", "charge")
        found["battery_soc"] = percent(row.get("soc"))
    nodes = entry.flow_nodes if entry else None
    for node, key in _NODES.items():
        if nodes is None or node in nodes:
            found[key] = watts(row.get(node))
    stamp = row.get("refreshTime") or row.get("time")
    recorded = local(stamp, zone, received_at)
    values = {key: value for key, value in found.items() if value is not None}
    return PlantLive(
        observed_at=recorded or received_at,
        recorded_at=recorded,
        told=local_datetime(stamp) or recorded,
        values=values | ({"last_refresh": recorded} if recorded else {}),
        empty=not values,
    )


def pushed(raw: Any) -> Mapping[str, Any]:
    """Return the flow of a message, which may be wrapped as text (section 5)."""
    row = mapping(raw)
    for key in ("message", "msg"):
        inner = row.get(key)
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            try:
                return mapping(json.loads(inner))
            except ValueError, RecursionError:
                return {}
        if isinstance(inner, Mapping):
            return inner
    return row


def _both(
    name: str, net: float | None, plus: str, minus: str
) -> dict[str, float | None]:
    """Return a net power and its two directions, neither of which is negative."""
    return {
        f"{name}_power": net,
        f"{name}_{plus}_power": None if net is None else max(net, 0.0),
        f"{name}_{minus}_power": None if net is None else max(0.0 - net, 0.0),
    }


def _absolute(value: float | None) -> float | None:
    return None if value is None else abs(value)


def telemetry(raw: Any, received_at: datetime, entry: DeviceEntry) -> DeviceLive:
    """Decode what a device measures (3.6)."""
    return _factors(raw, received_at, entry, "the telemetry is missing")


def counters(raw: Any, received_at: datetime, entry: DeviceEntry) -> DeviceLive:
    """Decode what a device counts (3.7), with its rated power.

    Its present powers are in it too; they are left to the telemetry.
    """
    live = _factors(raw, received_at, entry, "the counters are missing")
    counted = {one.key for one in TABLES[entry.cls] if one.span is not None}
    return DeviceLive(
        observed_at=received_at,
        serial=entry.serial,
        values={
            key: value
            for key, value in live.values.items()
            if key in counted or key == "rated_power"
        },
    )


def information(raw: Any, received_at: datetime, entry: DeviceEntry) -> DeviceLive:
    """Decode what a device is (3.8): firmware, model, rated power."""
    return _factors(raw, received_at, entry, "the information is missing")


def _factors(raw: Any, at: datetime, entry: DeviceEntry, missing: str) -> DeviceLive:
    if not isinstance(raw, list | Mapping):
        raise BadDataError(missing)
    wire = flat(mappings(raw))
    return DeviceLive(
        observed_at=at,
        serial=entry.serial,
        values=chosen(TABLES[entry.cls], wire),
        model=plain(wire.get("modelType", (None, None))[0]),
    )


def charger(
    raw: Any, received_at: datetime, entry: DeviceEntry, zone: tzinfo
) -> ChargerLive:
    """Decode ``{"detail": .., "session": chargeLog, "log": rows}`` (3.14)."""
    return chargers.live(mapping(raw), received_at, entry, zone)


def statistics(raw: Any, received_at: datetime) -> Energy:
    """Decode energies by day, month or year (3.10); the summaries are not used."""
    document = mapping(raw)
    series: dict[str, dict[date, float]] = {}
    for row in mappings(document.get("dataList")):
        if (key := ITEMS.get(text(row.get("item")) or "")) is None:
            continue
        for point in mappings(row.get("statisticsList")):
            first, value = period(point.get("date")), kwh(point.get("val"))
            if first is not None and value is not None:
                series.setdefault(key, {})[first] = value
    rates = {
        key: value
        for name, key in _RATES.items()
        if (value := percent(document.get(name))) is not None
    }
    return Energy(observed_at=received_at, series=series, rates=rates)


def period(raw: object) -> date | None:
    """Return the first day of ``2026-10-12``, ``2026-10`` or ``2026``, else None."""
    name = text(raw) or ""
    if len(name) == len("2026-1") and name[4] == "-":
        name = f"{name[:5]}0{name[5:]}"
    if len(name) in (len("2026"), len("2026-10")):
        name = f"{name}-01-01"[: len("2026-10-01")]
    return day(name)


def income(raw: Any, received_at: datetime) -> Income:
    """Decode money of a day (3.11)."""
    document = mapping(raw)
    values = {
        key: value
        for name, key in _INCOMES.items()
        if (value := number(document.get(name))) is not None
    }
    return Income(
        observed_at=received_at,
        values=values,
        currency=plain(document.get("currency")),
    )


def alarm_counts(raw: Any, received_at: datetime) -> Alarms:
    """Decode how many alarms there are (3.12); ``happened`` are those of the present."""
    document = mapping(raw)
    return Alarms(
        observed_at=received_at,
        total=_count(document.get("total")),
        active_count=_count(document.get("happened")),
    )


def alarms(raw: Any, received_at: datetime, counts: Alarms | None = None) -> Alarms:
    """Decode the list of alarms (3.12), newest first; the same one once."""
    rows = raw.get("dataList") if isinstance(raw, Mapping) else raw
    if not isinstance(rows, list):
        raise BadDataError("the list of alarms is missing")
    found: dict[str, Alarm] = {}
    for row in mappings(rows):
        if (one := _alarm(row)) is not None:
            found.setdefault(one.id, one)
    return Alarms(
        observed_at=received_at,
        total=counts.total if counts else None,
        active_count=counts.active_count if counts else None,
        alarms=tuple(
            sorted(
                found.values(),
                key=lambda one: one.started.timestamp() if one.started else 0.0,
                reverse=True,
            )
        ),
    )


def _alarm(row: Mapping[str, Any]) -> Alarm | None:
    if (found := entries.identity(row.get("warningid"))) is None:
        return None
    ended = epoch(number(row.get("recoverytime")))
    status = integer(row.get("status"))
    return Alarm(
        id=found,
        code=plain(row.get("warning_code")),
        name=plain(row.get("warningNameEn")),
        level=enums.slug("alarm_level", row.get("alarmLevel")),
        active=None if status is None else _STATUS.get(status),
        serial=entries.identity(row.get("devicesn")),
        device=plain(row.get("deviceName")),
        started=epoch(number(row.get("happentime"))),
        ended=ended,
    )


def _count(raw: object) -> int | None:
    return integer(raw, low=0, high=_MOST)
