"""What the codes of SEMS+ mean, as slugs (reference sections 3.12 to 3.14 and 6.3).

The server's own texts may be Chinese: only these are shown. A code that a table does
not have has no slug.
"""

from collections.abc import Mapping

from ._vendor.core.client.decode import integer, text

type Codes = Mapping[int | str, str]

# With these ``-1`` is another spelling of nothing (section 3.13).
_STATION: Codes = {
    0: "offline",
    1: "running",
    2: "fault",
    3: "waiting",
    11: "constructing",
}
# 1 is a normal or online device, 5 a running one; partly guessed by others
_DEVICE: Codes = {
    -1: "disconnected",
    0: "offline",
    1: "normal",
    2: "fault",
    3: "waiting",
    5: "running",
    7: "discharging",
}
_RUNNING_MODE: Codes = {
    -1: "ai",
    1: "self_use",
    2: "pv_priority_charging",
    3: "pv_priority_export",
    4: "priority_import_power",
    5: "priority_export_power",
    6: "energy_saving",
    7: "off_grid",
    8: "battery_standby",
    9: "import_electricity",
    10: "export_electricity",
    11: "battery_charging",
    12: "battery_discharging",
    100: "backup",
    101: "tou",
    102: "tou",
    103: "delayed_charge",
    104: "delayed_charge",
    105: "peak_shaving",
    106: "peak_shaving",
    107: "pv_priority_export_power",
    255: "forced_shutdown_standby",
}
_CHARGER: Codes = {
    "charging": "charging",
    "available": "available",
    "standby": "standby",
    "offline": "offline",
    "unavailable": "unavailable",
    "evdetail_status_title_charging": "charging",
    "evdetail_status_title_waiting": "standby",
    "evdetail_status_title_offline": "offline",
}
# ``insered`` is the vendor's spelling. What the numbers of the app mean is not told.
_PLUG: Codes = {
    "available_gun_no_insered": "unplugged",
    "available_gun_no_inserted": "unplugged",
    "available_gun_insered": "plugged",
    "available_gun_inserted": "plugged",
    "prepare": "preparing",
    "finishing": "finishing",
    "finish": "finished",
    "suspended_evse": "suspended_by_charger",
    "suspended_ev": "suspended_by_car",
}
_MODE: Codes = {0: "fast", 1: "pv", 2: "pv_battery"}
_LEVEL: Codes = {
    "total_faultlevel_prompt": "prompt",
    "total_faultlevel_alarm": "alarm",
    "total_faultlevel_fault": "fault",
}

CODES: Mapping[str, Codes] = {
    "station_status": _STATION,
    "device_status": _DEVICE,
    "running_mode": _RUNNING_MODE,
    "charger_status": _CHARGER,
    "plug": _PLUG,
    "charge_mode": _MODE,
    "alarm_level": _LEVEL,
}


def _options(codes: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(CODES[codes].values()))


STATION_STATUS_OPTIONS = _options("station_status")
DEVICE_STATUS_OPTIONS = _options("device_status")
RUNNING_MODE_OPTIONS = _options("running_mode")
CHARGER_STATUS_OPTIONS = _options("charger_status")
PLUG_OPTIONS = _options("plug")
CHARGE_MODE_OPTIONS = _options("charge_mode")
ALARM_LEVEL_OPTIONS = _options("alarm_level")


def slug(codes: str, code: object) -> str | None:
    """Return what a code of a table means, None if the table does not say.

    Whole numbers may come as texts; the vendor's own spelling of words varies in case.
    """
    table = CODES[codes]
    if (whole := integer(code)) is not None:
        return table.get(whole)
    word = text(code)
    return None if word is None else table.get(word.lower())
