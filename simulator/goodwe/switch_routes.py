"""`/_sim/goodwe`: the vendor's switches as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..control import bad_request, json_object
from ..switches import Kind, check_switch

if TYPE_CHECKING:
    from .device import Device
    from .server import GoodWeSimulator

type Group = tuple[Mapping[str, Kind], Any]


def switch_routes(server: GoodWeSimulator) -> list[web.RouteDef]:
    """Return the routes of `/_sim/goodwe`.

    A wish names its group (`wire`, `session`, `cloud`, …) or a `device` by its serial
    number. `{"steal": true}` lets the phone app log in.
    """

    async def get(_request: web.Request) -> web.Response:
        return web.json_response(_document(server))

    async def post(request: web.Request) -> web.Response:
        wishes = await json_object(request)
        if wishes.pop("steal", False):
            server.session.steal()
        for kinds, target in _targets(server, wishes):
            for name in kinds.keys() & wishes.keys():
                value = wishes[name]
                setattr(target, name, set(value) if kinds[name] is set else value)
        return web.json_response(_document(server))

    return [web.get("/_sim/goodwe", get), web.post("/_sim/goodwe", post)]


def _targets(server: GoodWeSimulator, wishes: dict[str, Any]) -> list[Group]:
    """Return what the wishes may change, all of them checked."""
    groups = server.switch_groups
    group, serial = wishes.pop("group", None), wishes.pop("device", None)
    if serial is not None:
        device = server.devices.get(serial) if isinstance(serial, str) else None
        if device is None:
            raise bad_request(f"no such device: {serial}")
        targets: list[Group] = [
            (kinds, owner)
            for kinds, target in server.device_groups
            if (owner := target(device)) is not None
        ]
    elif not wishes:
        return []
    elif isinstance(group, str) and group in groups:
        targets = [groups[group]]
    else:
        raise bad_request(f"no such group: {group}; there are {', '.join(groups)}")
    table = {name: kind for kinds, _ in targets for name, kind in kinds.items()}
    for name, value in wishes.items():
        check_switch(table, name, value)
    return targets


def _document(server: GoodWeSimulator) -> dict[str, Any]:
    return {
        **{
            group: {name: _json(getattr(target, name)) for name in kinds}
            for group, (kinds, target) in server.switch_groups.items()
        },
        "urls": {"server": server.url, "gateway": server.gateway},
        "logins": asdict(server.session.logins),
        "calls": dict(server.requests.counts),
        "stations": {station.id: station.name for station in server.stations},
        "devices": {sn: _device(server, it) for sn, it in server.devices.items()},
    }


def _device(server: GoodWeSimulator, device: Device) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": device.type, "now": device.status}
    for kinds, target in server.device_groups:
        owner = target(device)
        if owner is not None:
            shown |= {name: _json(getattr(owner, name)) for name in kinds}
    if device.control is not None:
        shown |= device.control.document()
    return shown


def _json(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else value
