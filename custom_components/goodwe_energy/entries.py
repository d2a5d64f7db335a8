"""Rows of the lists of stations and devices as entries (3.1, 3.2, 3.4, 3.5, 3.9)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from . import enums
from ._vendor.core.client.decode import local_datetime, mapping, mappings, number, text
from ._vendor.core.client.plain import blank, plain
from ._vendor.core.ha.zones import offset
from .api.stations import station_id
from .readings import DeviceEntry, PlantEntry
from .tables import CLASSES, TABLES
from .values import chosen, code, energy

type Row = Mapping[str, Any]

_ON_GRID = {"1": True, "0": False}
# The counters of a list row (3.1); those of the day are of the statistics.
_LISTED = {
    "productionTotal": "solar_energy_total",
    "proCharStatsTotal": "battery_charge_total",
    "proDischarStatsTotal": "battery_discharge_total",
}
_BATTERY_NODES = frozenset({"pBat", "soc"})
_ALL_IN_ONE = "ENERGY_STORAGE_INTEGRATED_CABINET"
_MANUFACTURERS = {"goodwe": "GoodWe"}
_TELLING_NAMES = {
    "inverter": "Inverter",
    "battery": "Battery",
    "meter": "Meter",
    "dongle": "Dongle",
    "charger": "EV charger",
}


def identity(raw: object) -> str | None:
    """Return an id or a serial; None for the spellings of nothing."""
    return None if blank(raw) else text(raw)


def plant(row: Row, at: datetime) -> PlantEntry | None:
    """Return a station of its list row; None without an id."""
    if (found := station_id(row)) is None:
        return None
    listed = {
        key: value
        for name, key in _LISTED.items()
        if (value := energy(row.get(name))) is not None
    }
    return PlantEntry(
        id=found,
        name=identity(row.get("name")) or found,
        observed_at=at,
        zone_name=plain(row.get("zoneId")),
        offset=offset(row.get("timeZone")),
        status=enums.slug("station_status", row.get("status")),
        pv_kwp=number(row.get("pvInstallP"), low=0.0),
        installed_kw=number(row.get("installedPower"), low=0.0),
        listed=listed,
        listed_at=at,
    )


def informed(row: Row, entry: PlantEntry, at: datetime) -> PlantEntry:
    """Return a station with what its information says; the rest stays."""
    nodes = _nodes(row)
    on_grid = _ON_GRID.get(text(row.get("gridStatus")) or "")
    capacity = number(row.get("batteryCapacity"), low=0.0)
    permissions = row.get("permissions")
    return replace(
        entry,
        name=identity(row.get("name")) or entry.name,
        observed_at=at,
        zone_name=plain(row.get("zoneId")) or entry.zone_name,
        offset=_or(offset(row.get("timeZone")), entry.offset),
        created=_or(local_datetime(row.get("createTime")), entry.created),
        # One that was told and makes no sense is none (3.13)
        status=(
            entry.status
            if blank(row.get("status"))
            else enums.slug("station_status", row.get("status"))
        ),
        permissions=(
            frozenset(one for one in permissions if isinstance(one, str))
            if isinstance(permissions, list)
            else entry.permissions
        ),
        has_battery=_or(_has_battery(capacity, on_grid, nodes), entry.has_battery),
        on_grid=on_grid,
        flow_nodes=_or(nodes, entry.flow_nodes),
        # 0.0 is a station without a battery (section 3.2)
        capacity_kwh=(capacity or None) if capacity is not None else entry.capacity_kwh,
        pv_kwp=_or(number(row.get("pvCapacity"), low=0.0), entry.pv_kwp),
        installed_kw=_or(
            number(row.get("installedPower"), low=0.0), entry.installed_kw
        ),
        informed=True,
    )


def listed_too(told: PlantEntry, row: PlantEntry) -> PlantEntry:
    """Return a station as its information told it, with what only its list row has.

    Of both the newer state counts.
    """
    newer = row.observed_at > told.observed_at and row.status is not None
    return replace(
        told,
        listed=row.listed,
        listed_at=row.listed_at,
        status=row.status if newer else told.status,
    )


def _nodes(row: Row) -> frozenset[str] | None:
    names = text(mapping(row.get("chartMap")).get("energy_flow"))
    if names is None:
        return None
    return frozenset(name.strip() for name in names.split(",") if name.strip())


def _has_battery(
    capacity: float | None, on_grid: bool | None, nodes: frozenset[str] | None
) -> bool | None:
    """Tell whether there is a battery; the capacity is typed by people and may be 0."""
    if capacity or on_grid is not None:
        return True
    if nodes is not None:
        return not nodes.isdisjoint(_BATTERY_NODES)
    return None if capacity is None else False


def _or[T](value: T | None, other: T | None) -> T | None:
    return other if value is None else value


def devices(document: Row) -> dict[str, DeviceEntry]:
    """Return the devices of all lists by serial; what several say is of all of them."""
    rows: dict[str, dict[str, Any]] = {}
    for row in (
        *_statuses(document.get("status")),
        *mappings(_listed(document.get("page"))),
        *_chargers(document.get("chargers")),
        *_batteries(document.get("related")),
    ):
        if (serial := identity(row.get("sn"))) is None:
            continue
        known = rows.setdefault(serial, {})
        known.update({key: value for key, value in row.items() if not blank(value)})
    found: dict[str, DeviceEntry] = {}
    for serial, row in rows.items():
        if (entry := _device(serial, row)) is not None:
            found[serial] = entry
    owners = {one.parent for one in found.values() if one.cls == "battery"}
    return {
        serial: replace(one, storage=True) if serial in owners else one
        for serial, one in found.items()
    }


def _statuses(raw: Any) -> Iterable[Row]:
    """Return the rows of section 3.4, flat."""
    for group in mappings(mapping(raw).get("deviceDetailList")):
        for entry in mappings(group.get("statusDetailList")):
            details = mapping(entry.get("detailMap"))
            serials = entry.get("snList")
            for serial in serials if isinstance(serials, list) else details:
                if not isinstance(serial, str):
                    continue
                yield {
                    **mapping(details.get(serial)),
                    "sn": serial,
                    "deviceType": group.get("deviceType"),
                    "status": entry.get("status"),
                }


def _listed(raw: Any) -> Any:
    """Return the rows of a page, also where they still are in it."""
    return raw.get("dataList") if isinstance(raw, Mapping) else raw


def _chargers(raw: Any) -> Iterable[Row]:
    for row in mappings(raw):
        yield {**row, "deviceType": "EV_CHARGER"}


def _batteries(raw: Any) -> Iterable[Row]:
    """Return the battery systems by inverter (section 3.9)."""
    for inverter, found in mapping(raw).items():
        for row in mappings(found):
            battery = {
                key: value
                for key, value in row.items()
                if key in ("sn", "name", "status", "no", "translateCode")
            }
            kind = identity(row.get("type")) or "BAT_SYS"
            yield {**battery, "deviceType": kind, "preSn": inverter}


def _device(serial: str, row: Row) -> DeviceEntry | None:
    kind = identity(row.get("deviceType")) or ""
    if (cls := CLASSES.get(kind)) is None:
        return None
    status = code(row.get("status"))
    model = plain(row.get("model")) or plain(row.get("productModel"))
    brand = plain(row.get("brand")) or "GoodWe"
    parent = identity(row.get("preSn"))
    return DeviceEntry(
        serial=serial,
        type=kind,
        cls=cls,
        name=plain(row.get("name")) or model or _TELLING_NAMES[cls],
        model=model,
        manufacturer=_MANUFACTURERS.get(brand.lower(), brand),
        parent=parent if parent != serial else None,
        bat_index=identity(row.get("no")),
        battery_name=identity(row.get("translateCode")),
        status=enums.slug("device_status", status),
        status_code=status,
        storage=kind == _ALL_IN_ONE or row.get("subtype") == "store",
        values=chosen(
            TABLES[cls] if cls == "dongle" else (),
            {key: (value, None) for key, value in row.items()},
        ),
    )
