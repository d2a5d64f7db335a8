"""What can be set on a device, by the names with which it is read back (6.2 to 6.8).

Values are what the details of V1 have: numbers, times as "H:M" without padding.
"""

from typing import TYPE_CHECKING, Any

from .families import Family

if TYPE_CHECKING:
    from .home import DeviceSpec

SEGMENTS = range(1, 10)
PERIODS = range(1, 4)

_COMMON: dict[str, Any] = {
    "onOff": 1,
    "activeRate": 100,
    "reactiveRate": 0,
    "exportLimit": 0,
    "exportLimitPowerRate": 0,
    "epsFunEn": 0,
    "epsFreqSet": 0,
    "epsVoltSet": 0,
}


def _min() -> dict[str, Any]:
    settings = _COMMON | {
        "acChargeEnable": 0,
        "chargePowerCommand": 100,
        "disChargePowerCommand": 100,
        "wchargeSOCLowLimit": 100,
        "wdisChargeSOCLowLimit": 10,
        "onGridDischargeStopSOC": 10,
        "ubAcChargingStopSOC": 100,
        "ubPeakShavingBackupSOC": 0,
    }
    for slot in SEGMENTS:
        settings |= {
            f"time{slot}Mode": 0,
            f"forcedTimeStart{slot}": "0:0",
            f"forcedTimeStop{slot}": "0:0",
            f"forcedStopSwitch{slot}": 0,
        }
    return settings


def _powers() -> dict[str, Any]:
    settings = _COMMON | {
        "chargePowerCommand": 100,
        "disChargePowerCommand": 100,
        "wchargeSOCLowLimit1": 100,
        "wchargeSOCLowLimit2": 100,
        "wdisChargeSOCLowLimit1": 10,
        "wdisChargeSOCLowLimit2": 10,
    }
    for period in PERIODS:
        settings |= {
            f"forcedChargeTimeStart{period}": "0:0",
            f"forcedChargeTimeStop{period}": "0:0",
            f"forcedDischargeTimeStart{period}": "0:0",
            f"forcedDischargeTimeStop{period}": "0:0",
        }
    return settings


def _sph() -> dict[str, Any]:
    settings = _powers() | {"acChargeEnable": 0, "loadFirstStopSocSet": 10}
    for period in PERIODS:
        settings |= {
            f"forcedChargeStopSwitch{period}": 0,
            f"forcedDischargeStopSwitch{period}": 0,
        }
    return settings


def _spa() -> dict[str, Any]:
    # The mains flag is in the V1 layout of the write only (6.5)
    settings = _powers() | {"acChargeEnable": 1}
    for period in PERIODS:
        settings |= {
            f"batFirstSwitch{period}": 0,
            f"gridFirstSwitch{period}": 0,
            f"loadFirstStartTime{period}": "0:0",
            f"loadFirstStopTime{period}": "0:0",
            f"loadFirstSwitch{period}": 0,
        }
    return settings


def _noah(rated_w: int) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "onOff": 1,
        "defaultPower": rated_w // 4,
        "defaultMode": 0,
        "chargingSocHighLimit": 100,
        "chargingSocLowLimit": 10,
        "allowGridCharging": 0,
        "gridConnectionControl": 0,
    }
    for slot in SEGMENTS:
        settings |= {
            f"time{slot}Enable": 0,
            f"time{slot}Start": "0:0",
            f"time{slot}End": "0:0",
            f"time{slot}Mode": 0,
            f"time{slot}Power": 0,
        }
    return settings


def _storage() -> dict[str, Any]:
    # The reference has no read-back names: single parameters are read by their type
    return {
        "storage_cmd_on_off": "0001",
        "storage_cmd_mode": "0",
        "storage_cmd_forced_discharge_enable": "1",
        "storage_cmd_forced_discharge_time1": "0_0_0_0",
        "storage_ac_charge_enable_disenable": "0",
        "storage_ac_charge_hour_start": "0_0_0_0",
        "storage_ac_charge_soc_limit": "80",
        "storage_lithium_battery": "10",
    }


def initial_settings(spec: DeviceSpec) -> dict[str, Any]:
    """Return the settings with which a device is handed over."""
    match spec.family:
        case Family.MIN if spec.has_settings:
            return _min()
        case Family.SPH:
            return _sph()
        case Family.SPA:
            return _spa()
        case Family.NOAH:
            return _noah(spec.rated_w)
        case Family.STORAGE:
            return _storage()
        case _:
            return dict(_COMMON)


def minute_of(text: Any) -> int | None:
    """Return the minute of the day of "H:M"; None for garbage."""
    hours, colon, minutes = str(text).partition(":")
    if not (colon and hours.isdigit() and minutes.isdigit()):
        return None
    minute = int(hours) * 60 + int(minutes)
    return minute if int(hours) < 24 and int(minutes) < 60 else None


CLAMPED = frozenset(
    {
        "chargePowerCommand",
        "disChargePowerCommand",
        "wchargeSOCLowLimit",
        "wchargeSOCLowLimit2",
        "wdisChargeSOCLowLimit",
        "wdisChargeSOCLowLimit2",
        "onGridDischargeStopSOC",
        "ubAcChargingStopSOC",
        "activeRate",
        "defaultPower",
        "chargingSocHighLimit",
        "chargingSocLowLimit",
    }
)
"""What an inverter can be made to store less of."""
