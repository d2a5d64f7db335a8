"""Named settings of an inverter: work modes and slots (reference sections 6.3, 6.4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from .._vendor.core.client.decode import integer, mapping, number
from .._vendor.core.control.intent import Value, Values
from ..enums import slug
from . import peak_delay, slots
from .catalogue import (
    BACKUP,
    BACKUP_GRID,
    BACKUP_POWER,
    DELAYED,
    DELAYED_RELEASE,
    MODES,
    OFF_GRID,
    OPERATION,
    PEAK,
    RUNNING_MODE,
    SLOTS,
    TOU,
)
from .dialect import Dialect
from .request import Request, switched
from .slots import Slot

_RUNNING = "INVCurrentWorkMode"
_BACKUP = "Backup"
_GRID_CHARGE, _POWER = "BackupChargeModelEnable", "BackupPChargeP"
_MODE_NAMES = ("SelfUseMode", "OffGridMode", "BackupMode", "TOUMode")
_MODE_LOGS = ("self_use", "off_grid_mode", "backup_mode", "TOU")
# Bits that say what slots can do: a floor of a discharge, a limit of the export
_FLOOR_WORD, _FLOOR_BIT = "ARMFunction2", 11
_EXPORT_WORD, _EXPORT_BIT = "ARMFunction4", 12
_TOGGLES = {
    TOU: ("TOUModeEnable", "TOUModeEnable", "TOU"),
    BACKUP: (_BACKUP, "BackupModeEnable", "backup_mode"),
    OFF_GRID: ("OffGridEnable", "OffGridEnable", "off_grid_mode"),
}
# Which card of the portal offers what; where no cards are told, all are
_CARDS = {
    TOU: "TOUMode",
    BACKUP: "backupMode",
    BACKUP_GRID: "backupMode",
    BACKUP_POWER: "backupMode",
    OFF_GRID: "offGridMode",
    **dict.fromkeys(SLOTS, "TOUMode"),
    **dict.fromkeys((PEAK, *peak_delay.PEAK_SETTINGS), "peakShaveMode"),
    **dict.fromkeys(
        (DELAYED, DELAYED_RELEASE, *peak_delay.DELAYED_SETTINGS), "delayMode"
    ),
}
_MODE_CARDS = ("selfUseMode", "offGridMode", "backupMode", "TOUMode")


def names_of(dialect: Dialect | None) -> Sequence[str]:
    """Return what is to be read in a dialect."""
    if dialect is None:
        return (_RUNNING,)
    tou = tuple(f"TOU{number}" for number in range(1, dialect.slots + 1))
    words = (_RUNNING, _FLOOR_WORD, _EXPORT_WORD, *tou)
    if dialect.exclusive:
        return (*words, *_MODE_NAMES)
    toggles = ("TOUModeEnable", _BACKUP, peak_delay.RELEASE)
    off_grid = ("OffGridEnable",) if dialect.version >= 3 else ()
    return (*words, *toggles, *off_grid, *peak_delay.PLACES)


def decode(
    named: Mapping[str, Any], dialect: Dialect | None, cards: frozenset[str] | None
) -> dict[str, Value]:
    """Return what was read of what the portal offers; ``cards`` None if it is all."""
    values: dict[str, Value] = {}
    running = mapping(named.get(_RUNNING)).get(_RUNNING)
    if (mode := slug("running_mode", running)) is not None:
        values[RUNNING_MODE] = mode
    if dialect is None:
        return values
    found: dict[str, Value] = {}
    for n, key in enumerate(SLOTS[: dialect.slots], 1):
        if (slot := slots.decode(named.get(f"TOU{n}"), n, dialect)) is not None:
            found[key] = slot.value
    if dialect.exclusive:
        found |= _mode(named)
    else:
        found |= _toggles(named, dialect) | peak_delay.decode(named)
    offered = {
        key: value
        for key, value in found.items()
        if cards is None or key not in _CARDS or _CARDS[key] in cards
    }
    return values | offered


def modes_of(cards: frozenset[str] | None) -> tuple[str, ...]:
    """Return the modes of the first dialect that are offered."""
    return tuple(
        mode
        for mode, card in zip(MODES, _MODE_CARDS, strict=True)
        if cards is None or card in cards
    )


def has_floor(named: Mapping[str, Any]) -> bool:
    """Return whether a discharge ends at its slot's percent."""
    return _bit(named, _FLOOR_WORD, _FLOOR_BIT)


