"""`/_sim/amber`: switches, forced prices and the truth as JSON."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..control import bad_request, json_object
from ..switches import Kind, check_switch
from . import prices
from .limits import GROUPS
from .market import REGIONS
from .sites import Site
from .tariff import CHANNEL_TYPES

if TYPE_CHECKING:
    from .server import AmberSimulator

_SERVER: dict[str, Kind] = {
    "bad_token_status": (401, 403),
    "foreign_site_status": (403, 404),
    "unsupplied": ("empty", "not_found"),
    "resolution_honoured": bool,
    "interval_limit": ("channel", "total"),
    "horizon_hours": float,
    "blanks": ("absent", "null"),
    "range_flickers": bool,
    "midnight_minutes": float,
    "retention": ("fixed", "rolling"),
    "retention_days": int,
    "usage_future_fails": bool,
    "limits.limit": int,
    "limits.window": int,
    "limits.scope": ("token", "account", "address"),
    "limits.current": ("prices", "own", "sites_usage"),
    "limits.renewables": bool,
    "limits.headers": ("usual", "lower", "none"),
    "limits.refused_headers": ("all", "reset", "none"),
    "limits.refused_body": ("json", "text", "empty"),
    "limits.refused_extends": bool,
    "limits.storm_rate": float,
    "limits.storm_seconds": float,
    "market.error_scale": float,
    "timing.late_share": float,
    "timing.very_late_share": float,
    "timing.never_share": float,
    "timing.shift": float,
    "stream.enabled": bool,
    "stream.silent": bool,
}
_SITE: dict[str, Kind] = {
    "listed": bool,
    "status": ("pending", "active", "closed"),
    "interval_length": (5, 30, None),
    "network": str,
    "state": REGIONS,
    "outage": ("none", "actuals", "empty"),
    "hidden_channels": set,
    "feed_in_delay": float,
    "previous_missing": float,
    "information": ("present", "absent", "null"),
    "advanced": bool,
    "published_at": int,
    "withheld": set,
    "estimated_share": float,
    "estimated_days": set,
    "estimated_for": float,
    "partial_today": bool,
    "negative_kwh": bool,
}
_DAYS = {"withheld", "estimated_days"}


def switch_routes(server: AmberSimulator) -> list[web.RouteDef]:
    """Return the routes of `/_sim/amber`."""
    control = _Control(server)
    return [
        web.get("/_sim/amber", control.get),
        web.post("/_sim/amber", control.post),
        web.get("/_sim/amber/price", control.price),
        web.post("/_sim/amber/price", control.force),
        web.delete("/_sim/amber/price", control.release),
        web.post("/_sim/amber/confirm", control.confirm),
        web.post("/_sim/amber/channel", control.channel),
        web.post("/_sim/amber/correct", control.correct),
        web.post("/_sim/amber/spend", control.spend),
        web.post("/_sim/amber/close", control.close),
        web.get("/_sim/amber/truth", control.truth),
    ]


class _Control:
    def __init__(self, server: AmberSimulator) -> None:
        self._server = server

    async def get(self, _request: web.Request) -> web.Response:
        return web.json_response(_document(self._server))

    async def post(self, request: web.Request) -> web.Response:
        wishes = await json_object(request)
        table, target = _SERVER, None
        if "system" in wishes:
            table, target = _SITE, self._site(wishes.pop("system"))
        for name, value in wishes.items():
            check_switch(table, name, value)
        changes = {name: _value(name, value) for name, value in wishes.items()}
        for name, value in changes.items():
            part, _, attribute = name.rpartition(".")
            owner = target or (getattr(self._server, part) if part else self._server)
            setattr(owner, attribute, value)
        return await self.get(request)

    async def price(self, request: web.Request) -> web.Response:
        """Tell what a system's running interval costs in the end, and since when.

        `answer` is what a client gets now, with the forecasts; it costs no request.
        """
        site, now = self._site(request.query.get("system")), self._server.clock()
        truth, channels = self._server.truth, {}
        for kind in {channel.type for channel in site.channels_at(now)}:
            final_at = truth.final_at(site.id, now, kind)
            channels[kind] = {
                "per_kwh": truth.price(site.id, now, kind),
                "final_at": final_at and final_at.isoformat(),
            }
        answer = prices.current(self._server, site, {"next": "288"}, now)
        return web.json_response({"channels": channels, "answer": answer})

    async def force(self, request: web.Request) -> web.Response:
        """Set spot prices: start, end, spot, and estimate, foreseen, regions."""
        wishes = await json_object(request)
        start, end = _instant(wishes, "start"), _instant(wishes, "end")
        estimate = wishes.get("estimate")
        regions = wishes.get("regions", list(REGIONS))
        if not isinstance(regions, list) or not set(regions) <= set(REGIONS):
            raise bad_request(f"regions are of {', '.join(REGIONS)}")
        self._server.market.force(
            start,
            end,
            _number(wishes, "spot"),
            estimate=None if estimate is None else _number(wishes, "estimate"),
            foreseen=wishes.get("foreseen", True) is True,
            regions=regions,
        )
        return await self.get(request)

    async def release(self, request: web.Request) -> web.Response:
        self._server.market.release()
        return await self.get(request)

    async def confirm(self, request: web.Request) -> web.Response:
        """Say when the slot of an instant is final: at, seconds (null is never)."""
        wishes = await json_object(request)
        never = wishes.get("seconds", 0) is None
        self._server.timing.force(
            _instant(wishes, "at"), None if never else _number(wishes, "seconds")
        )
        return await self.get(request)

    async def channel(self, request: web.Request) -> web.Response:
        """Add a register: system, identifier, type."""
        wishes = await json_object(request)
        site = self._site(wishes.get("system"))
        identifier = wishes.get("identifier")
        kinds = [kind for kind in CHANNEL_TYPES if kind == wishes.get("type")]
        if not kinds or not isinstance(identifier, str):
            raise bad_request("a channel has an identifier and a type")
        site.add_channel(identifier, kinds[0])
        return await self.get(request)

    async def correct(self, request: web.Request) -> web.Response:
        """Correct a day's usage from now on: system, day, factor."""
        wishes = await json_object(request)
        site = self._site(wishes.get("system"))
        day = _parsed(date.fromisoformat, wishes.get("day"))
        site.correct(day, _number(wishes, "factor"), self._server.clock())
        return await self.get(request)

    async def spend(self, request: web.Request) -> web.Response:
        """Use up some of the budget as another client does: group, requests."""
        wishes = await json_object(request)
        group, requests = wishes.get("group"), wishes.get("requests")
        if group not in GROUPS or not isinstance(requests, int) or requests < 1:
            raise bad_request(f"requests of {', '.join(GROUPS)}")
        self._server.spend(group, requests)
        return await self.get(request)

    async def close(self, request: web.Request) -> web.Response:
        """Close the websockets."""
        await self._server.stream.close()
        return await self.get(request)

    async def truth(self, request: web.Request) -> web.Response:
        """Tell the sums of the usage of system, from start to end."""
        query = request.query
        site = self._site(query.get("system"))
        truth = self._server.truth.usage(
            site.id,
            _parsed(date.fromisoformat, query.get("start")),
            _parsed(date.fromisoformat, query.get("end")),
        )
        return web.json_response(
            {
                identifier: {
                    "type": told.type,
                    "kwh": float(told.kwh),
                    "cost": float(told.cost),
                }
                for identifier, told in truth.channels.items()
            }
        )

    def _site(self, name: object) -> Site:
        if not isinstance(name, str) or name not in self._server.sites:
            raise bad_request(f"no such system: {name}")
        return self._server.sites[name]


