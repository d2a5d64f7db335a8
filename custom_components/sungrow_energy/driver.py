"""iSolarCloud in the words of the bundle: the one place that converts what it sends.

What is odd becomes None; only an answer that is not of the expected shape at all raises
``BadDataError``. Nothing else does.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
import re
from typing import Any

from . import entries
from ._vendor.core.client.decode import flag, mapping, mappings, number, text
from ._vendor.core.client.errors import BadDataError
from ._vendor.core.client.plain import plain
from ._vendor.core.ha.zones import stamp
from .derived import device_values
from .entries import Row, ZoneOf
from .points import PLANT_TYPE, Kind, Point, by_id
from .readings import (
    DeviceLive,
    Devices,
    Extra,
    Faults,
    Live,
    PlantLive,
    Plants,
    PlantsLive,
    Value,
)
from .values import MOST_CHARGER_KW, code, glyphs, read, unexplained

# ``ps_id`` begins with a p too.
_POINT = re.compile(r"p([0-9]{1,9})", re.ASCII)


def plants(raw: Any, received_at: datetime) -> Plants:
    """Decode what ``source.plants`` returns."""
    document = _document(raw, "rows", "the list of plants is missing")
    details = mapping(document.get("details"))
    by_plant = {
        entries.identity(row.get("ps_id")): row
        for row in mappings(details.get("data_list"))
    }
    found = (
        entries.plant(row, by_plant.get(entries.identity(row.get("ps_id")), {}))
        for row in mappings(document["rows"])
    )
    return Plants(
        observed_at=received_at,
        plants={one.plant_id: one for one in found if one is not None},
        not_authorized=_ids(details.get("not_authorization_ps_list")),
    )


def devices(raw: Any, received_at: datetime) -> Devices:
    """Decode the devices of a plant, as ``source.devices`` returns them."""
    if not isinstance(raw, list):
        raise BadDataError("the list of devices is missing")
    return Devices(observed_at=received_at, devices=entries.devices(mappings(raw)))


def faults(raw: Any, received_at: datetime, zone_of: ZoneOf) -> Faults:
    """Decode the open faults, as ``source.faults`` returns them."""
    if not isinstance(raw, list):
        raise BadDataError("the list of faults is missing")
    return Faults(
        observed_at=received_at, faults=entries.faults(mappings(raw), zone_of)
    )


def plants_live(raw: Any, received_at: datetime, zone_of: ZoneOf) -> PlantsLive:
    """Decode the points of plants, as ``source.plants_live`` returns them."""
    document = _document(raw, "device_point_list", "the points are missing")
    names = _Names(document.get("point_dict"))
    found: dict[str, PlantLive] = {}
    for row in _rows(document):
        plant_id = entries.identity(row.get("ps_id")) or _plant_of(row)
        if plant_id is None:
            continue
        sample = _Sample(row, PLANT_TYPE, names)
        recorded = _recorded(row, plant_id, received_at, zone_of)
        found[plant_id] = PlantLive(
            plant_id=plant_id,
            observed_at=recorded or received_at,
            recorded_at=recorded,
            values=sample.values,
            unknown=sample.unknown,
        )
    return PlantsLive(
        observed_at=received_at,
        plants=found,
        failed=_ids(document.get("fail_ps_id_list")),
    )


def live(raw: Any, received_at: datetime, device_type: int, zone_of: ZoneOf) -> Live:
    """Decode samples of devices of a type, as ``source.live`` returns them."""
    document = _document(raw, "device_point_list", "the points are missing")
    names = _Names(document.get("point_dict"))
    found: dict[str, DeviceLive] = {}
    for row in _rows(document):
        if (ps_key := entries.identity(row.get("ps_key"))) is None:
            continue
        plant_id = entries.identity(row.get("ps_id")) or _plant_of(row)
        sample = _Sample(row, device_type, names)
        found[ps_key] = DeviceLive(
            ps_key=ps_key,
            type=device_type,
            observed_at=_recorded(row, plant_id, received_at, zone_of),
            values=device_values(device_type, sample.values),
            online=flag(row.get("dev_status")),
            fault=entries.fault_of_device(row.get("dev_fault_status")),
            unknown=sample.unknown,
            codes=sample.codes,
        )
    return Live(
        observed_at=received_at,
        devices=found,
        failed=_ids(document.get("illegal_ps_key_list")),
    )


class _Names:
    """What a dictionary of points says: units and names by point id."""

    def __init__(self, raw: Any) -> None:
        rows = {text(row.get("point_id")): row for row in mappings(raw)}
        self._rows = {key: row for key, row in rows.items() if key}

    def unit(self, point_id: str) -> str | None:
        """Return the unit of the number on the wire."""
        row = self._rows.get(point_id, {})
        return glyphs(row.get("point_unit")) or glyphs(row.get("storage_unit"))

    def shown(self, point_id: str) -> str | None:
        """Return the unit that the vendor's app shows."""
        return glyphs(self._rows.get(point_id, {}).get("show_unit"))

    def name(self, point_id: str) -> str | None:
        """Return what the server calls the point, unless in Chinese."""
        return plain(self._rows.get(point_id, {}).get("point_name"))


