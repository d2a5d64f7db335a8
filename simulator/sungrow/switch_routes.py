"""`/_sim/sungrow`: the vendor's switches as JSON."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from ..control import bad_request, json_object
from ..switches import Kind, check_switch
from .cloud import CLOUD
from .device import Device
from .device_switches import DEVICE
from .switches import LOGIN, OAUTH, QUOTA, WIRE

if TYPE_CHECKING:
    from .server import SungrowSimulator

type Group = tuple[dict[str, Kind], Any]


def switch_routes(server: SungrowSimulator) -> list[web.RouteDef]:
    """Return the routes of `/_sim/sungrow`.

    A wish names its group (`wire`, `oauth`, `login`, `quota`, `cloud`) or a `device` by
    its serial number; without either it is one of `wire` or `cloud`.
    """

    async def get(_request: web.Request) -> web.Response:
        return web.json_response(_document(server))

    async def post(request: web.Request) -> web.Response:
        wishes = await json_object(request)
        for kinds, target in _targets(server, wishes):
            for name in kinds.keys() & wishes.keys():
                value = wishes[name]
                setattr(target, name, set(value) if kinds[name] is set else value)
        return web.json_response(_document(server))

    return [web.get("/_sim/sungrow", get), web.post("/_sim/sungrow", post)]


def _targets(server: SungrowSimulator, wishes: dict[str, Any]) -> list[Group]:
    """Return what the wishes may change, all of them checked."""
    groups = _groups(server)
    group, serial = wishes.pop("group", None), wishes.pop("device", None)
    if serial is not None:
        device = server.devices.get(serial) if isinstance(serial, str) else None
        if device is None:
            raise bad_request(f"no such device: {serial}")
        targets = [(DEVICE, device.switches)]
    elif group is None:
        targets = [groups["wire"], groups["cloud"]]
    elif isinstance(group, str) and group in groups:
        targets = [groups[group]]
    else:
        raise bad_request(f"no such group: {group}; there are {', '.join(groups)}")
    table = {name: kind for kinds, _ in targets for name, kind in kinds.items()}
    for name, value in wishes.items():
        check_switch(table, name, value)
    return targets


def _groups(server: SungrowSimulator) -> dict[str, Group]:
    return {
        "wire": (WIRE, server.wire),
        "oauth": (OAUTH, server.oauth),
        "login": (LOGIN, server.login),
        "quota": (QUOTA, server.quota),
        "cloud": (CLOUD, server.cloud),
    }


def _document(server: SungrowSimulator) -> dict[str, Any]:
    return {
        **{
            group: {name: _json(getattr(target, name)) for name in kinds}
            for group, (kinds, target) in _groups(server).items()
        },
        "urls": {"gateway": server.url, "web": server.web_url},
        "tokens": asdict(server.oauth.tokens),
        "calls": dict(server.quota.counts),
        "limits_broken": server.quota.broken,
        "plants": {plant.id: plant.name for plant in server.plants},
        "devices": {sn: _device(device) for sn, device in server.devices.items()},
    }


def _device(device: Device) -> dict[str, Any]:
    switches = asdict(device.switches)
    return {k: _json(v) for k, v in switches.items()} | device.document()


def _json(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else value
