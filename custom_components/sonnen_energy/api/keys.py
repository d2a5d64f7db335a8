"""The configuration keys that may be written (reference sections 3.7 and 6.6).

Everything else is read only for us: ``NVM_...`` are grid-code settings in
non-volatile memory, and what other values ``EM_US_GENRATOR_TYPE`` knows is unknown.
"""

import re

OPERATING_MODE = "EM_OperatingMode"
RESERVE = "EM_USOC"
SCHEDULE = "EM_ToU_Schedule"
PROGNOSIS_CHARGING = "EM_Prognosis_Charging"
SOFTWARE = "DE_Software"
INVERTER_POWER = "IC_InverterMaxPower_w"

# Official: 0 switches the reserve off, 1 to 4 are not defined (6.3)
LOWEST_RESERVE = 5
# For tests of the firm's own people (6.2)
_TESTING_MODE = "4"

WRITABLE = frozenset(
    {
        OPERATING_MODE,
        RESERVE,
        SCHEDULE,
        PROGNOSIS_CHARGING,
        "EM_RE_ENABLE_MICROGRID",
        "EM_US_RE_ENABLE_MICROGRID",
        "EM_USER_INPUT_TIME_ONE",
        "EM_USER_INPUT_TIME_TWO",
        "EM_USER_INPUT_TIME_THREE",
        "EM_US_USER_INPUT_TIME_ONE",
        "EM_US_USER_INPUT_TIME_TWO",
        "EM_US_USER_INPUT_TIME_THREE",
        "EM_US_GEN_POWER_SET_POINT",
        "EM_CHP_Max_SOC",
        "EM_CHP_Min_SOC",
        "EM_US_CHP_Max_SOC",
        "EM_US_CHP_Min_SOC",
        "SH_HeaterOperatingMode",
        "SH_HeaterTemperatureMax",
        "SH_HeaterTemperatureMin",
    }
)

_KEY = re.compile(r"[A-Za-z0-9_]{1,64}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,3}", re.ASCII)


def is_key(key: str) -> bool:
    """Whether it can be a configuration key: it becomes part of a path."""
    return _KEY.fullmatch(key) is not None


def is_writable(key: str, value: str) -> bool:
    """Whether the battery may be sent this value of this key."""
    if key not in WRITABLE:
        return False
    if key == OPERATING_MODE:
        return _WHOLE.fullmatch(value) is not None and value != _TESTING_MODE
    if key == RESERVE:
        # 1 to 4, which nobody can ask for, may have been there before a hold.
        return _WHOLE.fullmatch(value) is not None and int(value) <= 100
    return True
