"""Reading and writing of both schedule stores (alphaess.md 3.6 to 3.9)."""

from datetime import timedelta
from typing import Any

from . import codes, schedules
from .protocol import ApiError, Call
from .schedules import LegacyShape
from .system import AlphaSystem, Stored


def charge_config(call: Call) -> Any:
    """3.6 getChargeConfigInfo."""
    return _legacy_read(call.queried_system()).charge.shown


def discharge_config(call: Call) -> Any:
    """3.7 getDisChargeConfigInfo."""
    return _legacy_read(call.queried_system()).discharge.shown


def _legacy_read(system: AlphaSystem) -> AlphaSystem:
    # What a system without a battery answers is not known; 6017 says "not for you"
    if not system.has_battery:
        raise ApiError(codes.NO_PERMISSION)
    system.house.advance()
    return system


def update_charge(call: Call) -> Any:
    """3.6 updateChargeConfigInfo."""
    return _legacy_write(call, "charge", schedules.CHARGE)


def update_discharge(call: Call) -> Any:
    """3.7 updateDisChargeConfigInfo."""
    return _legacy_write(call, "discharge", schedules.DISCHARGE)


def _legacy_write(call: Call, side: Stored, shape: LegacyShape) -> None:
    (serial,) = call.required("sysSn")
    settings = schedules.legacy_settings(call.body, shape)
    system = _legacy_read(call.bound_system(serial))
    _check_device(call, system, side)
    system.write(side, settings)


def time_charge(call: Call) -> Any:
    """3.8 getTimeChargeBySn."""
    system = call.queried_system()
    if not (system.has_battery and system.periodic_read):
        raise ApiError(codes.NO_PERMISSION)
    system.house.advance()
    return schedules.periodic_answer(system.serial, system.periodic.shown)


def set_time_charge(call: Call) -> Any:
    """3.9 setTimeChargeBySn: values are checked before the entitlement."""
    (serial,) = call.required("sysSn")
    settings = schedules.periodic_settings(call.body)
    system = call.bound_system(serial)
    if not (system.has_battery and system.periodic_write):
        raise ApiError(codes.NO_PERMISSION)
    if schedules.overlaps(settings):
        raise ApiError(codes.SET_FAILED)
    _check_device(call, system, "periodic")
    system.write("periodic", settings)


def _check_device(call: Call, system: AlphaSystem, side: Stored) -> None:
    """Refuse what the system cannot take now; note the time of what it can."""
    if not system.online:
        raise ApiError(codes.OFFLINE)
    live = system.house.live()
    if system.refuses_off_grid and not live.grid:
        raise ApiError(codes.SET_FAILED)
    now = call.server.clock()
    last = system.last_write.get(side)
    gap = timedelta(seconds=call.server.write_gap)
    if last is not None and timedelta() <= now - last < gap:
        raise ApiError(codes.TOO_FAST)
    system.last_write[side] = now
