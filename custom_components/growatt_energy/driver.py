"""Growatt in the words of the bundle: the one place that converts names, units, signs.

Which names give which value is said in ``tables``. What is odd becomes None; only an
answer that is not of the expected shape at all raises ``BadDataError``.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import inventory_wire as wire_lists, plant_wire
from ._vendor.core.client.decode import integer, mapping, mappings
from ._vendor.core.client.errors import BadDataError
from .families import Family
from .readings import (
    Alarm,
    Alarms,
    Devices,
    Live,
    PlantReading,
    Plants,
    Reading,
    Signal,
    Value,
)
from .resolve import Kind, ServerTime, Wire, quantity, serial, words
from .tables.families import TABLES
from .tables.fields import Table, Values, read

# Of these at least one is above zero where the grid is measured (section 9.9)
_GRID = (
    "import_energy_total",
    "export_energy_total",
    "load_energy_total",
    "import_energy_today",
    "export_energy_today",
    "grid_import_power",
    "grid_export_power",
)
_MADE = ("output_energy_total", "solar_energy_total")
_SERIALS = ("serialNum", "deviceSn")


def live(
    raw: Any, received_at: datetime, family: Family, server: ServerTime | None = None
) -> Live:
    """Decode the newest records of devices of one family, by serial.

    ``server`` learns the zone of the server's text times; without one it is learned
    from these records alone. Raises ``BadDataError`` if ``raw`` is no object.
    """
    if not isinstance(raw, Mapping):
        raise BadDataError("the records are missing")
    server = server or ServerTime()
    records = {
        str(key): record for key, record in raw.items() if isinstance(record, Mapping)
    }
    server.learn(records.values())
    return Live(
        observed_at=received_at,
        devices={
            key: found
            for key, record in records.items()
            if (found := reading(record, key, received_at, family, server)) is not None
        },
    )


def reading(
    record: Wire, key: str, received_at: datetime, family: Family, server: ServerTime
) -> Reading | None:
    """Decode one record; None if it says nothing, or is that of another device."""
    named = next(
        (found for name in _SERIALS if (found := serial(record.get(name)))), None
    )
    if named is not None and family is not Family.METER and named != key:
        return None
    observed_at = server.instant(record, received_at)
    if named is None and not _timed(record) and not _has_parts(record, family):
        return None  # Q11: all zeros, as the device sleeps
    table = TABLES[family]
    values = read(table.fields, record)
    batteries = table.batteries(record, values)
    _drop_phantoms(values, batteries)
    for derive in table.derived:
        derive(values)
    if not batteries:
        _drop_phantoms(values, ())
    values = {
        name: value
        for name, value in values.items()
        if value is not None and not name.startswith("_")
    }
    if not values:
        return None
    return Reading(
        observed_at=observed_at,
        family=family,
        values=values,
        batteries=batteries,
        has_meter=_has_meter(values, table),
        recorded_at=server.recorded(record, received_at),
    )


def _timed(record: Wire) -> bool:
    """Tell whether a record has a time, of whatever sense."""
    return any(
        isinstance(value := record.get(name), int | float)
        or isinstance(value, Mapping)
        or words(value) is not None
        for name in ("time", "timeStr", "calendar", "lastUpdateTime", "utcTime")
    )


def _has_parts(record: Wire, family: Family) -> bool:
    """Tell whether there is something to read in a record that carries no time."""
    return family is Family.METER or any(
        isinstance(part, Mapping) and part for part in record.values()
    )


def _drop_phantoms(values: Values, batteries: tuple[int, ...]) -> None:
    """Forget what is said of batteries that are not there (Q10)."""
    for name in [name for name in values if name.startswith("battery_")]:
        number = name.split("_")[1]
        if not batteries or (number.isdigit() and int(number) not in batteries):
            del values[name]


def _has_meter(values: Mapping[str, Value], table: Table) -> bool | None:
    """Tell whether the grid is measured; None until something was produced."""
    if not table.grid:
        return None
    told = [value for key in _GRID if (value := values.get(key)) is not None]
    if any(told):
        return True
    made = any(values.get(key) for key in _MADE)
    return False if told and made else None


def plants(raw: Any, received_at: datetime) -> Plants:
    """Decode the plants of the account. Raises ``BadDataError`` if it is no list."""
    if not isinstance(raw, list):
        raise BadDataError("the list of plants is missing")
    found = map(wire_lists.plant, mappings(raw))
    return Plants(
        observed_at=received_at,
        plants={one.plant_id: one for one in found if one is not None},
    )


def devices(raw: Any, received_at: datetime) -> Devices:
    """Decode devices and loggers of a plant. Raises ``BadDataError`` without a list."""
    document = mapping(raw)
    if "list" not in document:
        raise BadDataError("the list of devices is missing")
    found, unserved = wire_lists.devices(document)
    return Devices(
        observed_at=received_at,
        devices=found,
        loggers=wire_lists.loggers(document),
        unserved=unserved,
    )


def plant(raw: Any, received_at: datetime) -> PlantReading:
    """Decode the vendor's sums of a plant."""
    return plant_wire.plant(mapping(raw), received_at)


def alarms(raw: Any, received_at: datetime) -> Alarms:
    """Decode the alarms of a device."""
    return Alarms(
        observed_at=received_at,
        alarms=tuple(
            Alarm(
                code=integer(item.get("alarm_code"), low=0),
                message=words(item.get("alarm_message")),
                started=words(item.get("start_time")),
                ended=words(item.get("end_time")),
            )
            for item in mappings(raw)
        ),
    )


def signal(raw: Any, received_at: datetime) -> Signal:
    """Decode the signal of a datalogger."""
    return Signal(
        observed_at=received_at, dbm=quantity(mapping(raw).get("dbm"), Kind.DBM)
    )
