"""The wallbox (alphaess.md 3.13 to 3.17)."""

from datetime import timedelta
from typing import Any

from . import codes
from .homes import Charger
from .protocol import ApiError, Call, number_of
from .system import AlphaSystem

# The range of the household current is not documented; this is what clients offer
CURRENT_RANGE = (6.0, 32.0)


def chargers(call: Call) -> Any:
    """3.13 getEvChargerConfigList."""
    charger = call.queried_system().charger
    if charger is None:
        return []
    return [{"evchargerSn": charger.serial, "evchargerModel": charger.model}]


def household_current(call: Call) -> Any:
    """3.14 getEvChargerCurrentsBySn."""
    system = call.queried_system()
    if system.charger is None:
        # Not documented for a system without a wallbox
        raise ApiError(codes.NO_DATA)
    system.house.advance()
    return system.household.shown


def set_household_current(call: Call) -> Any:
    """3.15 setEvChargerCurrentsBySn; stored, the house connection stays as it is."""
    serial, current = call.required("sysSn", "currentsetting")
    amperes = float(number_of(current, "currentsetting"))
    lowest, highest = CURRENT_RANGE
    if not lowest <= amperes <= highest:
        raise ApiError(codes.PARAMETER, explanation="currentsetting")
    system = call.bound_system(serial)
    if system.charger is None:
        raise ApiError(codes.FAILED)
    if not system.online:
        raise ApiError(codes.OFFLINE)
    system.write("household", {"currentsetting": amperes})


def charger_status(call: Call) -> Any:
    """3.16 getEvChargerStatusBySn."""
    serial = call.parameter("evchargerSn")
    system = call.queried_system()
    charger = system.charger
    if charger is None or charger.serial != serial:
        # Not documented for a wallbox of somebody else
        raise ApiError(codes.NO_DATA)
    if not system.online:
        raise ApiError(codes.OFFLINE)
    return {"evchargerStatus": status_of(system, charger)}


def status_of(system: AlphaSystem, charger: Charger) -> int:
    """Return the status: 1 free, 2 plugged, 3 charging, 4 to 6 paused, 9 faulted."""
    car = system.house.live().car
    if charger.faulted:
        return 9
    if not car.plugged:
        return 1
    if car.power_w > 0:
        return 3
    if car.wanted_wh <= 0:
        return 5
    if car.enabled:
        return 4
    return 6 if car.charged_wh > 0 else 2


def control_charger(call: Call) -> Any:
    """3.17 remoteControlEvCharger."""
    serial, charger_serial, mode = call.required("sysSn", "evchargerSn", "controlMode")
    mode = number_of(mode, "controlMode")
    if mode not in {0, 1}:
        raise ApiError(codes.PARAMETER, explanation="controlMode")
    system = call.bound_system(serial)
    charger = system.charger
    if charger is None or charger.serial != charger_serial:
        raise ApiError(codes.FAILED)
    if not system.online:
        raise ApiError(codes.OFFLINE)
    accepted = system.note_write("charger", {"controlMode": mode})
    if charger.faulted or not (
        charger.follows and system.follows and system.stores_writes
    ):
        return
    house = system.house
    at = accepted + timedelta(seconds=charger.reaction_delay)

    def obey() -> None:
        before = house.car_enabled
        house.set_car_enabled(enabled=mode == 1)
        system.journal.effect(at, "charger", before, house.car_enabled)

    house.call_at(at, obey)
