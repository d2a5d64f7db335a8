"""What remote power control (VPP) is told, and in which order (reference 6.6)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ._vendor.core.control.driver import Plan, Range
from ._vendor.core.control.intent import ForceCharge, ForceDischarge, Value, Values
from ._vendor.core.control.outcome import Refusal
from .control_common import Context, percent_of, watts_of

AUTHORITY, ENABLED = "vpp.authority", "vpp.enabled"
UNTIL, POWER = "vpp.until", "vpp.power"
# How far the battery is discharged while the load comes first; nothing of a force
RESERVE = "vpp.reserve"
RESERVES = Range(low=10, high=20)
# In the order in which a force begins
NUMBERS: Mapping[str, int] = {
    AUTHORITY: 1,
    ENABLED: 25,
    UNTIL: 26,
    POWER: 27,
    RESERVE: 24,
}
LONGEST = timedelta(minutes=1440)
NOTHING: Values = {POWER: 0, ENABLED: False}


def force(intent: ForceCharge | ForceDischarge, base: Values, context: Context) -> Plan:
    """Return the plan of a force. Raises ``Refusal``."""
    percent = percent_of(intent.power, context.rated, least=1)
    end = _minute_after(min(intent.until, context.now + LONGEST))
    signed = percent if isinstance(intent, ForceCharge) else -percent
    target: dict[str, Value] = {
        AUTHORITY: True,
        ENABLED: True,
        UNTIL: end.isoformat(),
        POWER: signed,
    }
    effective: dict[str, Any] = {"percent": percent}
    if (watts := watts_of(percent, context.rated)) is not None:
        effective["power"] = watts
    return Plan(
        target=target,
        mark={ENABLED: True, POWER: signed},
        device_until=end,
        effective=effective,
    )


def self_use(values: Values) -> dict[str, Value]:
    """Return what ends any remote control."""
    if values.get(ENABLED) or values.get(POWER):
        return dict(NOTHING)
    return {}


def is_key(key: str) -> bool:
    """Return whether a key is one of the remote control."""
    return key in NUMBERS


def ends(changes: Values) -> bool:
    """Return whether changes end remote control, not begin or move it."""
    return any(changes.get(key) is False for key in (AUTHORITY, ENABLED)) or (
        changes.get(POWER) == 0
    )


def order(changes: Values) -> list[str]:
    """Return the keys to send, in the only order that the device takes: never reversed.

    Without the authority it takes nothing else, so that goes last at an end. The time
    that was told takes no request then: it goes with the rest.
    """
    keys = [key for key in NUMBERS if changes.get(key) is not None]
    return keys[::-1] if ends(changes) else keys


def check(key: str, value: Value) -> Value:
    """Return a single value as it is set. Raises ``Refusal``."""
    if key in (AUTHORITY, ENABLED) and isinstance(value, bool):
        return value
    if key == POWER and isinstance(value, int | float) and not isinstance(value, bool):
        if -100 <= value <= 100:
            return int(value)
        raise Refusal("percent_range", low=-100, high=100)
    raise Refusal("unknown_setting", setting=key)


def _minute_after(end: datetime) -> datetime:
    """Return the whole minute (UTC) that is not before a moment."""
    whole = end.astimezone(UTC).replace(second=0, microsecond=0)
    return whole if whole == end else whole + timedelta(minutes=1)
