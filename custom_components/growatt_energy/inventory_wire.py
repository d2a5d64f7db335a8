"""What plants and devices there are, from the lists of either mode (section 3.A, 3.F).

A document of devices has ``plant_id``, ``mode`` and ``list`` (rows of ``device/list`` or
of the classic list), ``query`` (rows of v4 that are not in it), ``loggers``, ``meters``
(by datalogger), ``info`` (identity by serial), ``models`` (``check/sn`` by serial) and,
with a token, ``pending`` (whether more is to come soon).
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
import re
from typing import Any

from ._vendor.core.client.decode import flag, integer, mapping, mappings, number
from .families import Family, from_classic, from_v1, from_v4
from .readings import DeviceEntry, Logger, PlantEntry
from .resolve import Kind, Wire, currency, quantity, serial, words

_OFFSET = re.compile(
    r"(?:GMT|UTC)?\s*([+-]?)\s*(\d{1,2})(?::?(\d{2})|(\.\d+))?", re.ASCII
)
_MAX_OFFSET = timedelta(hours=14)
_KILO = 1000.0
_BATTERIES = 4


def offset_of(value: Any) -> timedelta | None:
    """Return the offset of ``GMT+10``, ``GMT+5:30``, ``GMT+5.5``, ``10`` or ``1.0``."""
    if isinstance(value, str):
        if (match := _OFFSET.fullmatch(value.strip().upper())) is not None:
            sign, hours, minutes, part = match.groups()
            found = timedelta(
                hours=int(hours) + float(part or 0), minutes=int(minutes or 0)
            )
            found = -found if sign == "-" else found
            return found if abs(found) <= _MAX_OFFSET else None
    hours_away = number(value, low=-14, high=14)
    return timedelta(hours=hours_away) if hours_away is not None else None


def zone_of(value: Any) -> str | None:
    """Return ``+10:00`` for an offset, an IANA name as it is."""
    offset = offset_of(value)
    if offset is None:
        name = words(value)
        return name if name is not None and "/" in name else None
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def plant(row: Wire) -> PlantEntry | None:
    """Decode a plant of any list; ``details`` in it are those of ``plant/details``."""
    details = mapping(row.get("details"))
    plant_id = _any(row, "plant_id", "plantId", "id")
    if plant_id is None:
        return None
    peak = quantity(row.get("peak_power"), Kind.POWER, _KILO)
    return PlantEntry(
        plant_id=plant_id,
        name=_any(row, "name", "plantName") or _any(details, "name") or plant_id,
        user_id=_any(row, "user_id") or _any(details, "user_id"),
        zone=zone_of(details.get("timezone")) or zone_of(row.get("timezone")),
        currency=currency(details.get("currency"))
        or currency(row.get("formulaMoneyUnitId")),
        peak_power=peak or quantity(row.get("nominalPower"), Kind.POWER) or None,
    )


def devices(document: Wire) -> tuple[dict[str, DeviceEntry], dict[str, str]]:
    """Return the devices by serial, and the types of those that are not served."""
    found: dict[str, DeviceEntry] = {}
    unserved: dict[str, str] = {}
    plant_id = words(document.get("plant_id")) or ""
    classic = document.get("mode") == "login"
    rows = [
        *(
            (row, row.get("deviceType" if classic else "type"), _by_list(classic))
            for row in mappings(document.get("list"))
        ),
        *((row, row.get("deviceType"), from_v4) for row in _rows(document, "query")),
    ]
    for row, code, family_of in rows:
        name = _serial(row, "device_sn", "deviceSn")
        if name is None or name in found:
            continue
        family = family_of(code)
        if family is None:
            unserved[name] = words(code) or "unknown"
        elif family is not Family.METER:
            found[name] = _device(document, row, name, family, plant_id, code)
    for entry in _meters(document, plant_id):
        found[entry.serial] = entry
    return found, {key: kind for key, kind in unserved.items() if key not in found}


def meter_serials(document: Wire) -> list[str]:
    """Return what meters are called in the list, which nothing else calls them."""
    return [
        name
        for row in _rows(document, "list")
        if from_v1(row.get("type")) is Family.METER
        and (name := _serial(row, "device_sn")) is not None
    ]


def _by_list(classic: bool) -> Callable[[Any], Family | None]:
    return from_classic if classic else from_v1


def _rows(document: Wire, part: str) -> list[Mapping[str, Any]]:
    return mappings(document.get(part))


def _device(
    document: Wire, row: Wire, name: str, family: Family, plant_id: str, code: Any
) -> DeviceEntry:
    info = mapping(mapping(document.get("info")).get(name))
    model = mapping(mapping(document.get("models")).get(name))
    lost = flag(row.get("lost"))
    battery_serials = {
        n: found
        for n in range(1, _BATTERIES + 1)
        if (
            found := serial(info.get(f"bdc{n}Sn"))
            or serial(info.get(f"battery{n}SerialNum"))
        )
        is not None
    }
    return DeviceEntry(
        serial=name,
        family=family,
        plant_id=plant_id,
        type_code=words(code) or family,
        alias=_any(row, "deviceAilas", "alias") or _any(info, "alias"),
        model=_any(model, "model")
        or _any(info, "inverterType", "modelText", "model")
        or _any(row, "model"),
        versions=tuple(
            found
            for key in ("fwVersion", "innerVersion", "version")
            if (found := words(info.get(key))) is not None
        ),
        hardware=_any(info, "communicationVersion"),
        datalogger=_serial(row, "datalogger_sn", "datalogSn", "dataLogSn")
        or _serial(info, "dataLogSn", "datalogSn"),
        rated_power=_rated_power(model, info),
        online=not lost if lost is not None else None,
        battery_model=_any(model, "batteryModel") or _any(info, "batteryModel"),
        battery_serials=battery_serials,
        has_settings=info.get("has_settings") is not False,
    )


def _rated_power(model: Wire, info: Wire) -> float | None:
    """Return W; ``pmax`` of a detail record is tenths of it on some models."""
    for value in (
        model.get("normalPower"),
        model.get("norminalPower"),
        info.get("pmax"),
        info.get("nominalPower"),
    ):
        if found := quantity(value, Kind.POWER):
            return found
    return None


def _meters(document: Wire, plant_id: str) -> list[DeviceEntry]:
    """Return the meters, of which the address makes the serial."""
    found = []
    for logger, rows in mapping(document.get("meters")).items():
        for row in mappings(rows):
            address = _any(row, "address")
            if address is None:
                continue
            lost = flag(row.get("lost"))
            found.append(
                DeviceEntry(
                    serial=f"{logger}_{address}",
                    family=Family.METER,
                    plant_id=plant_id,
                    type_code="3",
                    alias=_any(row, "deviceName"),
                    datalogger=logger,
                    online=not lost if lost is not None else None,
                    address=address,
                    has_settings=False,
                )
            )
    return found


def loggers(document: Wire) -> dict[str, Logger]:
    """Return the dataloggers by serial."""
    found: dict[str, Logger] = {}
    plant_id = words(document.get("plant_id")) or ""
    for row in _rows(document, "loggers"):
        name = _serial(row, "sn", "datalog_sn", "datalogger_sn")
        if name is None:
            continue
        minutes = integer(row.get("update_interval"), low=1, high=1440)
        found[name] = Logger(
            serial=name,
            plant_id=plant_id,
            model=_any(row, "model", "device_type"),
            lost=flag(row.get("lost")),
            interval=timedelta(minutes=minutes) if minutes is not None else None,
        )
    return found


def _any(row: Wire, *names: str) -> str | None:
    return next((found for name in names if (found := words(row.get(name)))), None)


def _serial(row: Wire, *names: str) -> str | None:
    return next((found for name in names if (found := serial(row.get(name)))), None)
