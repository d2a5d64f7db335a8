"""Changes of single fields of a time-of-use slot, as people say them (section 6.4)."""

from typing import Any

from .._vendor.core.control.intent import Edit, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import format_time, parse_time
from . import slots
from .catalogue import slot_key
from .dialect import Dialect
from .slots import CHARGE, DISCHARGE, Slot, usual_soc

_FULL = 100.0


def slot_edit(n: int, dialect: Dialect, **parts: Any) -> Edit:
    """Return what changes some fields of slot ``n`` and leaves the rest.

    ``power`` is in percent of the rated power, never below 0: ``mode``, or the mode
    that the slot has, says in which direction. A slot that nobody uses yet is switched
    on unless ``on`` is said. The rest are fields of ``Slot``. The edit raises
    ``Refusal`` for what the device cannot hold.
    """
    key = slot_key(n)

    def edited(values: Values) -> Values:
        slot = Slot.of(values.get(key))
        if slot is None:
            raise Refusal("unknown_setting", setting=key)
        wanted = _meant(slot, parts)
        if parts.get("limits_export") and wanted.get("power", slot.power) <= 0:
            # Only what discharges can be fed in
            raise Refusal("needs_other", setting=key, other=DISCHARGE)
        changed: dict[str, Value] = dict(slots.edit(n, dialect, **wanted)(values))
        check(Slot.of(changed[key]) or slot, parts)
        return changed

    return edited


def _meant(slot: Slot, parts: dict[str, Any]) -> dict[str, Any]:
    """Return fields of ``Slot``, with the power's sign."""
    wanted = dict(parts)
    mode = wanted.pop("mode", slot.mode)
    power = abs(wanted.get("power", slot.power))
    if "power" in parts or mode != slot.mode:
        if not power and mode == DISCHARGE:
            if "power" in parts:
                raise Refusal("discharge_needs_power")
            power = _FULL
        wanted["power"] = -power if mode == CHARGE else power
    usual: dict[str, Any] = {} if mode == slot.mode else {"soc": usual_soc(mode)}
    if slot.used:
        return usual | wanted
    if "power" not in wanted:
        wanted["power"] = -_FULL
    return {"on": True, "soc": usual_soc(mode)} | wanted


def check(slot: Slot, parts: dict[str, Any]) -> None:
    """Raise ``Refusal`` for a slot that is to run and never would."""
    if not slot.on or parts.keys().isdisjoint({"on", "start", "end"}):
        return
    if slot.start == slot.end:
        raise Refusal("empty_window", time=slot.start)
    if parse_time(slot.start) > parse_time(slot.end):
        raise Refusal(
            "slot_over_midnight",
            start=slot.start,
            end=format_time(parse_time(slot.end)),
        )
