"""All parameters (reference section 6.2), without those that are never written.

Of these there is nothing here, so that nothing can address them: thresholds and times
of the grid protection (10038-10045, 10101-10120), the rejected 10006, the duplicates
10015 and 10016, and the shutdown by 10011.
"""

from collections.abc import Iterator

from .._vendor.core.control.driver import Range
from .parameter import (
    COMMUNICATION,
    EMS,
    HYBRID,
    INVERTER,
    LOGGER,
    Form,
    Parameter,
    Unit,
)

MODE, COMMAND, POWER = (
    "energy_management_mode",
    "charge_discharge_command",
    "charge_discharge_power",
)
CHARGE_LIMIT, RESERVE = "soc_upper_limit", "soc_lower_limit"
MAX_CHARGE, MAX_DISCHARGE = "max_charging_power", "max_discharging_power"
EXPORT, EXPORT_POWER, EXPORT_RATIO = (
    "feed_in_limitation",
    "feed_in_limitation_value",
    "feed_in_limitation_ratio",
)
FORCED, FORCED_DAYS = "forced_charging", "forced_charging_days"
HEARTBEAT = "external_ems_heartbeat"
EMS_MODE, EMS_HEARTBEAT = "ems_mode", "ems_heartbeat"
WINDOWS = (1, 2)

SELF_CONSUMPTION, COMPULSORY = "self_consumption", "forced"
EXTERNAL_DISPATCH, VPP = "external_dispatch", "vpp"
CHARGE, DISCHARGE, STOP = "charge", "discharge", "stop"
WEEKDAYS, EVERY_DAY = "weekdays", "every_day"

# 174; 206 shuts a device down and 207 starts it: neither is ever sent.
REBOOT_CODE, REBOOT = "10011", "174"

_H = frozenset({HYBRID})
_P = frozenset({HYBRID, INVERTER})
_HPL = frozenset({HYBRID, INVERTER, LOGGER})
_C = frozenset({COMMUNICATION})
_LE = frozenset({LOGGER, EMS})
_COMMANDS = {"170": CHARGE, "187": DISCHARGE, "204": STOP}


def start_of(window: int) -> str:
    """Return the key of when a window of forced charging starts."""
    return f"forced_charging_{window}_start"


def end_of(window: int) -> str:
    """Return the key of when a window of forced charging ends."""
    return f"forced_charging_{window}_end"


def target_of(window: int) -> str:
    """Return the key of the charge at which a window of forced charging stops."""
    return f"forced_charging_target_soc_{window}"


def _number(
    key: str,
    code: int,
    types: frozenset[int],
    low: float,
    high: float,
    unit: Unit = Unit.NONE,
    *,
    raw: float = 1.0,
    step: float = 1.0,
    calibrated: bool = False,
    alone: bool = False,
    listed: bool = True,
    enabled: bool = False,
    lasting: bool = True,
) -> Parameter:
    return Parameter(
        key=key,
        codes=(str(code),),
        types=types,
        allowed=Range(low=low, high=high, step=step),
        unit=unit,
        raw=raw,
        calibrated=calibrated,
        alone=alone,
        listed=listed,
        enabled=enabled,
        lasting=lasting,
    )


def _switch(
    key: str,
    code: int,
    types: frozenset[int],
    *,
    listed: bool = True,
    enabled: bool = False,
    writable: bool = True,
    alone: bool = False,
    ones: frozenset[int] = frozenset(),
) -> Parameter:
    return Parameter(
        key=key,
        codes=(str(code),),
        form=Form.SWITCH,
        types=types,
        listed=listed,
        enabled=enabled,
        writable=writable,
        alone=alone,
        ones=ones,
    )


def _choice(
    key: str,
    code: int,
    types: frozenset[int],
    choices: dict[str, str],
    *,
    enabled: bool = False,
    alone: bool = False,
    lasting: bool = True,
) -> Parameter:
    return Parameter(
        key=key,
        codes=(str(code),),
        form=Form.CHOICE,
        types=types,
        choices=choices,
        enabled=enabled,
        alone=alone,
        lasting=lasting,
    )


def _time(key: str, hour: int, *, listed: bool = True) -> Parameter:
    return Parameter(
        key=key,
        codes=(str(hour), str(hour + 1)),
        form=Form.TIME,
        types=_H,
        listed=listed,
        enabled=listed,
    )


def _windows() -> Iterator[Parameter]:
    for window, code in zip(WINDOWS, (10067, 10072), strict=True):
        yield _time(start_of(window), code)
        yield _time(end_of(window), code + 2)
        yield _number(
            target_of(window), code + 4, _H, 0, 100, Unit.PERCENT, enabled=True
        )


