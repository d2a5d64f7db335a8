"""Rows of the lists of plants, devices and faults as entries (3.1, 3.2, 3.3, 3.7)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
import re
from typing import Any, Literal, cast

from . import enums
from ._vendor.core.client.decode import flag, integer, mapping, number, text
from ._vendor.core.client.plain import blank, plain
from ._vendor.core.ha.zones import offset, stamp
from .points import HOME_MANAGER_TYPE, TABLES
from .rated import rated_power
from .readings import DeviceEntry, Fault, FaultState, PlantEntry, Tariff
from .values import glyphs

type Row = Mapping[str, Any]
type ZoneOf = Callable[[str | None], tzinfo]

# The plant itself, its grid point and its units are no devices of their own (8.1).
_VIRTUAL = frozenset({3, 11, 17})
# Their names are often that of the type; the model says more.
_INVERTERS = frozenset({1, 14, 55})
_GENERIC = re.compile(
    r"(energy storage system|(micro|hybrid |string |storage )?inverter)[ _#-]*\d*",
    re.IGNORECASE,
)
_HOME_MANAGER = re.compile(r"i\s?home\s?manager", re.IGNORECASE)
_MANUFACTURER = "Sungrow"
# Kilograms by what the cloud says them in; it takes another unit when they are many
_KILOGRAMS = {"g": 0.001, "kg": 1.0, "t": 1000.0}
_DIGITS = 6
# Amounts that only the login's list of plants has, as ``{unit, value}``
_EXTRAS = {
    "today_income": "income_today",
    "year_income": "income_year",
    "total_income": "income_total",
    "co2_reduce": "co2_today",
    "co2_reduce_total": "co2_total",
}
_MOST = 2**32
_OVER = frozenset({"resolved", "closed"})
_OLDEST = datetime.min.replace(tzinfo=UTC)


def identity(raw: object) -> str | None:
    """Return an id or a serial; None for the spellings of nothing."""
    return None if blank(raw) else text(raw)


def _whole(raw: object) -> int | None:
    """Return a count, a type or a code, none of which is negative."""
    return integer(raw, low=0, high=_MOST)


def plant(row: Row, detail: Row) -> PlantEntry | None:
    """Return a plant of its list row and its detail; None without an id."""
    if (plant_id := identity(row.get("ps_id"))) is None:
        return None
    both = {
        key: value
        for part in (detail, row)
        for key, value in part.items()
        if not blank(value)
    }
    return PlantEntry(
        plant_id=plant_id,
        name=identity(both.get("ps_name")) or plant_id,
        plant_type=enums.slug("plant_type", both.get("ps_type")),
        online=flag(both.get("online_status")),
        fault=_fault_state("plant_fault", both.get("ps_fault_status")),
        fault_count=_whole(both.get("fault_count")),
        alarm_count=_whole(both.get("alarm_count")),
        offset=offset(both.get("ps_current_time_zone")),
        installed_power=number(both.get("install_power"), low=0.0),
        tariff=Tariff(
            currency=_currency(both),
            consumption=number(both.get("ps_consumption_power_price_kwh"), low=0.0),
            feed_in=number(both.get("ps_feedin_power_price_kwh"), low=0.0),
        ),
        connect_type=enums.slug("connect_type", both.get("connect_type")),
        build_status=enums.slug("build_status", both.get("build_status")),
        valid_flag=enums.slug("valid_flag", both.get("valid_flag")),
        extras=_extras(row),
    )


def _currency(row: Row) -> str | None:
    return plain(row.get("power_price_unit")) or plain(
        row.get("param_income_unit_name")
    )


def _extras(row: Row) -> dict[str, tuple[float, str | None]]:
    found: dict[str, tuple[float, str | None]] = {}
    for name, key in _EXTRAS.items():
        amount = mapping(row.get(name))
        value, unit = number(amount.get("value")), glyphs(amount.get("unit"))
        if value is None or (unit is None and not blank(amount.get("unit"))):
            continue  # of a unit that cannot be read nobody knows how large it is
        if key.startswith("co2_"):
            if (factor := _KILOGRAMS.get((unit or "").lower())) is None:
                continue
            value, unit = round(value * factor, _DIGITS), "kg"
        found[key] = value, unit
    return found


def _fault_state(codes: str, raw: object) -> FaultState | None:
    found = enums.slug(codes, raw)
    return cast(Literal["normal", "alarm", "fault"], found) if found else None


def fault_of_device(raw: object) -> FaultState | None:
    """Return what ``dev_fault_status`` says."""
    return _fault_state("device_fault", raw)


def devices(rows: Iterable[Row]) -> dict[str, DeviceEntry]:
    """Return the real devices by identifier.

    That is the serial, for the second one of the same serial its ``ps_key``.
    """
    found: dict[str, DeviceEntry] = {}
    for row in sorted(rows, key=lambda row: identity(row.get("ps_key")) or ""):
        serial, ps_key = identity(row.get("device_sn")), identity(row.get("ps_key"))
        if ps_key is None:
            continue
        identifier = serial if serial and serial not in found else ps_key
        if (entry := _device(row, ps_key, serial, identifier)) is not None:
            found[identifier] = entry
    return found


def _device(
    row: Row, ps_key: str, serial: str | None, identifier: str
) -> DeviceEntry | None:
    parts = ps_key.split("_")
    plant_id = identity(row.get("ps_id")) or parts[0]
    kind = _whole(row.get("device_type"))
    if kind is None:
        kind = _whole(parts[1]) if len(parts) > 1 else None
    if kind is None or kind in _VIRTUAL:
        return None
    model = plain(row.get("device_model_code"))
    name = plain(row.get("device_name"))
    if kind not in TABLES and any(
        _HOME_MANAGER.search(one or "") for one in (model, name)
    ):
        kind = HOME_MANAGER_TYPE
    if model and (name is None or (kind in _INVERTERS and _GENERIC.fullmatch(name))):
        name = model
    return DeviceEntry(
        uuid=identity(row.get("uuid")) or ps_key,
        ps_key=ps_key,
        plant_id=plant_id,
        type=kind,
        identifier=identifier,
        serial=serial,
        name=name,
        model=model,
        model_id=identity(row.get("device_model_id")),
        online=flag(row.get("dev_status")),
        fault=fault_of_device(row.get("dev_fault_status")),
        versions={
            str(part).removesuffix("_version"): version
            for part, raw in mapping(row.get("firmware_version_info")).items()
            if (version := plain(raw)) is not None
        },
        logger=identity(row.get("communication_dev_sn")),
        rated_power=rated_power(model) if kind in _INVERTERS else None,
        manufacturer=plain(row.get("factory_name")) or _MANUFACTURER,
    )


def faults(rows: Iterable[Row], zone_of: ZoneOf) -> tuple[Fault, ...]:
    """Return the open faults, newest first; the same one once."""
    found: dict[str, Fault] = {}
    for row in rows:
        if enums.slug("fault_process", row.get("process_status")) in _OVER:
            continue
        fault = _fault(row, zone_of)
        found.setdefault(fault.fault_id, fault)
    return tuple(
        sorted(found.values(), key=lambda one: one.started or _OLDEST, reverse=True)
    )


def _fault(row: Row, zone_of: ZoneOf) -> Fault:
    code = _whole(row.get("fault_type_code"))
    plant_id, ps_key = identity(row.get("ps_id")), identity(row.get("ps_key"))
    started = row.get("create_time")
    return Fault(
        fault_id=plain(row.get("fault_code")) or f"{ps_key}/{code}/{plain(started)}",
        code=code,
        name=None if code is None else enums.FAULTS.get(code),
        kind=enums.slug("fault_kind", row.get("fault_type")),
        level=enums.slug("fault_level", row.get("fault_level")),
        started=stamp(started, zone_of(plant_id)),
        plant_id=plant_id,
        ps_key=ps_key,
        device_type=_whole(row.get("device_type")),
    )
