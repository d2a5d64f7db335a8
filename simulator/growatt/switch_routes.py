"""`/_sim/growatt`: the vendor's switches as JSON."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..control import bad_request, json_object
from ..switches import Kind, check_switch
from .commands import AC_STOP_NAMES
from .device import Device
from .settings import CLAMPED

if TYPE_CHECKING:
    from .server import GrowattSimulator

SERVER: dict[str, Kind] = {
    "wrong_host": ("permission", "domain", "true_host"),
    "writes_elsewhere": bool,
    "v4_available": bool,
    "evening_zero": bool,
    "series_order": ("newest_first", "oldest_first"),
    "history_zone": ("server", "plant"),
    "v4_history_page": int,
    "dfc": bool,
    "unknown_device": str,
}
CLOUD: dict[str, Kind] = {
    "zone_hours": float,
    "push_seconds": float,
    "noah_push_seconds": float,
}
CLASSIC: dict[str, Kind] = {
    "plant_power_stuck": bool,
    "device_list_key": bool,
    "device_list_cut": bool,
    "money_sign": bool,
    "storage_beans": ("full", "empty", "missing"),
    "noah_units": bool,
    "padded_times": bool,
    "named_servers": bool,
    "knows_server": bool,
}
LIMITS: dict[str, Kind] = {"enforced": bool, "scope": ("endpoint", "family")}
DEVICE: dict[str, Kind] = {
    "online": bool,
    "offline_as": ("device", "collector"),
    "sleeps": bool,
    "permission": bool,
    "lost": bool,
    "lost_in_record": bool,
    "own_datalogger": ("no", "yes", "listed"),
    "vpp": bool,
    "vpp_refusal": (6, 7),
    "vpp_passing": int,
    "vpp_ended": ("cleared", "kept"),
    "executes": bool,
    "follows": bool,
    "error_though_applied": bool,
    "overlap": ("reject", "accept"),
    "ac_stop_name": ("both", *AC_STOP_NAMES),
    "periods_overlap": ("accept", "reject"),
    "spa_v1_layout": (17, 18),
    "clamps": CLAMPED,
    "reaction_delay": float,
    "readback_delay": float,
    "vpp_zero": ("hold", "self_use"),
    "vpp_floor": ("both", "own"),
    "nexa": bool,
    "has_meter": bool,
    "zero_record": bool,
    "midnight_bounce": bool,
    "noise": bool,
    "phantom_bdc2": bool,
    "soc_from_bms": bool,
    "sentinels": bool,
    "null_strings": bool,
    "nul_serials": bool,
    "garbage_times": bool,
    "pv_today": bool,
    "upper_case_discharge": bool,
    "household_wraps": bool,
    "dashboard_dips": bool,
}


def switch_routes(server: GrowattSimulator) -> list[web.RouteDef]:
    """Return the routes of `/_sim/growatt`."""

    async def get(_request: web.Request) -> web.Response:
        return web.json_response(_document(server))

    async def post(request: web.Request) -> web.Response:
        wishes = await json_object(request)
        serial = wishes.pop("device", None)
        if serial is None:
            targets = _server_targets(server)
        else:
            device = server.devices.get(serial) if isinstance(serial, str) else None
            if device is None:
                raise bad_request(f"no such device: {serial}")
            targets = [(DEVICE, device.switches)]
        table = {name: kind for kinds, _ in targets for name, kind in kinds.items()}
        for name, value in wishes.items():
            check_switch(table, name, value)
        for kinds, target in targets:
            for name in kinds.keys() & wishes.keys():
                setattr(target, name, wishes[name])
        return web.json_response(_document(server))

    return [web.get("/_sim/growatt", get), web.post("/_sim/growatt", post)]


def _server_targets(server: GrowattSimulator) -> list[tuple[dict[str, Kind], Any]]:
    return [
        (SERVER, server),
        (CLOUD, server.cloud),
        (LIMITS, server.limits),
        (CLASSIC, server.classic),
    ]


def _document(server: GrowattSimulator) -> dict[str, Any]:
    return {
        **{
            name: getattr(target, name)
            for kinds, target in _server_targets(server)
            for name in kinds
        },
        "limits_broken": server.limits.broken,
        "hosts": dict(server.urls),
        "plants": {str(plant.id): plant.name for plant in server.account.plants},
        "devices": {sn: _device(device) for sn, device in server.devices.items()},
    }


def _device(device: Device) -> dict[str, Any]:
    device.house.advance()
    return {
        **asdict(device.switches),
        "family": str(device.family),
        "model": device.model,
        "writes": len(device.writes),
        "effects": len(device.effects),
        "settings": {
            "stored": dict(device.settings.stored),
            "shown": dict(device.settings.shown),
            "active": dict(device.settings.active),
        },
        "vpp_values": {str(key): it for key, it in device.vpp.values.items()},
    }
