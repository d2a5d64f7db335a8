"""Which function of a device is which setting or command (reference section 6.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .catalogue import (
    BACKUP_GRID,
    CHARGE_LIMIT,
    DOD_HOLDING,
    EXPORT,
    EXPORT_PERCENT,
    EXPORT_POWER,
    IMMEDIATE,
    IMMEDIATE_POWER,
    IMMEDIATE_SOC,
    OFF_GRID_RESERVE,
    RESERVE,
    RUNNING,
    SOC_PROTECTION,
)
from .function import BUTTON, DROPDOWN, NUMBER, RADIO, SWITCH, Function

ON, OFF = "remote_Switch_on", "remote_Switch_off"
STOP, START = "stop", "start_up"
# The other function at the address of immediate charging: it ends it
IMMEDIATE_END = "immediate_charge_end"
_EXPORT_MENU = "grid-tie_power_limit"
_COMMAND = "command_"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """What tells a function: what is None does not matter.

    Registers that nobody has seen a ``key`` of are told by their ``address``.
    """

    name: str
    key: str | None = None
    address: str | None = None
    controls: tuple[int, ...] = ()
    unit: str | None = None
    menu: str | None = None
    options: frozenset[str] = frozenset()

    def fits(self, one: Function) -> bool:
        return (
            self.key in (None, one.key)
            and self.address in (None, one.address)
            and (not self.controls or one.control in self.controls)
            and (self.unit is None or _same_unit(self.unit, one.unit))
            and (self.menu is None or self.menu in one.path)
            and self.options <= one.options.keys()
        )


# The first that fits is taken, for a device may list the same twice.
_GENERAL = (
    _Match(name=RUNNING, key="run_stop", controls=(SWITCH,)),
    _Match(
        name=RUNNING,
        key="status_setting",
        controls=(RADIO,),
        options=frozenset({STOP, START}),
    ),
    _Match(name=EXPORT, key=_EXPORT_MENU, controls=(SWITCH,)),
    _Match(
        name=EXPORT_POWER,
        key="limit_setting",
        controls=(NUMBER,),
        unit="W",
        menu=_EXPORT_MENU,
    ),
    _Match(
        name=EXPORT_PERCENT,
        key="limit_setting",
        controls=(NUMBER,),
        unit="%",
        menu=_EXPORT_MENU,
    ),
    _Match(name=BACKUP_GRID, key="gird_pur_charge"),
    _Match(name=RESERVE, address="45356"),
    _Match(name=OFF_GRID_RESERVE, address="45358"),
    _Match(name=CHARGE_LIMIT, address="47760"),
    _Match(name=SOC_PROTECTION, address="47500"),
    _Match(name=DOD_HOLDING, address="47602"),
    _Match(name=f"{_COMMAND}start", key="start_up", controls=(BUTTON,)),
    _Match(name=f"{_COMMAND}shutdown", key="shutdown", controls=(BUTTON,)),
    _Match(name=f"{_COMMAND}restart", key="restart", controls=(BUTTON,)),
)
_BATTERY = (
    _Match(name=IMMEDIATE, key="immediate_charge"),
    _Match(name=IMMEDIATE_END, key="stop_charging"),
    _Match(name=IMMEDIATE_SOC, key="end_charge_soc"),
    _Match(name=IMMEDIATE_POWER, key="bat_immediate_charge_power"),
)
OF_BATTERY_MENU = frozenset(match.name for match in _BATTERY)
_SWITCHES = frozenset({SOC_PROTECTION, DOD_HOLDING, EXPORT, RUNNING, BACKUP_GRID})
_SWITCH_CONTROLS = frozenset({RADIO, SWITCH, DROPDOWN, None})


def matched(
    general: Sequence[Function], battery: Sequence[Function] = ()
) -> dict[str, Function]:
    """Return the functions that are known, by the key of their setting.

    Commands are by ``command_key``. A battery's functions may be in either menu.
    """
    found = _first(_GENERAL, general) | _first(_BATTERY, [*battery, *general])
    start, end = found.get(IMMEDIATE), found.get(IMMEDIATE_END)
    if start is None or end is None or start.address != end.address:
        # What cannot be ended is not begun
        for key in (IMMEDIATE, IMMEDIATE_END, IMMEDIATE_SOC, IMMEDIATE_POWER):
            found.pop(key, None)
    return found


def command_of(key: str) -> str:
    """Return the name of a command's function."""
    return f"{_COMMAND}{key}"


def _first(
    matches: Iterable[_Match], functions: Sequence[Function]
) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for match in matches:
        for one in functions:
            if match.name not in found and match.fits(one) and _usable(match, one):
                found[match.name] = one
    return found


def _usable(match: _Match, one: Function) -> bool:
    """Whether a function can be written as it is meant."""
    if not one.writable:
        return False
    if match.name in _SWITCHES:
        words = match.options or {ON, OFF}
        # Without any words it is 1 and 0; with other words nobody knows which is which
        told = not one.options or words <= one.options.keys()
        return one.control in _SWITCH_CONTROLS and told
    if match.name.startswith(_COMMAND) and len(one.options) > 1:
        return False
    return one.plain


def _same_unit(wanted: str, unit: str) -> bool:
    """Return whether a unit is meant; ``%Pn`` is a percentage, too."""
    return unit == wanted or (wanted == "%" and unit.startswith("%"))
