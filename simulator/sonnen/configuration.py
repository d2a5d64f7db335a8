"""The configuration keys: which there are, which can be written, and with what (3.7)."""

from collections.abc import Callable
import re

from .homes import Home
from .protocol import ApiError, invalid
from .schedule import KEY as SCHEDULE, check_schedule

MODE, RESERVE = "EM_OperatingMode", "EM_USOC"
# "Setting" a mode that is the vendor's own may be refused; it is a switch
MODES = ("1", "2", "6", "10", "11")

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_FLAG = re.compile(r"[01]")


def _number(low: float, high: float) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            return low <= float(text) <= high
        except ValueError:
            return False

    return fits


def _reserve(text: str) -> bool:
    # What a device does with 1 to 4 is not known; the documented range is strict
    return text.isascii() and text.isdigit() and int(text) in {0, *range(5, 101)}


def _flag(text: str) -> bool:
    return _FLAG.fullmatch(text) is not None


def _time(text: str) -> bool:
    return _TIME.fullmatch(text) is not None


_WRITABLE: dict[str, Callable[[str], bool]] = {
    RESERVE: _reserve,
    "EM_Prognosis_Charging": _flag,
    "EM_RE_ENABLE_MICROGRID": _flag,
    "EM_US_RE_ENABLE_MICROGRID": _flag,
    "EM_US_GEN_POWER_SET_POINT": _number(0, 100_000),
    "EM_CHP_Max_SOC": _number(0, 100),
    "EM_CHP_Min_SOC": _number(0, 100),
    "EM_US_CHP_Max_SOC": _number(0, 100),
    "EM_US_CHP_Min_SOC": _number(0, 100),
    "NVM_PfcFixedCosPhi": _number(0.8, 1),
    "NVM_PfcIsFixedCosPhiActive": _flag,
    "NVM_PfcIsFixedCosPhiLagging": _flag,
    "SH_HeaterOperatingMode": _flag,
    "SH_HeaterTemperatureMax": _number(0, 100),
    "SH_HeaterTemperatureMin": _number(0, 100),
    **{
        f"EM_{us}USER_INPUT_TIME_{number}": _time
        for us in ("", "US_")
        for number in ("ONE", "TWO", "THREE")
    },
}
WRITABLE = frozenset({MODE, SCHEDULE, *_WRITABLE})


def initial(home: Home) -> dict[str, str]:
    """Return all keys that a battery reports, as its installer left them."""
    return {
        "CM_MarketingModuleCapacity": str(home.module_capacity_wh),
        "CN_CascadingRole": "none",
        "DE_Software": home.software,
        MODE: "2",
        "EM_Prognosis_Charging": "0",
        "EM_RE_ENABLE_MICROGRID": "1",
        SCHEDULE: "[]",
        "EM_USER_INPUT_TIME_ONE": "08:00",
        "EM_USER_INPUT_TIME_TWO": "10:00",
        "EM_USER_INPUT_TIME_THREE": "12:00",
        RESERVE: "20",
        "EM_US_GEN_POWER_SET_POINT": "0",
        "IC_BatteryModules": str(home.modules),
        "IC_InverterMaxPower_w": str(home.power_w),
        "NVM_PfcFixedCosPhi": "1",
        "NVM_PfcIsFixedCosPhiActive": "0",
        "NVM_PfcIsFixedCosPhiLagging": "0",
        "SH_HeaterOperatingMode": "0",
        "SH_HeaterTemperatureMax": "80",
        "SH_HeaterTemperatureMin": "0",
        **home.extra,
    }


def check_value(key: str, text: str, modes: tuple[str, ...]) -> None:
    """Raise the error with which the device refuses a value.

    403 without a body for a key that cannot be written; 400 for a value that does not
    pass, with texts of our own where none is known.
    """
    if key == SCHEDULE:
        check_schedule(text)
    elif key == MODE:
        if text not in modes:
            raise invalid(key, "invalid operating mode")
    elif key not in _WRITABLE:
        raise ApiError(403, None)
    elif not _WRITABLE[key](text):
        raise invalid(key, "invalid value")
