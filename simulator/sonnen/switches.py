"""`/_sim/sonnen`: the batteries' switches as JSON, the app, and the reset."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..control import bad_request, json_object
from ..setting import Setting
from ..switches import Kind, check_switch
from .battery import SonnenBattery
from .configuration import WRITABLE
from .requests import ignored_by_device

if TYPE_CHECKING:
    from .server import SonnenSimulator

_CLAMPED = frozenset({"EM_USOC", "charge", "discharge"})
_BATTERY: dict[str, Kind] = {
    "token": str,
    "read_api": bool,
    "write_api": bool,
    "vpp_active": bool,
    "status_needs_token": bool,
    "empty_on_bad_token": bool,
    "online": bool,
    "frozen": bool,
    "stores_writes": bool,
    "follows": bool,
    "clamps": _CLAMPED,
    "set_point_status": int,
    "set_point_body": bool,
    "put_answer": ("echo", "true"),
    "put_body": ("both", "form", "json"),
    "reaction_delay": float,
    "readback_delay": float,
    "revives_set_point": bool,
    "separate_set_points": bool,
    "overridden_after": float,
    "backup": bool,
    "internet": bool,
    "battery_care": bool,
    "shutdown_reason": str,
    "system_warning": bool,
    "led": str,
    "broken_meters": set,
    "meter_interval": float,
    "resets_nightly": bool,
    "reset_minutes": float,
    "boot_minutes": float,
    "boot_values": ("zeros", "running"),
    "boot_meters_fail": bool,
    "boot_missing_minutes": float,
    "reset_keeps_mode": bool,
}
_VARIANT: dict[str, Kind] = {
    "missing_endpoints": set,
    "missing_keys": set,
    "remaining_key": ("RemainingCapacity_Wh", "RemainingCapacity_W"),
    "meter_shape": ("list", "dict"),
    "inverter_shape": ("flat", "nested"),
    "led_names": ("current", "old"),
    "flat_status": bool,
    "configuration_types": ("strings", "native"),
    "string_numbers": set,
    "utc_offset": bool,
}
_SWITCHES = _BATTERY | _VARIANT


def switch_routes(server: SonnenSimulator) -> list[web.RouteDef]:
    """Return the routes of `/_sim/sonnen`."""

    def named(wishes: dict[str, Any]) -> list[SonnenBattery]:
        serial = wishes.pop("system", None)
        if serial is None:
            return server.batteries
        found = [battery for battery in server.batteries if battery.serial == serial]
        if not found:
            raise bad_request(f"no such system: {serial}")
        return found

    def answer() -> web.Response:
        return web.json_response(
            {"systems": {entry.serial: _document(entry) for entry in server.batteries}}
        )

    async def get(_request: web.Request) -> web.Response:
        return answer()

    async def post(request: web.Request) -> web.Response:
        wishes = await json_object(request)
        batteries = named(wishes)
        for name, value in wishes.items():
            check_switch(_SWITCHES, name, value)
        for battery in batteries:
            battery.change(**wishes)
        return answer()

    async def app(request: web.Request) -> web.Response:
        wishes = await json_object(request)
        batteries = named(wishes)
        for key, value in wishes.items():
            if key not in WRITABLE or not isinstance(value, str):
                raise bad_request(f"{key} is no text for a key that can be written")
        for battery in batteries:
            battery.write_as_app(**wishes)
        return answer()

    async def reset(request: web.Request) -> web.Response:
        wishes = await json_object(request)
        batteries = named(wishes)
        kinds: dict[str, Kind] = {"minutes": float, "boot_minutes": float}
        for name, value in wishes.items():
            check_switch(kinds, name, value)
        for battery in batteries:
            battery.nightly_reset(**wishes)
        return answer()

    return [
        web.get("/_sim/sonnen", get),
        web.post("/_sim/sonnen", post),
        web.post("/_sim/sonnen/app", app),
        web.post("/_sim/sonnen/reset", reset),
    ]


def _document(battery: SonnenBattery) -> dict[str, Any]:
    battery.house.advance()
    switches = {name: _json(getattr(battery, name)) for name in _BATTERY}
    variant = {name: _json(getattr(battery.variant, name)) for name in _VARIANT}
    sides: dict[str, Setting[Any]] = {
        **battery.settings,
        "set_points": battery.set_points,
    }
    return {
        **switches,
        **variant,
        "url": battery.url,
        "hostname": battery.hostname,
        "writes": len(battery.writes),
        "effects": len(battery.effects),
        "stored": battery.stored,
        "shown": {key: setting.shown for key, setting in sides.items()},
        "active": {key: setting.active for key, setting in sides.items()},
        "usoc": battery.usoc,
        "reachable": battery.reachable,
        "booting": battery.booting,
        "ignored_by_device": ignored_by_device(battery),
    }


def _json(value: object) -> object:
    return sorted(value) if isinstance(value, set) else value
