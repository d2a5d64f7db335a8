"""Functions that devices list (reference section 6.2), as the portal curates them.

Keys and addresses are the reference's. What it does not name is filler that clients
must leave alone: keys of menus, the functions with a gain of 10, composites, and the
keys of registers of which only the address is known (45356 and its neighbours).
"""

from dataclasses import dataclass
from typing import Final

NUMBER, RADIO, SWITCH, BUTTON, DROPDOWN, STATUS = 3, 4, 8, 16, 20, 22
TIME_RANGE, WEEK_MASK, COMPOSITE = 24, 25, 26

_SWITCH: Final = (("remote_Switch_on", "1"), ("remote_Switch_off", "0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function as it is listed."""

    key: str
    """`translateKey`."""
    address: str
    control: int
    rw: str = "RW"
    options: tuple[tuple[str, str], ...] = ()
    """`transKey` and value."""
    range: tuple[float, float] | None = None
    gain: int | None = 1
    unit: str = ""
    func_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A menu with its functions and menus."""

    key: str
    functions: tuple[Function, ...] = ()
    children: tuple[Menu, ...] = ()


def _switch(key: str, address: str, func_key: str | None = None) -> Function:
    return Function(
        key=key, address=address, control=SWITCH, options=_SWITCH, func_key=func_key
    )


def _percent(key: str, address: str, *, gain: int | None = 1) -> Function:
    return Function(
        key=key,
        address=address,
        control=NUMBER,
        range=(0, 100),
        gain=gain,
        unit="%",
    )


def _status(start: str) -> Function:
    return Function(
        key="status_setting",
        address="80017",
        control=RADIO,
        rw="WO",
        options=(("stop", "2"), ("restart", "1"), ("start_up", start)),
    )


def _export(switch: str, watts: str, most: float, *more: Function) -> Menu:
    limit = Function(
        key="limit_setting",
        address=watts,
        control=NUMBER,
        range=(0, most),
        unit="W",
        func_key="PWLimitThr",
    )
    # The menu and its switch share their key
    return Menu(
        key="grid-tie_power_limit",
        functions=(_switch("grid-tie_power_limit", switch), limit, *more),
    )


_PROTECTION: Final = Menu(
    key="protection_parameters",
    functions=(
        Function(
            key="grid_overvoltage_threshold",
            address="45502",
            control=NUMBER,
            range=(220, 280),
            gain=10,
            unit="V",
        ),
        Function(key="safety_country", address="45400", control=DROPDOWN),
        Function(key="pf_curve", address="45430", control=33),
        Function(key="firmware_status", address="35016", control=STATUS, rw="RO"),
    ),
)
_PARALLEL: Final = Menu(
    key="general_settings",
    children=(
        Menu(
            key="advanced",
            functions=(
                Function(key="time_period", address="47515", control=TIME_RANGE),
                Function(key="wkly_rep", address="47518", control=WEEK_MASK),
                Function(key="composite", address="47519", control=COMPOSITE),
            ),
        ),
    ),
)


def _battery_settings(*, gain: int) -> Menu:
    return Menu(
        key="battery_settings",
        functions=(
            _switch("soc_protection", "47500"),
            _percent("soc_lower_limit", "45356", gain=gain),
            _percent("soc_lower_limit", "45358", gain=gain),
            _percent("soc_upper_limit", "47760", gain=None if gain == 1 else gain),
            _switch("dod_holding", "47602"),
        ),
    )


_BACKUP: Final = Menu(
    key="backup_mode", functions=(_switch("gird_pur_charge", "47870"),)
)
_HYBRID: Final = (
    Menu(key="start_stop", functions=(_status("4"),)),
    _export("47509", "47510", 10_000),
    _BACKUP,
    _battery_settings(gain=1),
    _PROTECTION,
    _PARALLEL,
)
# Another model: the start has another value, percentages have a gain
_SINGLE_PHASE: Final = (
    Menu(key="start_stop", functions=(_status("3"),)),
    _export("47509", "47510", 6_000),
    _BACKUP,
    _battery_settings(gain=10),
    _PROTECTION,
)
_ALL_IN_ONE: Final = (
    Menu(
        key="start_stop",
        functions=(
            _switch("run_stop", "45218"),
            Function(
                key="restart",
                address="45221",
                control=BUTTON,
                rw="WO",
                options=(("restart", "361"),),
            ),
        ),
    ),
    _export("47509", "47510", 10_000),
    _BACKUP,
    _battery_settings(gain=1),
    _PROTECTION,
)
_STRING: Final = (
    Menu(
        key="start_stop",
        functions=tuple(
            Function(key=key, address=address, control=BUTTON, rw="WO")
            for key, address in (
                ("start_up", "40330"),
                ("shutdown", "40331"),
                ("restart", "40332"),
            )
        ),
    ),
    _export(
        "40327",
        "40328",
        10_000,
        Function(
            key="limit_setting",
            address="40336",
            control=NUMBER,
            range=(0, 100),
            gain=10,
            unit="%Pn",
        ),
    ),
    _PROTECTION,
)

GENERAL: Final = {
    "hybrid": _HYBRID,
    "single_phase": _SINGLE_PHASE,
    "all_in_one": _ALL_IN_ONE,
    "string": _STRING,
}
"""Quick settings by the make of an inverter."""

BATTERY: Final = (
    Menu(
        key="immediate_charging",
        functions=(
            Function(
                key="immediate_charge",
                address="47545",
                control=BUTTON,
                options=(("immediate_charge", "1"),),
            ),
            Function(
                key="stop_charging",
                address="47545",
                control=BUTTON,
                options=(("remote_Switch_off", "0"),),
            ),
            _percent("end_charge_soc", "47546"),
            _percent("bat_immediate_charge_power", "47603"),
        ),
    ),
)
"""Of a battery system."""

DONGLE: Final = (
    Menu(
        key="communication",
        functions=tuple(
            _switch(key, address)
            for key, address in (
                ("modbus_tcp", "60010"),
                ("bluetooth_switch", "60011"),
                ("shell_switch", "60012"),
            )
        ),
    ),
)
"""What nobody may touch."""

WORK_MODES: Final = {
    "selfUseMode": "self_use",
    "backupMode": "backup_mode",
    "TOUMode": "TOU",
    "offGridMode": "off_grid_mode",
    "peakShaveMode": "peak_shaving",
    "delayMode": "delayed_charge",
    "greenMode": "green_mode",
    "systemBackupMode": "system_backup_mode",
}
"""Cards of work modes: `funcKey` and `translateKey`."""
HIDDEN_MODES: Final = frozenset({"greenMode", "systemBackupMode"})
V1_HIDDEN_MODES: Final = HIDDEN_MODES | {"peakShaveMode", "delayMode"}