def _value(name: str, value: Any) -> Any:
    if name in _DAYS:
        return {_parsed(date.fromisoformat, text) for text in value}
    return set(value) if name == "hidden_channels" else value


def _parsed[T](parse: Callable[[str], T], text: object) -> T:
    try:
        return parse(str(text))
    except ValueError as err:
        raise bad_request(f"not a date: {text}") from err


def _instant(wishes: dict[str, Any], name: str) -> datetime:
    at = _parsed(datetime.fromisoformat, wishes.get(name))
    if at.tzinfo is None:
        raise bad_request(f"{name} has a time zone")
    return at


def _number(wishes: dict[str, Any], name: str) -> float:
    value = wishes.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_request(f"{name} is a number")
    return float(value)


def _document(server: AmberSimulator) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name in _SERVER:
        part, _, attribute = name.rpartition(".")
        told[name] = getattr(getattr(server, part) if part else server, attribute)
    return {
        **told,
        "refused": dict(server.limits.refused),
        "most": dict(server.limits.most),
        "connections": server.stream.connections,
        "accounts": {
            account.name: {
                "tokens": sorted(account.tokens),
                "sites": account.sites and sorted(account.sites),
            }
            for account in server.accounts
        },
        "systems": {
            site.id: {name: _json(getattr(site, name)) for name in ("nmi", *_SITE)}
            for site in server.sites.values()
        },
    }


def _json(value: object) -> object:
    return sorted(str(each) for each in value) if isinstance(value, set) else value
