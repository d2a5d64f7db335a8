"""`noahDeviceApi`: NOAH on the phone, with a session or a token (3.F and 6.7)."""

from collections.abc import Callable

from aiohttp import web

from ..commands import CommandError, deliver, number
from ..families import Family
from ..payloads import noah
from .protocol import Call, result, shot_of

type Changes = Callable[[str, str, str, int], dict[str, int]]
"""Takes type, both parameters and the rated power; raises CommandError."""


def status(call: Call) -> web.Response:
    """`getSystemStatus`; older firmware says the units too."""
    device = call.device("deviceSn", Family.NOAH)
    if device.switches.nexa:
        return result(None)
    plant = call.account.plant_of(device)
    document = noah.app_status(device, shot_of(device), units=call.server.noah_units)
    return result(
        document | {"plantId": str(plant.id), "status": "1" if device.online else "-1"}
    )


def nexa_status(call: Call) -> web.Response:
    """`getSystemStatus` of a NEXA."""
    device = call.device("deviceSn", Family.NOAH)
    plant = call.account.plant_of(device)
    document = noah.nexa_status(device, shot_of(device))
    return result(
        document | {"plantId": str(plant.id), "status": "1" if device.online else "-1"}
    )


def nexa_info(call: Call) -> web.Response:
    """`getNexaInfoBySn`: what a NOAH says, by another name."""
    device = call.device("deviceSn", Family.NOAH)
    plant = call.account.plant_of(device)
    place = {"plantId": str(plant.id), "plantName": plant.name}
    shown = device.settings.shown
    more = {
        "allowGridCharging": str(shown.get("allowGridCharging", 0)),
        "gridConnectionControl": str(shown.get("gridConnectionControl", 0)),
        "defaultMode": str(shown.get("defaultMode", 0)),
    }
    return result({"noah": noah.app_info(device) | place | more, "plantList": [place]})


def info(call: Call) -> web.Response:
    """`getNoahInfoBySn`."""
    device = call.device("deviceSn", Family.NOAH)
    if device.switches.nexa:
        return result(None)
    plant = call.account.plant_of(device)
    place = {"plantId": str(plant.id), "plantName": plant.name}
    return result(
        {"noah": noah.app_info(device) | place, "plantList": [place], "unitList": {}}
    )


def batteries(call: Call) -> web.Response:
    """`getBatteryData`."""
    device = call.device("deviceSn", Family.NOAH)
    return result(noah.app_batteries(device, shot_of(device)))


def write(call: Call) -> web.Response:
    """`set`: `default_power` or `charging_soc`, the latter always with both limits."""
    if call.device("serialNum", Family.NOAH).switches.nexa:
        return result(None, code=0, message="504")
    return _write(call, _noah_changes)


def write_nexa(call: Call) -> web.Response:
    """`set` of a NEXA, which has more types."""
    return _write(call, _nexa_changes)


def _write(call: Call, changes_of: Changes) -> web.Response:
    device = call.device("serialNum", Family.NOAH)
    first, second = (call.parameters.get(f"param{n}", "") for n in (1, 2))
    kind = call.text("type")
    if not call.account.may_write:
        return result(None, code=0, message="501")
    try:
        changes = changes_of(kind, first, second, device.rated_w)
        deliver(device, kind, [first, second], changes)
    except CommandError as error:
        return result(None, code=0, message=str(error.reason))
    return result(None)


def _noah_changes(kind: str, first: str, second: str, rated_w: int) -> dict[str, int]:
    match kind:
        case "default_power":
            return {"defaultPower": number(first, 0, rated_w)}
        case "charging_soc":
            return {
                "chargingSocHighLimit": number(first, 70, 100),
                "chargingSocLowLimit": number(second, 0, 30),
            }
        case _:
            raise CommandError("type")


def _nexa_changes(kind: str, first: str, second: str, rated_w: int) -> dict[str, int]:
    match kind:
        case "system_out_put_power":
            mode, power = number(first, 0, 2), number(second, 0, rated_w)
            return {"defaultMode": mode, "defaultPower": power}
        case "allow_grid_charging":
            return {"allowGridCharging": number(first, 0, 1)}
        case "grid_connection_control":
            return {"gridConnectionControl": number(first, 0, 1)}
        case "never_power_off" | "light_load_enable" | "ac_couple_power_control":
            return {kind: number(first, 0, 1)}
        case "charging_soc":
            return _noah_changes(kind, first, second, rated_w)
        case _:
            raise CommandError("type")
