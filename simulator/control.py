"""The HTTP side door `/_sim/`: house, faults, counters, truth and clock as JSON."""

from dataclasses import asdict, fields
from datetime import date
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .faults import MISSING, Fault
from .house import House

if TYPE_CHECKING:
    from .server import Simulator

_OVERRIDES = {
    "pv": "pv_w",
    "load": "load_w",
    "soc": "soc",
    "grid": "grid",
    "ev_plugged": "ev_plugged",
}


def control_routes(simulator: Simulator) -> list[web.RouteDef]:
    """Return the routes that every simulator has."""
    control = _Control(simulator)
    return [
        web.get("/_sim/", control.get_index),
        web.get("/_sim/house", control.get_house),
        web.post("/_sim/house", control.post_house),
        web.get("/_sim/faults", control.get_faults),
        web.post("/_sim/faults", control.post_fault),
        web.delete("/_sim/faults", control.delete_faults),
        web.get("/_sim/counters", control.get_counters),
        web.delete("/_sim/counters", control.delete_counters),
        web.get("/_sim/truth", control.get_truth),
        web.get("/_sim/clock", control.get_clock),
    ]


async def json_object(request: web.Request) -> dict[str, Any]:
    """Return the object in a request's body; raises HTTPBadRequest without one."""
    try:
        document = json.loads(await request.text())
    except ValueError as err:
        raise bad_request(f"not JSON: {err}") from err
    if not isinstance(document, dict):
        raise bad_request("the body is one JSON object")
    return document


def bad_request(reason: str) -> web.HTTPBadRequest:
    """Return the exception for a wrong request to `/_sim/`."""
    return web.HTTPBadRequest(
        text=json.dumps({"error": reason}), content_type="application/json"
    )


class _Control:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def _houses(self, home: object) -> dict[str, House]:
        houses = self._simulator.houses
        if home is None:
            return houses
        if not isinstance(home, str) or home not in houses:
            raise bad_request(f"no such home: {home}; there are {', '.join(houses)}")
        return {home: houses[home]}

    async def get_index(self, request: web.Request) -> web.Response:
        routes = request.app.router.routes()
        calls = {
            f"{route.method} {route.resource.canonical}"
            for route in routes
            if route.resource is not None and route.method != "HEAD"
        }
        return web.json_response(
            {
                "homes": list(self._simulator.houses),
                "calls": sorted(call for call in calls if "/_sim/" in call),
            }
        )

    async def get_house(self, request: web.Request) -> web.Response:
        return self._house_answer(self._houses(request.query.get("home")))

    async def post_house(self, request: web.Request) -> web.Response:
        wishes = await json_object(request)
        houses = self._houses(wishes.pop("home", None))
        if unknown := wishes.keys() - _OVERRIDES:
            raise bad_request(f"unknown: {', '.join(sorted(unknown))}")
        for key, value in wishes.items():
            switch = key in {"grid", "ev_plugged"}
            if value is not None and (
                isinstance(value, bool) is not switch
                or not isinstance(value, int | float)
                or value < 0
            ):
                kind = "true or false" if switch else "a number from 0"
                raise bad_request(f"{key} is {kind} or null")
        for house in houses.values():
            house.override(**{_OVERRIDES[key]: wishes[key] for key in wishes})
        return self._house_answer(houses)

    def _house_answer(self, houses: dict[str, House]) -> web.Response:
        return web.json_response(
            {
                serial: {
                    "state": live_document(house),
                    "overrides": asdict(house.overrides),
                }
                for serial, house in houses.items()
            }
        )

    async def get_faults(self, _request: web.Request) -> web.Response:
        return web.json_response(
            [_fault_document(fault) for fault in self._simulator.faults.active]
        )

    async def post_fault(self, request: web.Request) -> web.Response:
        options = await json_object(request)
        if options.pop("missing", False):
            options["value"] = MISSING
        options.pop("number", None)
        try:
            fault = self._simulator.faults.add(**options)
        except (TypeError, ValueError) as err:
            raise bad_request(str(err)) from err
        return web.json_response(_fault_document(fault))

    async def delete_faults(self, request: web.Request) -> web.Response:
        faults = self._simulator.faults
        number = request.query.get("number")
        if number is None:
            faults.clear()
        elif not number.isdigit() or not faults.remove(int(number)):
            raise bad_request(f"no fault has the number {number}")
        return await self.get_faults(request)

    async def get_counters(self, request: web.Request) -> web.Response:
        counters = self._simulator.counters
        matching = counters.requests(
            request.query.get("endpoint", "*"), system=request.query.get("system")
        )
        return web.json_response(
            {
                "by_endpoint": counters.by_endpoint(),
                "requests": [
                    {**asdict(entry), "at": entry.at.isoformat()} for entry in matching
                ],
            }
        )

    async def delete_counters(self, request: web.Request) -> web.Response:
        self._simulator.counters.reset()
        return await self.get_counters(request)

    async def get_truth(self, request: web.Request) -> web.Response:
        houses = self._houses(request.query.get("home"))
        wanted = request.query.get("date")
        try:
            day = date.fromisoformat(wanted) if wanted else None
        except ValueError as err:
            raise bad_request("date is YYYY-MM-DD") from err
        return web.json_response(
            {serial: _truth(house, day) for serial, house in houses.items()}
        )

    async def get_clock(self, _request: web.Request) -> web.Response:
        now = self._simulator.clock()
        return web.json_response(
            {
                "utc": now.isoformat(),
                "homes": {
                    serial: {
                        "time_zone": house.spec.zone.key,
                        "local": now.astimezone(house.spec.zone).isoformat(),
                    }
                    for serial, house in self._simulator.houses.items()
                },
            }
        )


def live_document(house: House) -> dict[str, Any]:
    """Return the present of a house for JSON."""
    live = house.live()
    return {**asdict(live), "at": live.at.isoformat()}


def _truth(house: House, day: date | None) -> dict[str, Any]:
    shown = day or house.today()
    energy = house.energy_on(shown)
    document: dict[str, Any] = {
        "live": live_document(house),
        "date": shown.isoformat(),
        "energy": None if energy is None else asdict(energy),
        "total": asdict(house.energy_total()),
        "installed": house.installed.isoformat(),
    }
    if day is not None:
        document["records"] = [
            {**record._asdict(), "start": record.start.isoformat()}
            for record in house.records(day)
        ]
    return document


def _fault_document(fault: Fault) -> dict[str, Any]:
    document = {entry.name: getattr(fault, entry.name) for entry in fields(fault)}
    if fault.value is MISSING:
        document |= {"value": None, "missing": True}
    return document
