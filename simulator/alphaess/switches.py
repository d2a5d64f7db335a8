"""`/_sim/alphaess`: the vendor's switches as JSON."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..control import bad_request, json_object
from ..setting import Setting
from ..switches import Kind, check_switch
from . import schedules
from .inverter import is_live_period
from .schedules import Settings
from .system import AlphaSystem

if TYPE_CHECKING:
    from .server import AlphaEssSimulator

_BLANK = ("zeros", "nulls", "none")
_CLAMPED = frozenset(
    {"batHighCap", "batUseCap", "chargeLimit", "chargePower", "currentsetting"}
)
_SERVER: dict[str, Kind] = {
    "language": ("en", "zh"),
    "clock_error_code": (6006, 6009),
    "whitelisted": bool,
    "calls_per_second": int,
    "write_gap": float,
    "list_as_object": bool,
    "code_in_answer": bool,
}
_SYSTEM: dict[str, Kind] = {
    "registered": bool,
    "online": bool,
    "live": ("full", "null"),
    "frozen": bool,
    "pload_glitches": int,
    "five_minute_pv_zero": bool,
    "load_spikes": bool,
    "series_order": ("newest_first", "oldest_first", "shuffled"),
    "series_noise": bool,
    "midnight_blank_minutes": int,
    "midnight_blank": _BLANK,
    "before_installation": (*_BLANK, "6016"),
    "income": bool,
    "money_type": str,
    "periodic_read": bool,
    "periodic_write": bool,
    "governing": ("legacy", "periodic"),
    "stores_writes": bool,
    "follows": bool,
    "clamps": _CLAMPED,
    "refuses_off_grid": bool,
    "reaction_delay": float,
    "readback_delay": float,
}


def switch_routes(server: AlphaEssSimulator) -> list[web.RouteDef]:
    """Return the routes of `/_sim/alphaess`."""

    async def get(_request: web.Request) -> web.Response:
        return web.json_response(_document(server))

    async def post(request: web.Request) -> web.Response:
        wishes = await json_object(request)
        serial = wishes.pop("system", None)
        target: object = server
        table = _SERVER
        if serial is not None:
            table = _SYSTEM
            target = server.systems.get(serial) if isinstance(serial, str) else None
        if target is None:
            raise bad_request(f"no such system: {serial}")
        for name, value in wishes.items():
            check_switch(table, name, value)
        for name, value in wishes.items():
            setattr(target, name, value)
        return web.json_response(_document(server))

    return [web.get("/_sim/alphaess", get), web.post("/_sim/alphaess", post)]


def _document(server: AlphaEssSimulator) -> dict[str, Any]:
    return {
        **{name: getattr(server, name) for name in _SERVER},
        "accounts": {
            account.app_id: sorted(account.bound)
            for account in server.accounts.values()
        },
        "systems": {
            serial: _system_document(system)
            for serial, system in server.systems.items()
        },
    }


def _system_document(system: AlphaSystem) -> dict[str, Any]:
    system.house.advance()
    return {
        **{name: getattr(system, name) for name in _SYSTEM},
        "check_code": system.home.check_code,
        "verification_code": system.verification_code,
        "writes": len(system.writes),
        "effects": len(system.effects),
        "household": _setting(system.household),
        "charge": _setting(system.charge),
        "discharge": _setting(system.discharge),
        "periodic": _setting(system.periodic),
        "ignored_by_device": ignored_by_device(system),
    }


def _setting(setting: Setting[Settings]) -> dict[str, Any]:
    return {
        "stored": setting.stored,
        "shown": setting.shown,
        "active": setting.active,
    }


def ignored_by_device(system: AlphaSystem) -> list[str]:
    """Return what was accepted of both stores and will never be acted on."""
    ignored = []
    for setting, shape in (
        (system.charge, schedules.CHARGE),
        (system.discharge, schedules.DISCHARGE),
    ):
        for begin, end in shape.windows:
            first, last = setting.stored[begin], setting.stored[end]
            if first != last and not schedules.is_followed(first, last):
                ignored.append(f"{begin} {first} - {end} {last}")
    for name in ("chargeTimeList", "dischargeTimeList"):
        ignored += [
            f"{name} {period['beginTime']} - {period['endTime']}"
            for period in system.periodic.stored[name]
            if not is_live_period(period)
        ]
    return ignored
