"""What the battery does with settings, segments, periods and VPP (growatt.md 6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..balance import Command, Mode
from ..house import State
from .families import Family
from .settings import PERIODS, SEGMENTS, minute_of
from .vpp import CHARGE_STOP, DISCHARGE_STOP

if TYPE_CHECKING:
    from .device import Device

type Settings = Mapping[str, Any]

LOAD_FIRST, BATTERY_FIRST, GRID_FIRST = 0, 1, 2
_HOLD = Command(mode=Mode.HOLD)


def battery_command(device: Device, local: datetime, state: State) -> Command:
    """Return what a device with a battery does at a time on its own clock."""
    settings = device.settings.active
    if not device.switches.follows:
        return Command()
    if not is_on(device):
        return _HOLD
    if device.vpp.active:
        return _remote(device, settings)
    minute = local.hour * 60 + local.minute
    match device.family:
        case Family.MIN:
            return _min(device, settings, minute, state)
        case Family.SPH:
            return _sph(device, settings, minute, state)
        case Family.SPA:
            return _spa(device, settings, minute, state)
        case Family.NOAH:
            return _noah(settings, minute, state)
        case Family.STORAGE:
            return _storage(settings, minute)
        case _:
            return Command()


def is_on(device: Device) -> bool:
    """Return whether the inverter is switched on."""
    settings = device.settings.active
    off = device.vpp.values[2] == 0 or settings.get("storage_cmd_on_off") == "0000"
    return int(settings.get("onOff", 1)) == 1 and not off


def limited(device: Device, command: Command) -> Command:
    """Return a command within the limits of one of the plant's devices.

    Switched off it gives nothing; percentages refer to its nominal power.
    """
    settings = device.settings.active
    remote = device.vpp.values
    rate = min(float(settings.get("activeRate", 100)), remote[5], remote[6])
    most = device.rated_w * rate / 100 if is_on(device) else 0.0
    if device.spec.has_battery:
        if device.spec.has_pv:
            if most < device.rated_w:
                command = replace(command, output_limit_w=most)
            if not is_on(device):
                command = replace(command, pv_limit_w=0.0)
    elif most < device.rated_w:
        command = replace(command, pv_limit_w=most)
    if int(settings.get("exportLimit", 0)):
        share = float(settings.get("exportLimitPowerRate", 0)) / 100
        command = replace(command, export_limit_w=device.rated_w * share)
    if remote[13]:
        share = max(remote[14], 0) / 100
        command = replace(command, export_limit_w=device.rated_w * share)
    return command


def _charge(watts: float, stop: float, *, grid: bool) -> Command:
    return Command(
        mode=Mode.CHARGE,
        power_w=watts,
        target_soc=stop,
        grid_charge=grid,
        solar_first=True,
    )


def _discharge(watts: float, stop: float) -> Command:
    if watts <= 0:
        return _HOLD
    return Command(mode=Mode.DISCHARGE, power_w=watts, target_soc=stop)


def _remote(device: Device, settings: Settings) -> Command:
    """Follow the remote power: + charges, from the grid too."""
    percent = device.vpp.percent
    watts = device.rated_w * abs(percent) / 100
    if percent > 0:
        return _charge(watts, device.vpp.values[CHARGE_STOP], grid=True)
    if percent < 0:
        floor = device.vpp.values[DISCHARGE_STOP]
        if device.switches.vpp_floor == "both":
            floor = max(floor, settings.get("onGridDischargeStopSOC", 0))
        return _discharge(watts, floor)
    return _HOLD if device.switches.vpp_zero == "hold" else Command()


def _in(settings: Settings, start: str, stop: str, minute: int) -> bool:
    first = minute_of(settings.get(start))
    last = minute_of(settings.get(stop))
    return first is not None and last is not None and first <= minute < last


def _watts(device: Device, settings: Settings, name: str) -> float:
    return float(device.rated_w * settings[name] / 100)


def active_segment(settings: Settings, minute: int) -> int | None:
    """Return the MIN segment that holds; the lowest of several (6.3: uncertain)."""
    for slot in SEGMENTS:
        if int(settings[f"forcedStopSwitch{slot}"]) and _in(
            settings, f"forcedTimeStart{slot}", f"forcedTimeStop{slot}", minute
        ):
            return slot
    return None


def _min(device: Device, settings: Settings, minute: int, state: State) -> Command:
    slot = active_segment(settings, minute)
    mode = LOAD_FIRST if slot is None else int(settings[f"time{slot}Mode"])
    charge_w = _watts(device, settings, "chargePowerCommand")
    discharge_w = _watts(device, settings, "disChargePowerCommand")
    top = settings["wchargeSOCLowLimit"]
    floor = settings["onGridDischargeStopSOC"]
    if mode == BATTERY_FIRST:
        grid_top = min(top, settings["ubAcChargingStopSOC"])
        if settings["acChargeEnable"] and state.soc < grid_top:
            return _charge(charge_w, grid_top, grid=True)
        return _charge(charge_w, top, grid=False)
    if mode == GRID_FIRST:
        return _discharge(discharge_w, floor)
    return Command(
        charge_limit_w=charge_w,
        discharge_limit_w=discharge_w,
        min_soc=floor,
        max_soc=max(top, floor),
    )


def active_period(settings: Settings, side: str, minute: int) -> int | None:
    """Return the enabled period of `Charge` or `Discharge` that holds."""
    spa = {"Charge": "batFirstSwitch", "Discharge": "gridFirstSwitch"}[side]
    sph = f"forced{side}StopSwitch"
    for period in PERIODS:
        flag = settings.get(f"{sph}{period}", settings.get(f"{spa}{period}", 0))
        if int(flag) and _in(
            settings,
            f"forced{side}TimeStart{period}",
            f"forced{side}TimeStop{period}",
            minute,
        ):
            return period
    return None


def _periods(device: Device, settings: Settings, minute: int) -> Command | None:
    if active_period(settings, "Charge", minute) is not None:
        return _charge(
            _watts(device, settings, "chargePowerCommand"),
            settings["wchargeSOCLowLimit2"],
            grid=bool(settings["acChargeEnable"]),
        )
    if active_period(settings, "Discharge", minute) is not None:
        return _discharge(
            _watts(device, settings, "disChargePowerCommand"),
            settings["wdisChargeSOCLowLimit2"],
        )
    return None


def _sph(device: Device, settings: Settings, minute: int, _state: State) -> Command:
    floor = max(settings["wdisChargeSOCLowLimit1"], settings["loadFirstStopSocSet"])
    top = settings["wchargeSOCLowLimit1"]
    return _periods(device, settings, minute) or Command(
        min_soc=floor, max_soc=max(top, floor)
    )


def _spa(device: Device, settings: Settings, minute: int, _state: State) -> Command:
    within = any(
        int(settings[f"loadFirstSwitch{period}"])
        and _in(
            settings,
            f"loadFirstStartTime{period}",
            f"loadFirstStopTime{period}",
            minute,
        )
        for period in PERIODS
    )
    floor = settings["wdisChargeSOCLowLimit1"]
    return _periods(device, settings, minute) or Command(
        discharge_allowed=not within,
        min_soc=floor,
        max_soc=max(settings["wchargeSOCLowLimit1"], floor),
    )


def _noah(settings: Settings, minute: int, state: State) -> Command:
    """Put out a fixed power: what the sun lacks comes from the battery."""
    mode, target = int(settings["defaultMode"]), float(settings["defaultPower"])
    for slot in SEGMENTS:
        if int(settings[f"time{slot}Enable"]) and _in(
            settings, f"time{slot}Start", f"time{slot}End", minute
        ):
            mode = int(settings[f"time{slot}Mode"])
            target = float(settings[f"time{slot}Power"])
            break
    low, high = settings["chargingSocLowLimit"], settings["chargingSocHighLimit"]
    if mode == BATTERY_FIRST:
        grid = bool(settings["allowGridCharging"])
        return _charge(10_000.0 if grid else state.pv_w, high, grid=grid)
    if mode == GRID_FIRST:
        # Smart: as much as the household takes
        return Command(min_soc=low, max_soc=max(high, low))
    if state.pv_w > target:
        return _charge(state.pv_w - target, high, grid=False)
    return _discharge(target - state.pv_w, low)


def _storage(settings: Settings, minute: int) -> Command:
    def within(name: str) -> bool:
        h1, m1, h2, m2 = (int(part) for part in settings[name].split("_"))
        return h1 * 60 + m1 <= minute < h2 * 60 + m2

    if settings["storage_ac_charge_enable_disenable"] == "1" and within(
        "storage_ac_charge_hour_start"
    ):
        stop = float(settings["storage_ac_charge_soc_limit"])
        return Command(mode=Mode.CHARGE, target_soc=stop, surplus_on_top=True)
    # 0 enables it (6.8)
    if settings["storage_cmd_forced_discharge_enable"] == "0" and within(
        "storage_cmd_forced_discharge_time1"
    ):
        return Command(mode=Mode.DISCHARGE)
    return Command()
