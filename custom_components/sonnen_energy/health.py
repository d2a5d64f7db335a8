"""What the battery's lamps and bits mean (reference sections 3.2, 3.9.6 and 9.5).

Bit groups change from firmware to firmware: names are compared as slugs, and a bit
that is not there is ``None``.
"""

from collections.abc import Mapping

from .api.models import Latest
from .api.values import slug

LED_OFF = "off"
NO_REASON = "none"
# Bad news first: firmware may set several
_LED_ORDER = (
    "solid_red",
    "blinking_red",
    "pulsing_red",
    "pulsing_orange",
    "pulsing_green",
    "blinking_green",
    "pulsing_white",
)
_LED_ERROR = frozenset({"solid_red", "blinking_red"})
_OFFLINE = "pulsing_orange"
_CRITICAL = "critical"
_ERROR = "error"
_OFF_GRID = "offgrid"


def names(group: Mapping[str, bool]) -> tuple[str, ...]:
    """Return the slugs of all bits that are set."""
    return tuple(name for key, bit in group.items() if bit and (name := slug(key)))


def bit(group: Mapping[str, bool], name: str) -> bool | None:
    """Return a bit by its slug, None if this firmware does not have it."""
    return next((value for key, value in group.items() if slug(key) == name), None)


def led_state(latest: Latest) -> str | None:
    """Return what the light ring shows; ``off`` if nothing, which says little."""
    if not latest.led:
        return None
    shown = names(latest.led)
    first = next((name for name in _LED_ORDER if name in shown), None)
    return first or next(iter(shown), LED_OFF)


def shutdown_reason(latest: Latest) -> str | None:
    """Return why the DC side was shut down, ``none`` if it was not."""
    if not latest.shutdown:
        return None
    return next(iter(names(latest.shutdown)), NO_REASON)


def off_grid(system_status: str | None, latest: Latest) -> bool | None:
    """Whether the house is off the grid: any of three sources says so (3.9.6).

    ``system_status`` is a slug. While it switches over they disagree for some polls.
    """
    control = latest.control_state
    enabled = bit(latest.microgrid, "microgrid_enabled")
    if _OFF_GRID in (system_status, control) or enabled:
        return True
    return None if (system_status, control, enabled) == (None, None, None) else False


def system_error(system_status: str | None, latest: Latest) -> bool | None:
    """Whether something calls for the installer."""
    led = led_state(latest)
    states = (latest.bms_state, latest.inverter_state)
    if (system_status is not None and system_status.startswith(_CRITICAL)) or (
        led in _LED_ERROR or _ERROR in states
    ):
        return True
    return None if {system_status, led, *states} == {None} else False


def internet(led: str | None, is_off_grid: bool | None) -> bool | None:
    """Whether the battery reaches the internet, as far as the lamp shows that.

    Off grid the same colour means an overload, and the others say nothing of it.
    """
    if led is None or led == LED_OFF or is_off_grid is not False:
        return None
    return led != _OFFLINE


def overload(latest: Latest, is_off_grid: bool | None) -> bool | None:
    """Whether the house takes more than the battery can give without the grid."""
    if not latest.led and not latest.microgrid:
        return None
    if is_off_grid and led_state(latest) == _OFFLINE:
        return True
    return any(
        name.endswith("_violation")
        or (name.startswith("over_") and name.endswith("_current"))
        for name in names(latest.microgrid)
    )
