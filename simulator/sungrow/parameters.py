"""What can be set on a device (reference section 6.2).

Stored values are raw, as writes carry them; only the two powers are in W, because
what one is in a write of them is a switch (6.1).
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from .home import EMS, HYBRID, INVERTER, LOGGER, MODULE

if TYPE_CHECKING:
    from .home import DeviceSpec

SOC_MAX, SOC_MIN, MODE, COMMAND, POWER = 10001, 10002, 10003, 10004, 10005
POWER_LIMITED, POWER_RATIO, BOOT = 10007, 10008, 10011
EXPORT, EXPORT_W, EXPORT_RATIO, HEARTBEAT = 10012, 10013, 10014, 10017
BATTERY_FIRST, FORCED, FORCED_DAYS = 10024, 10065, 10066
WINDOWS = ((10067, 10068, 10069, 10070, 10071), (10072, 10073, 10074, 10075, 10076))
"""Start hour, minute, end hour, minute, target SoC."""
MAX_CHARGE, MAX_DISCHARGE = 10091, 10092
EMS_COMMAND, EMS_POWER, EMS_HEARTBEAT, EMS_MODE = 10082, 10083, 10085, 10086
IN_WATTS = frozenset({POWER, EXPORT_W})
BREAK_BULK = frozenset({MODE, 10006, *range(10082, 10090)})
DUPLICATES = ({10015, 10071}, {10016, 10076})
ON, OFF = 170, 85

type Names = tuple[tuple[str, int], ...]
_SWITCH: Names = (("Enable", ON), ("Disable", OFF))
_BIT: Names = (("Enable", 1), ("Disable", 0))
_COMMANDS: Names = (("Charge", 170), ("Discharge", 187), ("Stop", 204))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One code of one device."""

    code: int
    name: str
    initial: int
    low: int = 0
    high: int = 0
    unit: str = ""
    step: float = 1.0
    """Display units of one in a write."""
    names: Names = ()
    """Labels and raw values of an enumeration."""


def _choice(code: int, name: str, names: Names, initial: int) -> Parameter:
    return Parameter(code=code, name=name, names=names, initial=initial)


def _ratio(
    code: int, name: str, initial: int, low: int = 0, high: int = 1000
) -> Parameter:
    return Parameter(
        code=code, name=name, initial=initial, low=low, high=high, unit="%", step=0.1
    )


def _whole(
    code: int, name: str, initial: int, low: int, high: int, unit: str = ""
) -> Parameter:
    return Parameter(
        code=code, name=name, initial=initial, low=low, high=high, unit=unit
    )


def _windows() -> list[Parameter]:
    found = []
    for place, codes in enumerate(WINDOWS, start=1):
        label = f"Forced Charging Time {place}"
        for code, part in zip(
            codes[:4],
            ("Start Hour", "Start Minute", "End Hour", "End Minute"),
            strict=True,
        ):
            hour = "Hour" in part
            found.append(
                _whole(
                    code, f"{label} {part}", 24 if hour else 0, 0, 24 if hour else 59
                )
            )
        found.append(_whole(codes[4], f"{label} Target SOC", 0, 0, 100, "%"))
    return found


def _inverter(rated_w: int) -> list[Parameter]:
    return [
        _choice(POWER_LIMITED, "Limited Power Switch", _SWITCH, OFF),
        _ratio(POWER_RATIO, "Active Power Limit Ratio", 1000),
        _choice(
            10009,
            "Reactive Power Regulation Mode",
            (("OFF", 85), ("PF", 161), ("Q(t)", 162), ("Q(P)", 163), ("Q(U)", 164)),
            85,
        ),
        Parameter(
            code=10010, name="Q(t)", initial=0, low=-600, high=600, unit="%", step=0.1
        ),
        _choice(
            BOOT,
            "Boot/Shutdown",
            (("Boot", 207), ("Shutdown", 206), ("Reboot", 174)),
            207,
        ),
        _choice(EXPORT, "Feed-in Limitation", _SWITCH, OFF),
        _whole(EXPORT_W, "Feed-in Limitation Value", rated_w, 0, rated_w, "W"),
        _ratio(EXPORT_RATIO, "Feed-in Limitation Ratio", 1000),
        _choice(10025, "Active Power Soft Start after Fault", _SWITCH, OFF),
        _whole(10026, "Soft Start Time after Fault", 600, 1, 1200, "s"),
        _choice(10027, "Active Power Soft Start", _SWITCH, OFF),
        Parameter(
            code=10028,
            name="Soft Start Gradient",
            initial=1000,
            low=5,
            high=10_000,
            unit="%",
            step=0.01,
        ),
        _choice(10029, "Active Power Gradient Control", _SWITCH, ON),
        _whole(10030, "Active Power Decline Gradient", 6000, 1, 6000, "%/min"),
        _whole(10031, "Active Power Rising Gradient", 6000, 1, 6000, "%/min"),
        _choice(10032, "Active Power Setting Persistence", _SWITCH, OFF),
        _choice(10033, "Shutdown When Active Power Limit to 0%", _SWITCH, OFF),
        _choice(10034, "Reactive Response", _SWITCH, OFF),
        Parameter(
            code=10035,
            name="Reactive Power Regulation Time",
            initial=50,
            low=1,
            high=6000,
            unit="s",
            step=0.1,
        ),
        Parameter(
            code=10036, name="PF", initial=1000, low=-1000, high=1000, step=0.001
        ),
    ]