class _Sample:
    """The points of one row."""

    def __init__(self, row: Row, device_type: int, names: _Names) -> None:
        self.values: dict[str, Value] = {}
        self.codes: dict[str, int] = {}
        self.unknown: dict[str, Extra] = {}
        table = by_id(device_type)
        raw = {
            found[1]: value
            for key, value in row.items()
            if isinstance(key, str) and (found := _POINT.fullmatch(key))
        }
        in_watts = _in_watts(table, raw)
        for point_id, value in raw.items():
            if (point := table.get(point_id)) is None:
                self._other(point_id, value, names)
                continue
            if point.kind is Kind.STATUS and (number_of := code(value)) is not None:
                self.codes[point.key] = number_of
            unit = "W" if in_watts else names.unit(point_id)
            if (found_value := read(point, value, unit)) is not None:
                self.values[point.key] = found_value

    def _other(self, point_id: str, raw: object, names: _Names) -> None:
        unit, shown = names.unit(point_id), names.shown(point_id)
        value = unexplained(raw, unit, shown)
        if value is not None:
            unit = unit or ("%" if shown == "%" else None)
            self.unknown[point_id] = Extra(
                value=value, unit=unit, name=names.name(point_id)
            )


def _in_watts(table: Mapping[str, Point], raw: Mapping[str, object]) -> bool:
    """Tell whether a charger's powers are W, whatever a dictionary says they are."""
    values = [
        number(value)
        for point_id, value in raw.items()
        if (point := table.get(point_id)) and point.kind is Kind.CHARGER_POWER
    ]
    return any(value is not None and abs(value) > MOST_CHARGER_KW for value in values)


def _document(raw: Any, key: str, missing: str) -> Mapping[str, Any]:
    document = mapping(raw)
    if not isinstance(document.get(key), list):
        raise BadDataError(missing)
    return document


def _rows(document: Mapping[str, Any]) -> Iterable[Row]:
    """Return the rows, flat whether or not they are nested (section 3.5)."""
    for row in mappings(document["device_point_list"]):
        yield {**row, **mapping(row.get("device_point"))}


def _plant_of(row: Row) -> str | None:
    return (entries.identity(row.get("ps_key")) or "").partition("_")[0] or None


def _recorded(
    row: Row, plant_id: str | None, received_at: datetime, zone_of: ZoneOf
) -> datetime | None:
    """Return a row's own time; a device's clock may be ahead of ours."""
    recorded = stamp(row.get("device_time"), zone_of(plant_id), received_at)
    return None if recorded is None else min(recorded, received_at)


def _ids(raw: Any) -> frozenset[str]:
    if not isinstance(raw, list):
        return frozenset()
    rows = (item.get("ps_id") if isinstance(item, Mapping) else item for item in raw)
    return frozenset(found for row in rows if (found := entries.identity(row)))
