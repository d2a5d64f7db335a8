"""Settings that are written: what is accepted, and what it changes (growatt.md 6).

V1 and the app use the same types and parameters; they differ in how they refuse.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .device import Device
from .families import Family
from .parameters import (
    PARSERS,
    CommandError,
    Reason,
    check_sides,
    number,
    set_clock,
    spa_charge_v1,
)
from .settings import SEGMENTS

__all__ = [
    "AC_STOP_NAMES",
    "READ_BACK",
    "CommandError",
    "Reason",
    "check_reachable",
    "deliver",
    "execute",
    "needed",
    "number",
    "read",
    "set_clock",
]


AC_STOP_NAMES = ("ub_ac_charging_stop_soc", "ac_charge_soc_limit")


def deliver(device: Device, name: str, asked: Any, changes: Mapping[str, Any]) -> None:
    """Send checked changes to the inverter; CommandError if it cannot be reached.

    With `error_though_applied` the error comes after the effect.
    """
    check_reachable(device)
    device.write(name, asked, changes)
    if device.switches.error_though_applied:
        raise CommandError("system")


def check_reachable(device: Device) -> None:
    """Raise CommandError unless the datalogger answers."""
    if not device.online:
        offline = device.switches.offline_as == "device"
        raise CommandError("offline" if offline else "collector")


def execute(
    device: Device, kind: str, params: Sequence[str], *, classic: bool = False
) -> None:
    """Carry out `tlxSet` and its relatives; raises CommandError.

    `params` are `param1` and so on (`command_1` for inverters); missing ones are the
    caller's to refuse.
    """
    parser = PARSERS.get(device.family, {}).get(kind)
    if kind in AC_STOP_NAMES and device.switches.ac_stop_name not in {"both", kind}:
        parser = None
    if parser is None or not device.spec.has_settings:
        raise CommandError("type")
    if kind == "spa_ac_charge_time_period" and not classic:
        parser = spa_charge_v1
    changes = parser(device, params)
    check_sides(device, changes)
    deliver(device, kind, list(params), changes)


def needed(device: Device, kind: str) -> int:
    """Return how many parameters a write has to have in V1.

    A MIN wants all 19, those without a meaning empty (2.1); the groups of the others
    want theirs (6.4, 6.5).
    """
    if device.family is Family.MIN:
        return 19
    if kind == "spa_ac_charge_time_period":
        return device.switches.spa_v1_layout
    return _GROUPS.get(kind, 1)


def read(device: Device, name: str) -> str:
    """Return a single parameter as the inverter has it now; raises CommandError."""
    check_reachable(device)
    device.house.advance()
    settings = device.settings.active
    key = READ_BACK.get(device.family, {}).get(name, name)
    if key in settings:
        return str(settings[key])
    slot = name.removeprefix("time_segment")
    if device.family is Family.MIN and slot.isdigit() and int(slot) in SEGMENTS:
        return (
            f"{settings[f'time{slot}Mode']}_{settings[f'forcedTimeStart{slot}']}_"
            f"{settings[f'forcedTimeStop{slot}']}_{settings[f'forcedStopSwitch{slot}']}"
        )
    raise CommandError("type")


_GROUPS = {
    "mix_ac_charge_time_period": 18,
    "mix_ac_discharge_time_period": 17,
    "spa_ac_discharge_time_period": 17,
    "spa_load_flast": 15,
    "storage_cmd_forced_discharge_time1": 4,
    "storage_ac_charge_hour_start": 4,
}
_COMMON_KEYS = {"pv_on_off": "onOff", "pv_active_p_rate": "activeRate"}
READ_BACK: dict[Family, dict[str, str]] = {
    Family.MIN: {
        "charge_power": "chargePowerCommand",
        "charge_stop_soc": "wchargeSOCLowLimit",
        "discharge_power": "disChargePowerCommand",
        "discharge_stop_soc": "wdisChargeSOCLowLimit",
        "on_grid_discharge_stop_soc": "onGridDischargeStopSOC",
        "ac_charge": "acChargeEnable",
        "ub_ac_charging_stop_soc": "ubAcChargingStopSOC",
        "ac_charge_soc_limit": "ubAcChargingStopSOC",
        "tlx_on_off": "onOff",
        "pv_active_p_rate": "activeRate",
        "backflow_setting": "exportLimit",
        "tlx_off_grid_enable": "epsFunEn",
        "tlx_ac_discharge_frequency": "epsFreqSet",
        "tlx_ac_discharge_voltage": "epsVoltSet",
    },
    Family.SPH: _COMMON_KEYS
    | {
        "backflow_setting": "exportLimit",
        "mix_off_grid_enable": "epsFunEn",
        "mix_load_flast_value_multi": "loadFirstStopSocSet",
    },
    Family.SPA: _COMMON_KEYS | {"spa_off_grid_enable": "epsFunEn"},
    Family.MAX: _COMMON_KEYS,
    Family.INVERTER: _COMMON_KEYS,
}
"""Name of the setting that a type writes, where it writes only one."""