_MODES: Names = (
    ("Self-consumption Mode", 0),
    ("Compulsory Mode", 2),
    ("External Energy Dispatch Mode", 3),
    ("VPP Mode", 4),
)


def _dispatch(rated_w: int) -> list[Parameter]:
    """Return the three that a PV inverter takes too, which does it no good (6.5)."""
    return [
        _choice(MODE, "Energy Management Mode", _MODES, 0),
        _choice(COMMAND, "Charging/Discharging Command", _COMMANDS, 204),
        _whole(POWER, "Charging/Discharging Power", 1000, 0, rated_w, "W"),
    ]


def _power_limit(code: int, name: str, rated_w: int) -> Parameter:
    most = int(rated_w * 1.06 / 10)
    return Parameter(
        code=code, name=name, initial=most, low=10, high=most, unit="kW", step=0.01
    )


def _hybrid(rated_w: int) -> list[Parameter]:
    return [
        _ratio(SOC_MAX, "SOC Upper Limit", 1000, 700),
        _ratio(SOC_MIN, "SOC Lower Limit", 50, 0, 500),
        *_dispatch(rated_w),
        *_inverter(rated_w),
        _whole(HEARTBEAT, "External EMS Heartbeat", 60, 1, 1000, "s"),
        _choice(BATTERY_FIRST, "Battery First", _SWITCH, OFF),
        _choice(FORCED, "Forced Charging", _SWITCH, OFF),
        _choice(
            FORCED_DAYS,
            "Forced Charging Valid Time",
            (("Weekday", 0), ("Every Day", 1)),
            1,
        ),
        *_windows(),
        _power_limit(MAX_CHARGE, "Max. Charging Power", rated_w),
        _power_limit(MAX_DISCHARGE, "Max. Discharging Power", rated_w),
    ]


_LOGGER = [
    _choice(EXPORT, "Feed-in Limitation", _BIT, 0),
    _ratio(EXPORT_RATIO, "Feed-in Limitation Ratio", 1000, -1000),
    _choice(10090, "PV Power Limitation", _BIT, 0),
]


def _ems(rated_w: int) -> list[Parameter]:
    return [
        _choice(
            EMS_COMMAND,
            "Charging/Discharging Command in External Dispatch Mode",
            (("Charge", 170), ("Discharge", 187), ("Forbidden", 204)),
            204,
        ),
        _whole(EMS_POWER, "Charging/Discharging Power", 0, 0, rated_w, "W"),
        _whole(EMS_HEARTBEAT, "EMS Heartbeat", 60, 10, 1000, "s"),
        _choice(
            EMS_MODE,
            "Energy Management Mode",
            (
                ("Self-consumption Mode", 1),
                ("Time Plan Mode", 2),
                ("VPP Mode", 4),
                ("Compulsory Mode", 5),
            ),
            1,
        ),
        _ratio(10087, "Feed-in Limitation Ratio in External Dispatch", 1000, -1000),
        _choice(10088, "Feed-in Limitation On/Off in External Dispatch", _SWITCH, OFF),
        Parameter(
            code=10089,
            name="Feed-in Limitation Value in External Dispatch",
            initial=0,
            low=-99_999_999,
            high=99_999_999,
            unit="W",
        ),
        _choice(10090, "PV Power Limitation", _BIT, 0),
    ]


_MODULE = [_choice(10307, "Modbus TCP Port 502", (("Open", 1), ("Closed", 0)), 0)]


@cache
def parameters_of(spec: DeviceSpec) -> dict[int, Parameter]:
    """Return what the template of a device has; empty is no template."""
    rated_w = int(spec.rated_w)
    tables = {
        HYBRID: lambda: _hybrid(rated_w),
        INVERTER: lambda: [*_dispatch(rated_w), *_inverter(rated_w)],
        LOGGER: lambda: _LOGGER,
        EMS: lambda: _ems(rated_w),
        MODULE: lambda: _MODULE,
    }
    found = tables.get(spec.type, list)()
    return {entry.code: entry for entry in found}