PARAMETERS: tuple[Parameter, ...] = (
    _number(CHARGE_LIMIT, 10001, _H, 70, 100, Unit.PERCENT, raw=10, enabled=True),
    _number(RESERVE, 10002, _H, 0, 50, Unit.PERCENT, raw=10, enabled=True),
    _choice(
        MODE,
        10003,
        _H,
        {"0": SELF_CONSUMPTION, "2": COMPULSORY, "3": EXTERNAL_DISPATCH, "4": VPP},
        alone=True,
        lasting=False,
    ),
    _choice(COMMAND, 10004, _H, _COMMANDS, lasting=False),
    _number(
        POWER,
        10005,
        _H,
        0,
        100_000,
        Unit.WATT,
        step=100,
        calibrated=True,
        enabled=True,
        lasting=False,
    ),
    _switch(FORCED, 10065, _P, enabled=True),
    _choice(FORCED_DAYS, 10066, _H, {"0": WEEKDAYS, "1": EVERY_DAY}, enabled=True),
    *_windows(),
    *(
        _number(
            key,
            code,
            _H,
            100,
            100_000,
            Unit.WATT,
            raw=0.1,
            step=10,
            enabled=True,
        )
        for key, code in ((MAX_CHARGE, 10091), (MAX_DISCHARGE, 10092))
    ),
    _switch("battery_first", 10024, _H),
    _switch(EXPORT, 10012, _HPL, enabled=True, ones=frozenset({LOGGER})),
    _number(
        EXPORT_POWER,
        10013,
        _P,
        0,
        1_000_000,
        Unit.WATT,
        calibrated=True,
        enabled=True,
    ),
    _number(EXPORT_RATIO, 10014, _HPL, 0, 100, Unit.PERCENT, raw=10, enabled=True),
    _switch("limited_power_switch", 10007, _P),
    _number("active_power_limit_ratio", 10008, _P, 0, 100, Unit.PERCENT, raw=10),
    _number(HEARTBEAT, 10017, _H, 1, 1000, Unit.SECOND, lasting=False),
    _choice(
        "reactive_power_mode",
        10009,
        _P,
        {
            "85": "off",
            "161": "power_factor",
            "162": "q_t",
            "163": "q_p",
            "164": "q_u",
        },
    ),
    _number("q_t", 10010, _P, -60, 60, Unit.PERCENT, raw=10),
    _number("power_factor", 10036, _P, -1, 1, raw=1000, step=0.001),
    _switch("reactive_response", 10034, _P),
    _number(
        "reactive_regulation_time",
        10035,
        _P,
        0.1,
        600,
        Unit.SECOND,
        raw=10,
        step=0.1,
        listed=False,
    ),
    _switch("soft_start_after_fault", 10025, _P, listed=False),
    _number(
        "soft_start_after_fault_time", 10026, _P, 1, 1200, Unit.SECOND, listed=False
    ),
    _switch("soft_start", 10027, _P, listed=False),
    _number(
        "soft_start_gradient",
        10028,
        _P,
        0.05,
        100,
        Unit.PERCENT,
        raw=100,
        step=0.01,
        listed=False,
    ),
    _switch("power_gradient_control", 10029, _P, listed=False),
    _number("power_decline_gradient", 10030, _P, 1, 6000, listed=False),
    _number("power_rise_gradient", 10031, _P, 1, 6000, listed=False),
    # With it each power limit would wear the flash.
    _switch("power_setting_persistence", 10032, _P, listed=False, writable=False),
    _switch("shutdown_at_zero_limit", 10033, _P, listed=False),
    _choice(
        "ems_command",
        10082,
        _LE,
        {**_COMMANDS, "204": "forbidden"},
        alone=True,
        lasting=False,
    ),
    _number("ems_power", 10083, _LE, 0, 100_000_000, alone=True, lasting=False),
    _number(
        EMS_HEARTBEAT, 10085, _LE, 10, 1000, Unit.SECOND, alone=True, lasting=False
    ),
    _choice(
        EMS_MODE,
        10086,
        _LE,
        {"1": SELF_CONSUMPTION, "2": "time_plan", "4": VPP, "5": COMPULSORY},
        alone=True,
        lasting=False,
    ),
    _number(
        "dispatch_feed_in_ratio",
        10087,
        _LE,
        -100,
        100,
        Unit.PERCENT,
        raw=10,
        alone=True,
        listed=False,
    ),
    _switch("dispatch_feed_in", 10088, _LE, alone=True, listed=False),
    _number(
        "dispatch_feed_in_value",
        10089,
        _LE,
        -99_999_999,
        99_999_999,
        alone=True,
        listed=False,
    ),
    _switch("pv_power_limitation", 10090, _LE, ones=_LE),
    _switch("modbus_tcp", 10307, _C, ones=_C),
    # Seen in use, and not in the portal's list of today: asked for by hand only
    *(
        _time(f"discharge_window_{days}_{end}", code, listed=False)
        for days, first in (("weekday", 10048), ("weekend", 10057))
        for end, code in (("start", first), ("end", first + 2))
    ),
)

BY_KEY = {parameter.key: parameter for parameter in PARAMETERS}
_BY_NAME = {
    name: parameter
    for parameter in PARAMETERS
    for name in (parameter.key, *parameter.codes)
}


def find(name: str) -> Parameter | None:
    """Return the parameter of a key or code, None for what is never touched."""
    return _BY_NAME.get(name.strip())


def parameters_of(device_type: int) -> tuple[Parameter, ...]:
    """Return what devices of a type may have."""
    return tuple(one for one in PARAMETERS if device_type in one.types)