def can_limit_export(named: Mapping[str, Any]) -> bool:
    """Return whether the power of a slot can be that of what is fed in."""
    return _bit(named, _EXPORT_WORD, _EXPORT_BIT)


def request_of(
    changes: Values, values: Values, named: Mapping[str, Any], dialect: Dialect
) -> Request | None:
    """Return what sets the changes of one step; None if they are of something else.

    ``values`` are those that will hold then, ``named`` what was last read.
    """
    for key, value in changes.items():
        if key in SLOTS and (slot := Slot.of(value)) is not None:
            n = SLOTS.index(key) + 1
            return Request(
                name=f"TOU{n}",
                data=slots.encode(slot, n, dialect),
                logs=slots.logs(slot, per_mille=dialect.full > 100),
            )
        if key in _TOGGLES:
            name, field, log = _TOGGLES[key]
            return Request(
                name=name,
                data={field: int(bool(value))},
                logs={log: switched(on=bool(value))},
            )
        if key == OPERATION:
            code = MODES.index(str(value))
            name = _MODE_NAMES[code]
            logs = {_MODE_LOGS[code]: switched(on=True)}
            return Request(name=name, data={name: code}, logs=logs)
    if not {BACKUP_GRID, BACKUP_POWER}.isdisjoint(changes):
        return _backup(values, named)
    return peak_delay.request_of(changes, values, named)


def lacking(changes: Values, values: Values, named: Mapping[str, Any]) -> str | None:
    """Return what must be told together with changes, but was never read.

    ``values`` are those that will hold then.
    """
    if changes.get(BACKUP_GRID) is True and _backup_power(values, named) is None:
        return BACKUP_POWER
    return peak_delay.lacking(changes, values, named)


def _backup_power(values: Values, named: Mapping[str, Any]) -> Any:
    """Return percent; as it came if it was not understood."""
    power = values.get(BACKUP_POWER)
    if isinstance(power, int | float):
        return int(power)
    return mapping(named.get(_BACKUP)).get(_POWER)


def _backup(values: Values, named: Mapping[str, Any]) -> Request:
    """Its power is told with the charge from the grid only (6.3)."""
    on = bool(values.get(BACKUP_GRID))
    data: dict[str, Any] = {_GRID_CHARGE: int(on)}
    logs: dict[str, Any] = {"gird_pur_charge": switched(on=on)}
    if on and (percent := _backup_power(values, named)) is not None:
        data[_POWER] = percent
        logs["charge_pw"] = percent
    return Request(name=_BACKUP, data=data, logs=logs)


def _mode(named: Mapping[str, Any]) -> dict[str, Value]:
    for code, name in enumerate(_MODE_NAMES):
        if integer(mapping(named.get(name)).get(name)) == code:
            return {OPERATION: MODES[code]}
    return {}


def _toggles(named: Mapping[str, Any], dialect: Dialect) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, (name, field, _) in _TOGGLES.items():
        if key == OFF_GRID and dialect.version < 3:
            continue
        if (value := _flag(mapping(named.get(name)).get(field))) is not None:
            found[key] = value
    backup = mapping(named.get(_BACKUP))
    if (power := number(backup.get(_POWER), low=0, high=100)) is not None:
        found[BACKUP_POWER] = power
    if (on := _flag(backup.get(_GRID_CHARGE))) is not None:
        found[BACKUP_GRID] = on
    return found


def _flag(raw: object) -> bool | None:
    found = integer(raw, low=0, high=1)
    return None if found is None else bool(found)


def _bit(named: Mapping[str, Any], word: str, bit: int) -> bool:
    found = integer(mapping(named.get(word)).get(word))
    return found is not None and bool(found >> bit & 1)
